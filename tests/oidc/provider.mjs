// SPDX-License-Identifier: Apache-2.0
// A real OpenID Connect provider (npm oidc-provider) on this machine, with its own page for signing in.
//
//   node provider.mjs PORT REDIRECT_URI
//
// Anyone who signs in as NAME is in the group "fb-NAME". POST /test with a JSON object changes what
// its tokens say from then on: {"claims": {...}, "without": [...], "header": {...}, "unsigned": true,
// "called": "...",
// "rotate": true}; {} makes them right again.
import { createSign, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [port, redirectUri] = process.argv.slice(2);
let keys = [];
let changes = {};
let provider;

function newKey(kid) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  keys = [{ kid, pem: privateKey, jwk: { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" } }];
}

function newProvider() {
  provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{ client_id: "firebreak", client_secret: "not/so secret", redirect_uris: [redirectUri] }],
    jwks: { keys: keys.map((key) => key.jwk) },
    cookies: { keys: ["for tests alone"] },
    claims: { openid: ["sub", "groups"], profile: ["preferred_username"], email: [] },
    conformIdTokenClaims: false,
    findAccount: (_, name) => ({ accountId: name, claims: () => ({ sub: name, groups: [`fb-${name}`, "everyone"],
      preferred_username: changes.called ?? name }) }),
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.body?.id_token) ctx.body.id_token = changed(ctx.body.id_token);
  });
}

// The token that the provider made, with the changes, signed again with the provider's own key.
function changed(token) {
  if (Object.keys(changes).length === 0) return token;
  const [header, claims] = token.split(".").slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url")));
  Object.assign(header, changes.header);
  Object.assign(claims, changes.claims);
  for (const name of changes.without ?? []) delete claims[name];
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  if (changes.unsigned) return `${text}.`;
  return `${text}.${createSign("sha256").update(text).sign(keys[0].pem).toString("base64url")}`;
}

newKey("key-1");
newProvider();
createServer(async (request, answer) => {
  if (request.url !== "/test") return provider.callback()(request, answer);
  let body = "";
  for await (const part of request) body += part;
  changes = JSON.parse(body);
  if (changes.rotate) {
    newKey(`key-${Date.now()}`);
    newProvider();
    changes = {};
  }
  answer.end("{}");
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
