// SPDX-License-Identifier: Apache-2.0
// The components (src/web/components) give what govuk-frontend gives: the worked examples that it ships, as DOM in
// Chromium. And no value in any option becomes part of a page: each text of each example is replaced in turn by
// hostile ones.
//
//   node --test tests/browser/components.test.mjs      (FIREBREAK_COMPONENTS names another web_components)
//
// Besides, the examples that hold HTML are compared with that HTML taken for our own.
//
// An example counts as text-only when no option, however deep, is HTML by its name (html, titleHtml, caller, slots):
// our components take HTML only from our own code, so a page cannot give these as JSON. Hidden examples count.
// Two DOMs are the same when they have the same elements in the same order, each with the same attributes in any
// order and the same text. White space is as a browser shows it: runs are one space, none stands at the ends of an
// element or alone between two; in a textarea it is kept.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { binary, launch, root } from "./server.mjs";

const program = process.env.FIREBREAK_COMPONENTS ?? join(dirname(binary), "web_components");
const used = [
  "back-link", "breadcrumbs", "button", "character-count", "checkboxes", "date-input", "details", "error-message",
  "error-summary", "exit-this-page", "fieldset", "generic-header", "hint", "input", "inset-text", "label",
  "notification-banner", "pagination", "panel", "password-input", "phase-banner", "radios", "select",
  "service-navigation", "skip-link", "summary-list", "table", "tabs", "tag", "task-list", "textarea", "warning-text",
];
// As many as govuk-frontend 6.6.0 has of the components used; another version changes them.
const textOnly = 522;
const all = 616;

function examplesOf(component) {
  const file = join(root, "ui/node_modules/govuk-frontend/dist/govuk/components", component, "fixtures.json");
  assert.ok(existsSync(file), "run `npm ci` in ui/ (with its development dependencies)");
  return JSON.parse(readFileSync(file, "utf8")).fixtures.map((fixture) => ({ component, ...fixture }));
}

const isHtml = (name) => /html$/i.test(name) || name === "caller" || name === "slots";
const holdsHtml = (value) => value !== null && typeof value === "object" &&
  Object.entries(value).some(([name, inner]) => (!Array.isArray(value) && isHtml(name)) || holdsHtml(inner));

function render(asked, trusted = false) {
  const input = asked.map(({ component, options }) => `${JSON.stringify({ component, options, trusted })}\n`).join("");
  const done = spawnSync(program, { input, encoding: "utf8", maxBuffer: 2 ** 30 });
  assert.equal(done.status, 0, `${program}: ${done.error ?? done.stderr}`);
  return done.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
}

// Runs in the browser. `skeleton` leaves out texts and the values of attributes.
function normalise([markups, skeleton]) {
  const write = (node) => {
    const attributes = [...node.attributes].map(({ name, value }) => (skeleton ? name : `${name}=${JSON.stringify(value)}`));
    const children = [];
    if (node.localName === "textarea") {
      children.push(skeleton ? "" : JSON.stringify(node.value));
    } else {
      const nodes = [...node.childNodes].filter((child) => child.nodeType === 1 || child.nodeType === 3 && /\S/.test(child.data));
      nodes.forEach((child, i) => {
        if (child.nodeType === 1) return children.push(write(child));
        let text = child.data.replace(/\s+/g, " ");
        if (i === 0) text = text.trimStart();
        if (i === nodes.length - 1) text = text.trimEnd();
        if (!skeleton) children.push(JSON.stringify(text));
      });
    }
    return `<${node.localName} ${attributes.sort().join(" ")}>${children.join("")}</${node.localName}>`;
  };
  return markups.map((markup) => write(new DOMParser().parseFromString(markup, "text/html").body));
}

// Runs in the browser: what would run, load or lead to a script.
function dangers(markups) {
  const found = [];
  markups.forEach((markup, i) => {
    const page = new DOMParser().parseFromString(markup, "text/html");
    for (const node of page.querySelectorAll("*")) {
      if (["script", "img", "iframe", "style", "object"].includes(node.localName)) found.push([i, node.localName]);
      for (const { name, value } of node.attributes) {
        if (/^on|^style$|^src|^formaction$/i.test(name)) found.push([i, name]);
        if (/^(href|action)$/.test(name)) {
          const address = new URL(value, "https://firebreak.example/");
          if (!["http:", "https:", "mailto:", "tel:"].includes(address.protocol)) found.push([i, value]);
        }
      }
    }
  });
  return found;
}

