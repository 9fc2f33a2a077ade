// SPDX-License-Identifier: Apache-2.0
// Makes the folder that the server's pages are served from. Node alone; nothing is fetched.
//
//   npm ci && node build.mjs OUT [MESSAGES]
//
// OUT/templates then holds the templates, and OUT/templates/LANG those of the pages for the public in each language
// of MESSAGES/LANG.po (ui/messages; docs/translating.md), which OUT/templates/languages.json names. OUT/assets holds each style and script under a name that carries
// the digest of its content, so that a browser may keep it for ever, and manifest.json, which says which
// file stands for which logical name; beside each FILE are FILE.gz and FILE.br where these are smaller:
//
//   {"govuk-frontend.css": "govuk-frontend-1a2b3c4d5e6f.css", "firebreak.css": "...", ...}
//
// Off GOV.UK neither the GDS Transport typeface nor the crown may be used (GOV.UK Design System,
// "Typeface" and "Generic header"): both are taken out of the style sheet here, and the build stops when a
// trace of them is left.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { TRANSLATED, translated } from "./messages.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const govuk = join(here, "node_modules", "govuk-frontend");

function fail(message) {
  console.error(`build.mjs: ${message}`);
  process.exit(1);
}

function read(path, remedy) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    return fail(`cannot read ${path} (${error.code}). ${remedy}`);
  }
}

const fromGovuk = (file) => read(join(govuk, "dist", "govuk", file), "Run `npm ci` in ui/ first.");
const ours = (file) => read(join(here, file), "The repository is incomplete.");
// A source map is not served, so the line that points at one would only make a request that fails.
const withoutSourceMap = (text) => text.replace(/\n?\/[*/]# sourceMappingURL=.*$/s, "\n");

function govukStyles() {
  const css = withoutSourceMap(fromGovuk("govuk-frontend.min.css"))
    .replace(/@font-face\{[^}]*\}/g, "")
    .replace(/"?GDS Transport"?,/g, "")
    .replace(/url\(\/assets\/images\/govuk-crest\.svg\)/g, "none");
  for (const trace of ["GDS Transport", "@font-face", "url("]) {
    if (css.includes(trace)) fail(`"${trace}" is still in the style sheet: mend the patterns for this version.`);
  }
  return css;
}

const digestName = (name, content) => {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const dot = name.lastIndexOf(".");
  return `${name.slice(0, dot)}-${digest}${name.slice(dot)}`;
};

function buildAssets(out) {
  mkdirSync(out, { recursive: true });
  const manifest = {};
  const add = (name, content) => {
    manifest[name] = digestName(name, content);
    const file = join(out, manifest[name]);
    writeFileSync(file, content);
    const smaller = { ".gz": gzipSync(content, { level: 9 }), ".br": brotliCompressSync(content) };
    for (const [ending, bytes] of Object.entries(smaller)) {
      if (bytes.length < content.length) writeFileSync(file + ending, bytes);
    }
  };
  add("govuk-frontend.css", govukStyles());
  add("govuk-frontend.js", withoutSourceMap(fromGovuk("govuk-frontend.min.js")));
  add("firebreak.css", ours("styles/firebreak.css"));
  add("enabled.js", ours("scripts/enabled.js"));
  add("passkey.js", ours("scripts/passkey.js"));
  add("start.js", ours("scripts/start.js").replace("govuk-frontend.js", manifest["govuk-frontend.js"]));
  add("favicon.svg", ours("styles/favicon.svg"));
  copyFileSync(join(here, "govuk-frontend.LICENSE.txt"), join(out, "govuk-frontend.LICENSE.txt"));
  replaceManifest(out, manifest);
  return manifest;
}

// The manifest is put in place last and whole, and what only the one before it named is removed: a build
// that is interrupted leaves the old assets in use.
function replaceManifest(out, manifest) {
  const path = join(out, "manifest.json");
  let before = {};
  try {
    before = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // The first build, or a broken file: there is nothing to tidy.
  }
  writeFileSync(`${path}.new`, `${JSON.stringify(manifest, null, 2)}\n`);
  renameSync(`${path}.new`, path);
  const kept = new Set(Object.values(manifest));
  for (const file of Object.values(before)) {
    if (!/^[\w.-]+$/.test(file) || kept.has(file)) continue;
    for (const ending of ["", ".gz", ".br"]) rmSync(join(out, file + ending), { force: true });
  }
}

// A template that is no longer in the sources must not be served from an older build.
function copyTemplates(out) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const templates = readdirSync(join(here, "templates")).filter((file) => file.endsWith(".html"));
  for (const file of templates) copyFileSync(join(here, "templates", file), join(out, file));
  return templates;
}

// The translations of one language, by the template and the English text.
async function readCatalogue(file) {
  const { po } = (await import("gettext-parser")).default;
  const { headers, translations } = po.parse(readFileSync(file), { validation: true });
  const name = headers["X-Language-Name"];
  if (!name) fail(`${file}: the header X-Language-Name is missing: what the language calls itself.`);
  return { name, messages: (template) => (text) => {
    const message = translations[template]?.[text];
    return message && !message.comments?.flag?.includes("fuzzy") ? message.msgstr[0] : "";
  } };
}

async function translateTemplates(out, messages) {
  const names = {};
  const files = existsSync(messages) ? readdirSync(messages).filter((file) => /^[a-z]{2,3}\.po$/.test(file)) : [];
  for (const file of files.sort()) {
    const language = file.slice(0, -3);
    const { name, messages: of } = await readCatalogue(join(messages, file));
    names[language] = name;
    mkdirSync(join(out, language), { recursive: true });
    for (const template of TRANSLATED) {
      const faults = [];
      const text = translated(ours(`templates/${template}`), language, of(template), faults);
      if (faults.length > 0) fail(`${file}: ${template}: ${faults[0]} (${faults.length} such texts)`);
      writeFileSync(join(out, language, template), text);
    }
  }
  if (files.length > 0) writeFileSync(join(out, "languages.json"), `${JSON.stringify(names)}\n`);
  return files.length;
}

const [out, messages = join(here, "messages")] = process.argv.slice(2);
if (!out || process.argv.length > 4) fail("usage: node build.mjs OUT [MESSAGES]");
const manifest = buildAssets(join(out, "assets"));
const templates = copyTemplates(join(out, "templates"));
const languages = await translateTemplates(join(out, "templates"), messages);
console.log(`${Object.keys(manifest).length} assets, ${templates.length} templates and ${languages} other languages in ${out}`);
