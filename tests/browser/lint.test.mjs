// SPDX-License-Identifier: Apache-2.0
// tools/lint-templates finds each thing that it is there to find, and nothing in the templates that we ship; and the
// built folder holds no trace of what may not be used off GOV.UK.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const lint = join(root, "tools/lint-templates");
const pragma = '{{%AUTOESCAPE context="HTML"}}\n';

function lintText(text, ...options) {
  const folder = mkdtempSync(join(tmpdir(), "firebreak-lint-"));
  writeFileSync(join(folder, "page.html"), text);
  const done = spawnSync(lint, [...options, folder], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return done;
}

const good = `${pragma}<p class="a{{#WIDE}} b{{/WIDE}}" id="{{ID}}">{{TEXT}}</p>
<form method="post" action="/x"><input type="hidden" name="csrf" value="{{CSRF}}"></form>
{{HTML_FIELD:x-component}}<input name="a"{{#CHOSEN}} checked{{/CHOSEN}}><script src="/assets/a.js"></script>`;

const bad = {
  "no pragma": "<p>{{TEXT}}</p>",
  "the pragma not on line 1": `\n${pragma}<p>{{TEXT}}</p>`,
  "escaping switched off": `${pragma}<p>{{TEXT:none}}</p>`,
  "escaping vouched for": `${pragma}<p>{{TEXT:safe}}</p>`,
  "a text taken for a component": `${pragma}<p>{{TEXT:x-component}}</p>`,
  "a component shown as text": `${pragma}<p>{{HTML_FIELD}}</p>`,
  "a component in a tag": `${pragma}<p title="{{HTML_FIELD:x-component}}">x</p>`,
  "a component in a title": `${pragma}<title>{{HTML_FIELD:x-component}}</title>`,
  "an attribute without quotes": `${pragma}<p id={{ID}}>x</p>`,
  "a value as an attribute's name": `${pragma}<p {{NAME}}="x">x</p>`,
  "inline script": `${pragma}<script>alert("{{TEXT}}")</script>`,
  "an event handler": `${pragma}<p onclick="go()">x</p>`,
  "inline style": `${pragma}<p style="color: red">x</p>`,
  "a style element": `${pragma}<style>p { color: red }</style>`,
  "a script address": `${pragma}<a href="javascript:go()">x</a>`,
  "a form without its token": `${pragma}<form method="post" action="/x"><input name="a"></form>`,
  "a word for people": `${pragma}<p>Report an illegal immigrant</p>`,
};

test("a good template passes", () => {
  const done = lintText(good);
  assert.equal(done.status, 0, done.stdout + done.stderr);
});

for (const [what, text] of Object.entries(bad)) {
  test(`found: ${what}`, () => {
    const done = lintText(text);
    assert.equal(done.status, 1, done.stdout + done.stderr);
    assert.match(done.stdout, /page\.html:\d+: /);
  });
}

const badDocument = {
  "a value in the style": `${pragma}<style>p { color: {{COLOUR}} }</style>`,
  "a picture for the style": `${pragma}<style>p { background: url(/a.png) }</style>`,
  "a script": `${pragma}<script src="/assets/a.js"></script>`,
  "a picture": `${pragma}<img src="/a.png" alt="">`,
  "a way out": `${pragma}<a href="/start">x</a>`,
};

test("a good document passes", () => {
  const done = lintText(`${pragma}<style>p { color: red }</style><a href="#{{ID}}">{{TEXT}}</a>`, "--documents");
  assert.equal(done.status, 0, done.stdout + done.stderr);
});

for (const [what, text] of Object.entries(badDocument)) {
  test(`found in a document: ${what}`, () => {
    const done = lintText(text, "--documents");
    assert.equal(done.status, 1, done.stdout + done.stderr);
    assert.match(done.stdout, /page\.html:\d+: /);
  });
}

test("the templates that we ship pass", () => {
  const done = spawnSync(lint, { encoding: "utf8" });
  assert.equal(done.status, 0, done.stdout);
});

test("the built pages hold no GDS Transport, no crown and no address elsewhere", () => {
  const out = mkdtempSync(join(tmpdir(), "firebreak-ui-"));
  for (let times = 0; times < 2; times += 1) execFileSync("node", [join(root, "ui/build.mjs"), out]);
  const manifest = JSON.parse(readFileSync(join(out, "assets/manifest.json"), "utf8"));
  for (const file of Object.values(manifest)) {
    assert.match(file, /-[0-9a-f]{12}\.(css|js|svg)$/);
    const text = readFileSync(join(out, "assets", file), "utf8");
    if (file.endsWith(".css")) assert.doesNotMatch(text, /GDS Transport|@font-face|url\(|crest\.svg/);
    assert.doesNotMatch(text, /sourceMappingURL/);
  }
  const names = readdirSync(join(out, "assets"));
  const plain = names.filter((name) => !/\.(br|gz)$/.test(name));
  assert.equal(plain.length, Object.keys(manifest).length + 2, "and nothing is left over");
  for (const name of names) assert.ok(plain.includes(name.replace(/\.(br|gz)$/, "")), `${name} is of nothing`);
  rmSync(out, { recursive: true });
});
