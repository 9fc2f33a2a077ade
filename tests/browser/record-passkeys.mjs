// SPDX-License-Identifier: Apache-2.0
// Records what Chromium's own authenticator (Chrome DevTools Protocol, domain WebAuthn) answers, for
// src/identity/webauthn_test.cc. No test runs this; run it again when a browser answers differently:
//
//   node tests/browser/record-passkeys.mjs >src/identity/testing/passkeys.json
//
// The challenges, the site and the user are fixed, the keys new each time. The pages are served from here: there
// is no server.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const { chromium } = createRequire(join(root, "ui/package.json"))("playwright-core");

const party = { id: "localhost", name: "Firebreak", origin: "http://localhost:8123" };
const otherOrigin = "http://localhost:8124";
const digest = (text) => createHash("sha256").update(text).digest("base64url");
const challenge = digest("firebreak recorded challenge 1");
const otherChallenge = digest("firebreak recorded challenge 2");
const algorithms = { ES256: -7, EdDSA: -8, RS256: -257 };

const options = {
  protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true,
  isUserVerified: true, automaticPresenceSimulation: true,
};

async function openSite(browser, origin) {
  const page = await browser.newPage();
  const body = "<!doctype html><title>Recording</title>";
  await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(`${origin}/`);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", { options });
  return { page, devtools, authenticatorId };
}

// Each algorithm with a user of its own: an authenticator keeps one passkey of a user at a site.
function register(page, algorithm) {
  const user = {
    id: Buffer.from(`person_${algorithm}`).toString("base64url"), name: "a.officer", displayName: "A. Officer",
  };
  const publicKey = {
    rp: { id: party.id, name: party.name }, user, challenge, attestation: "none",
    pubKeyCredParams: [{ type: "public-key", alg: algorithms[algorithm] }],
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
  };
  return page.evaluate(async (json) => {
    const credential = await navigator.credentials.create(
      { publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json) });
    return credential.toJSON();
  }, publicKey);
}

function answer(frame, id, { asked = challenge, userVerification = "required" } = {}) {
  const publicKey = {
    challenge: asked, rpId: party.id, userVerification, allowCredentials: [{ type: "public-key", id }],
  };
  return frame.evaluate(async (json) => {
    const credential = await navigator.credentials.get(
      { publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json) });
    return credential.toJSON();
  }, publicKey);
}

// The same passkey asked by another site of the same name, and by this site's frame inside that one.
async function answerElsewhere(browser, { devtools, authenticatorId }, id) {
  const { credential } = await devtools.send("WebAuthn.getCredential",
    { authenticatorId, credentialId: Buffer.from(id, "base64url").toString("base64") });
  const outer = await openSite(browser, otherOrigin);
  await outer.devtools.send("WebAuthn.addCredential", { authenticatorId: outer.authenticatorId, credential });
  await outer.page.evaluate((url) => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.allow = "publickey-credentials-get *";
    frame.onload = done;
    frame.src = url;
    document.body.append(frame);
  }), `${party.origin}/`);
  return { in_frame: await answer(outer.page.frames()[1], id), on_other_origin: await answer(outer.page, id) };
}

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const site = await openSite(browser, party.origin);
const registrations = {};
for (const algorithm of Object.keys(algorithms)) registrations[algorithm] = await register(site.page, algorithm);
const { id } = registrations.ES256;
const assertions = {
  ES256: await answer(site.page, id),
  EdDSA: await answer(site.page, registrations.EdDSA.id),
  RS256: await answer(site.page, registrations.RS256.id),
  ES256_again: await answer(site.page, id),
  other_challenge: await answer(site.page, id, { asked: otherChallenge }),
  ...await answerElsewhere(browser, site, id),
};
await site.devtools.send("WebAuthn.setUserVerified", { authenticatorId: site.authenticatorId, isUserVerified: false });
assertions.not_verified = await answer(site.page, id, { userVerification: "discouraged" });
await browser.close();
process.stdout.write(`${JSON.stringify({ party, challenge, registrations, assertions }, null, 1)}
`);
