// SPDX-License-Identifier: Apache-2.0
// The message catalogue, and the pages for the public in a language that only tests have: every text of them comes
// from the catalogue but the policy's own words, which say that they are English.
//
//   node --test tests/browser/messages.test.mjs
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fault, textsOf, textsOfCode, translated, TRANSLATED } from "../../ui/messages.mjs";
import { heading, launch, openPage, root, startServer } from "./server.mjs";

const { po } = createRequire(join(root, "ui/package.json"))("gettext-parser");
const folder = mkdtempSync(join(tmpdir(), "firebreak-messages-"));
let server;
let browser;

// "Exit this page" as "⟦Éxít thís págé⟧": still to be read, and not to be taken for English. Tags and {{MARKS}} stay.
const vowels = { a: "á", e: "é", i: "í", o: "ó", u: "ú", A: "Á", E: "É", I: "Í", O: "Ó", U: "Ú" };
const pseudo = (text) => `⟦${text.replace(/\{\{[^}]*\}\}|<[^>]*>|&[a-z]+;|[aeiouAEIOU]/g, (p) => vowels[p] ?? p)}⟧`;

function pseudoCatalogue(change = (text) => text) {
  const catalogue = po.parse(readFileSync(join(root, "ui/messages/firebreak.pot")));
  catalogue.headers["X-Language-Name"] = "Pseudo";
  for (const [context, messages] of Object.entries(catalogue.translations)) {
    if (context === "") continue;
    for (const message of Object.values(messages)) message.msgstr = [change(pseudo(message.msgid), message.msgid)];
  }
  return po.compile(catalogue);
}

const buildWith = (name, catalogue) => {
  const messages = join(folder, name);
  mkdirSync(messages, { recursive: true });
  writeFileSync(join(messages, "qps.po"), catalogue);
  return spawnSync("node", [join(root, "ui/build.mjs"), join(folder, `${name}-ui`), messages], { encoding: "utf8" });
};

before(async () => {
  const built = buildWith("good", pseudoCatalogue());
  assert.equal(built.status, 0, built.stderr);
  server = await startServer({ ui: join(folder, "good-ui") });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

// The words on a page outside what says that it is English: text, what is read out, and the title.
const wordsOf = (page) => page.evaluate(() => {
  const words = [document.title.replace(" – Firebreak", "")];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) words.push(node.textContent);
    if (node.nodeType !== Node.ELEMENT_NODE || ["SCRIPT", "STYLE", "svg"].includes(node.tagName)) return;
    if (node.lang && node !== document.documentElement) return;
    for (const name of ["alt", "title", "placeholder", "aria-label"]) words.push(node.getAttribute(name) ?? "");
    for (const child of node.childNodes) walk(child);
  };
  walk(document.body);
  return words.map((text) => text.trim()).filter((text) => /\p{L}/u.test(text));
});

// What a page may hold of the force's own: its name, the policy's version.
const own = (text) => text.replaceAll("Example Police", "").replaceAll("Firebreak", "");

async function checkLanguage(page, name) {
  assert.equal(await page.evaluate(() => document.documentElement.lang), "qps");
  // A plain vowel is English, unless its sentence is marked and it is a value.
  const english = (await wordsOf(page)).filter((text) => /[aeiou]/i.test(own(text)));
  assert.deepEqual(english, [], `${name}: not from the catalogue`);
}

test("every text of the pages for the public comes from the catalogue", async () => {
  const { page } = await openPage(browser, server, { locale: "qps" });
  await page.setExtraHTTPHeaders({ "Accept-Language": "qps" });
  await page.goto("/about-your-information");
  await checkLanguage(page, "about");
  await page.goto("/test-a-case");
  await checkLanguage(page, "test a case");
  await page.getByRole("button", { name: pseudo("Start") }).click();
  await page.getByRole("button", { name: pseudo("Continue") }).click();
  assert.match(await page.title(), /^⟦Érrór: ⟧|^⟦Érrór:⟧/);
  await checkLanguage(page, "a question that was not answered");
  for (let asked = 0; asked < 30 && await page.locator("input[name=answer]").count() > 0; asked += 1) {
    await page.locator("input[name=answer]").last().check();
    await page.getByRole("button", { name: pseudo("Continue") }).click();
    await checkLanguage(page, "a question or the answer");
  }
  assert.match(page.url(), /\/test-a-case$/);
  await page.locator(".fb-answer").waitFor();
  await page.context().close();
});

test("the visitor chooses the language, and the choice is remembered", async () => {
  const { page } = await openPage(browser, server);
  await page.goto("/about-your-information");
  assert.equal(await heading(page), "About your information");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en-GB");
  const link = page.getByRole("link", { name: "Pseudo" });
  assert.equal(await link.getAttribute("lang"), "qps");
  await link.click();
  assert.equal(await heading(page), pseudo("About your information"));
  await page.goto("/test-a-case");
  assert.equal(await heading(page), pseudo("Test a case"));
  await page.goto("/sign-in");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en-GB", "not a page for the public");
  await page.goto("/test-a-case");
  await page.getByRole("link", { name: "English" }).click();
  assert.equal(await heading(page), "Test a case");
  await page.goto("/about-your-information");
  assert.equal(await heading(page), "About your information");
  await page.context().close();
});