let browser;
let page;
before(async () => {
  browser = await launch();
  page = await (await browser.newContext()).newPage();
});
after(() => browser?.close());

// Which examples are not rendered as govuk-frontend renders them, each with both renderings.
async function differing(asked, trusted) {
  const ours = await page.evaluate(normalise, [render(asked, trusted), false]);
  const theirs = await page.evaluate(normalise, [asked.map(({ html }) => html), false]);
  return asked.flatMap(({ component, name }, i) => (ours[i] === theirs[i] ? [] : [
    `${component}, “${name}”:\n  ours   ${ours[i]}\n  theirs ${theirs[i]}`]));
}

test("every text-only worked example of the components used", async (context) => {
  const examples = used.flatMap(examplesOf);
  const asked = examples.filter((example) => !holdsHtml(example.options));
  const differ = await differing(asked, false);
  context.diagnostic(`${asked.length - differ.length} of ${asked.length} text-only examples match ` +
    `(of ${examples.length} examples of ${used.length} components)`);
  assert.equal(differ.length, 0, differ.join("\n"));
  assert.deepEqual([asked.length, examples.length], [textOnly, all]);
});

test("every worked example that holds HTML, given as our own", async (context) => {
  const asked = used.flatMap(examplesOf).filter((example) => holdsHtml(example.options));
  const differ = await differing(asked, true);
  context.diagnostic(`${asked.length - differ.length} of ${asked.length} examples with HTML match`);
  assert.equal(differ.length, 0, differ.join("\n"));
});

const poisons = [
  `"><script>alert(1)</script>`, `' onmouseover='alert(1)`, `x onfocus=alert(1) y`, `javascript:alert(1)`,
  `java\tscript:alert(1)`, ` javascript:alert(1)`, `data:text/html,<script>alert(1)</script>`,
  `</textarea></title></style><script>alert(1)</script>`, `{{CSRF}}`, `<!--`, `&quot;><img src=x onerror=alert(1)>`,
  `\u202e</p><p>`, `<![CDATA[`,
];

// The paths to what is no object or list.
const pathsOf = (value) => (value === null || typeof value !== "object" ? [[]]
  : Object.entries(value).flatMap(([name, inner]) => pathsOf(inner).map((path) => [name, ...path])));

// A copy of the options with `value` at that path.
const replaced = (options, [name, ...path], value) => Object.assign(Array.isArray(options) ? [...options] : { ...options },
  { [name]: path.length === 0 ? value : replaced(options[name], path, value) });

test("no value in any option becomes part of the page", async (context) => {
  const examples = used.flatMap(examplesOf);
  // Of each option of each component three examples.
  const seen = new Map();
  const fresh = (place) => seen.set(place, (seen.get(place) ?? 0) + 1).get(place) <= 3;
  const places = examples.flatMap(({ component, options }) => pathsOf(options)
    .filter((path) => fresh(`${component} ${path.map((name) => (/^\d+$/.test(name) ? "*" : name)).join(" ")}`))
    .map((path) => ({ component, options, path })));
  const asked = (value) => places.map(({ component, options, path }) => ({ component, options: replaced(options, path, value) }));
  const plainly = asked("plain");
  const plain = await page.evaluate(normalise, [render(plainly), true]);
  for (const poison of poisons) {
    const poisoned = asked(poison);
    const markups = render(poisoned);
    const found = await page.evaluate(normalise, [markups, true]);
    const grown = poisoned.filter((_, i) => found[i] !== plain[i]);
    assert.deepEqual(grown.slice(0, 3), [], `${poison}: elements or attributes were added`);
    const danger = (await page.evaluate(dangers, markups)).map(([i, what]) => [what, poisoned[i]]);
    assert.deepEqual(danger.slice(0, 3), [], poison);
  }
  context.diagnostic(`${plainly.length} places × ${poisons.length} hostile values`);
});

test("attributes that run, load or restyle are left out, whatever their case", async () => {
  const names = ["onclick", "ONCLICK", "onmouseover", "style", "src", "srcdoc", "href", "formaction", "xlink:href",
    "a><script>", `x"y-z`, "a b-c", "", "x-=y", "-x", "on-\u0000"];
  const attributes = Object.fromEntries(names.map((name) => [name, "javascript:alert(1)"]));
  const bare = used.map((component) => ({ component, options: { text: "x", attributes: {} } }));
  const full = used.map((component) => ({ component, options: { text: "x", attributes } }));
  assert.deepEqual(render(full), render(bare));
});