test("the catalogue is that of the templates and the program", () => {
  execFileSync("node", [join(root, "ui/messages.mjs"), "--check"]);
  const copy = join(folder, "copy", "ui");
  cpSync(join(root, "src/web"), join(folder, "copy/src/web"), { recursive: true });
  for (const part of ["templates", "messages", "messages.mjs", "package.json"]) {
    cpSync(join(root, "ui", part), join(copy, part), { recursive: true });
  }
  cpSync(join(root, "ui/node_modules"), join(copy, "node_modules"), { recursive: true, dereference: true,
    filter: (path) => !/playwright|axe-core|govuk-frontend/.test(path) });
  writeFileSync(join(copy, "templates/new.html"), "<p>A new text.</p>");
  const checked = spawnSync("node", [join(copy, "messages.mjs"), "--check"], { encoding: "utf8" });
  assert.equal(checked.status, 1);
  assert.match(checked.stdout, /messages.mjs --write/);
  execFileSync("node", [join(copy, "messages.mjs"), "--write"]);
  execFileSync("node", [join(copy, "messages.mjs"), "--check"]);
  assert.match(readFileSync(join(copy, "messages/firebreak.pot"), "utf8"), /msgid "A new text."/);
  writeFileSync(join(folder, "copy/src/web/pages/new_pages.cc"), 'page.text("A new sentence.");\n');
  assert.equal(spawnSync("node", [join(copy, "messages.mjs"), "--check"]).status, 1);
  execFileSync("node", [join(copy, "messages.mjs"), "--write"]);
  assert.match(readFileSync(join(copy, "messages/firebreak.pot"), "utf8"),
    /#: src\/web\/pages\/new_pages.cc\n#. From the program; shown in English\nmsgctxt "pages\/new_pages.cc"\nmsgid "A new sentence."/);
});

test("what is a text of the program, and what is not", () => {
  assert.deepEqual(textsOfCode(`// Not "This comment".
    page.text("One sentence "  // in two pieces
              "of it.\\n"); const char quote = '"'; int many = 1'000;
    add("State", "state", "/people/add", "govuk-button govuk-button--warning", "Content-Type", "TITLE", "GET");
    words = R"(A "raw" sentence.)"; text(n + " was sent to " + "Location"); /* "Nor this." */ text("State");`),
  ["One sentence of it.", "State", 'A "raw" sentence.', "was sent to"]);
});

test("the pages that the program words are in the catalogue", () => {
  const texts = readFileSync(join(root, "ui/messages/firebreak.pot"), "utf8");
  for (const text of ["Draft of a policy", "Add a person", "The change is refused.", "Withdrawn by the officer"]) {
    assert.ok(texts.includes(`msgid "${text}"`), text);
  }
});

test("what is a text, and what is not", () => {
  assert.deepEqual(textsOf(`{{%AUTOESCAPE context="HTML"}}
    <p class="x">One {{N}} <strong>two</strong>.</p><p>{{VALUE}}</p><p><a href="/b">Link</a></p>
    {{#S}}In a section{{/S}}{{^T}} <img alt="A picture" src="{{SRC}}"> <script>var no = "Nothing";</script>
    <!-- No comment --><div aria-label="Read out" title="{{TITLE}}">&nbsp;–</div><li>After<br>all</li>`),
  ["One {{N}} <strong>two</strong>.", "Link", "In a section", "A picture", "Read out", "After<br>all"]);
});

test("a translation keeps placeholders and tags, and brings no markup of its own", () => {
  const text = "See <a href=\"{{LINK}}\">{{NAME}}</a>";
  assert.equal(fault(text, "<a href=\"{{LINK}}\">{{NAME}}</a> sehen"), null);
  for (const wrong of ["", "Sehen", "<a href=\"{{LINK}}\">Name</a>", "<a href=\"/x\">{{NAME}}</a> {{LINK}}",
    `${text} <script>x</script>`, `${text} <`, `${text} {{OTHER}}`]) {
    assert.ok(fault(text, wrong), wrong);
  }
  assert.ok(fault("Plain", "\" onclick=\"x"));
  const faults = [];
  assert.equal(translated("<p>One</p><p>Two</p>", "xx", (id) => (id === "One" ? "Un" : ""), faults),
    "<p>Un</p><p>Two</p>");
  assert.deepEqual(faults, ["\"Two\" is not translated"]);
});

test("a language that is not whole stops the build and says which text", () => {
  for (const [name, change, says] of [
    ["missing", (text, id) => (id === "Start again" ? "" : text), /"Start again" is not translated/],
    ["mark", (text) => text.replace("{{FORCE}}", ""), /has other \{\{PLACEHOLDERS\}\}/],
    ["markup", (text, id) => (id === "Continue" ? "<img src=x>" : text), /"Continue" has other tags/],
  ]) {
    const built = buildWith(name, pseudoCatalogue(change));
    assert.equal(built.status, 1, name);
    assert.match(built.stderr, says);
  }
  const nameless = po.parse(pseudoCatalogue());
  delete nameless.headers["X-Language-Name"];
  assert.match(buildWith("nameless", po.compile(nameless)).stderr, /X-Language-Name/);
  assert.ok(TRANSLATED.includes("layout.html"));
});
