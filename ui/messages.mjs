// SPDX-License-Identifier: Apache-2.0
// The texts of the pages' templates and of the program as a gettext catalogue, and templates in another language
// made from one.
//
//   node messages.mjs --write     writes ui/messages/firebreak.pot from ui/templates and src/web
//   node messages.mjs --check     exits 1 when it is not what --write would write
//
// A text is what stands between two tags that begin or end a block, a section mark of the template counting as
// one: so a sentence is one text, with the inline tags and {{PLACEHOLDERS}} in it, and a translator can put them
// in another order. Attributes that are read out or shown are texts too. Each stands under the template's name
// as its context. docs/translating.md is for translators.
//
// Of the C++ in src/web every string that reads as words is taken, without a mark that could be forgotten: what
// begins like a label or a sentence, and each piece of one. Its file is its context.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const catalogue = join(here, "messages", "firebreak.pot");

// A comment of the template language, a mark ({{NAME}}, {{#SECTION}}), a tag, or what stands between them.
const PIECE = /\{\{[^}]*\}\}|<!--[^]*?-->|<\/?[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>|<![^>]*>|[^<{]+|[<{]/g;
const INLINE = new Set(["a", "abbr", "b", "br", "code", "em", "i", "span", "strong"]);
// The attributes that are read out or shown.
const READ_OUT = /(\s(?:alt|title|placeholder|aria-label|aria-description|data-i18n\.[\w-]+)=")([^"]*)(")/g;
const RAW = new Set(["script", "style", "svg"]);

const tagName = (piece) => /^<\/?([a-zA-Z][\w-]*)/.exec(piece)?.[1].toLowerCase();
const isSection = (piece) => /^\{\{[#/%!>]/.test(piece);
const hasWords = (text) => /\p{L}/u.test(text.replace(/<[^>]*>|\{\{[^}]*\}\}|&[a-z]+;/g, ""));
const oneLine = (text) => text.replace(/\s+/g, " ").trim();

// Cuts a template into runs of text and what stands between them; `give` is called with each run and gives what
// stands in its place.
function eachRun(text, give) {
  let out = "";
  let run = "";
  let raw = null;
  const close = () => {
    out += hasWords(run) ? give(run) : run;
    run = "";
  };
  for (const piece of text.match(PIECE) ?? []) {
    const name = piece.startsWith("<") ? tagName(piece) : undefined;
    if (raw) {
      if (piece.startsWith("</") && name === raw) raw = null;
      out += piece;
    } else if (RAW.has(name) && !piece.startsWith("</")) {
      close();
      raw = name;
      out += piece;
    } else if (isSection(piece) || piece.startsWith("<!") || (name !== undefined && !INLINE.has(name))) {
      close();
      out += piece.replace(READ_OUT, (whole, before, value, after) =>
        (hasWords(value) ? before + give(value) + after : whole));
    } else {
      run += piece;
    }
  }
  close();
  return out;
}

// An element that is the whole of a run is not the translator's: its inside is the text.
function unwrapped(run) {
  let [, before, text, after] = /^(\s*)([^]*?)(\s*)$/.exec(run);
  for (;;) {
    const wrap = /^(<(\w+)(?:[^<>"']|"[^"]*"|'[^']*')*>)([^]*)(<\/\2>)$/.exec(text);
    if (!wrap || wrap[3].includes(`<${wrap[2]}`) || !hasWords(wrap[3])) break;
    before += wrap[1];
    after = wrap[4] + after;
    const [, head, inside, tail] = /^(\s*)([^]*?)(\s*)$/.exec(wrap[3]);
    before += head;
    after = tail + after;
    text = inside;
  }
  return { before, text, after };
}

const placeholders = (text) => text.match(/\{\{[^}]*\}\}/g) ?? [];
const tags = (text) => text.match(/<[^>]*>/g) ?? [];
const same = (a, b) => JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());

// The texts of one template, in their order.
export function textsOf(template) {
  const texts = [];
  eachRun(template, (run) => {
    const text = oneLine(unwrapped(run).text);
    if (!texts.includes(text)) texts.push(text);
    return run;
  });
  return texts;
}

// What is wrong with a translation of `text`, or nothing.
export function fault(text, translation) {
  if (!translation) return "is not translated";
  if (!same(placeholders(text), placeholders(translation))) return "has other {{PLACEHOLDERS}}";
  if (!same(tags(text), tags(translation))) return "has other tags";
  if (/[<>]/.test(translation.replace(/<[^>]*>/g, ""))) return "has a loose < or >";
  if (!text.includes('"') && translation.replace(/<[^>]*>/g, "").includes('"')) return 'has a " (write “ and ”)';
  return null;
}

// The template in another language. `messages` gives the translation of a text; `faults` collects what is wrong.
export function translated(template, language, messages, faults) {
  const out = eachRun(template, (run) => {
    const { before, text, after } = unwrapped(run);
    const id = oneLine(text);
    const translation = messages(id);
    const wrong = fault(id, translation);
    if (wrong) faults.push(`"${id}" ${wrong}`);
    return wrong ? run : before + translation + after;
  });
  return out.replace('<html lang="en-GB"', `<html lang="${language}"`);
}

// What C++ has between code and code: a comment, a raw string, a string, a character, or any other character.
const CODE = /\/\/[^\n]*|\/\*[^]*?\*\/|R"([^(\s]*)\(([^]*?)\)\1"|"((?:[^"\\\n]|\\.)*)"|'(?:[^'\\\n]|\\.)+'|\d'(?=\d)|\s+|[^]/g;
const ESCAPES = { n: "\n", t: "\t", r: "\r" };
const unescaped = (literal) => literal.replace(/\\(.)/g, (whole, sign) => ESCAPES[sign] ?? sign);

// A label or a sentence begins with a capital; a piece of one has at least two words. Names of headers, classes
// of style sheets, markup and file names are not words.
const HEADERS = new Set(["Allow", "Authorization", "Connection", "Cookie", "Date", "Forwarded", "Link", "Location", "Server", "Vary"]);
function readsAsWords(text) {
  const words = text.trim();
  if (HEADERS.has(words) || / v\d+$/.test(words)) return false;
  if (/^[A-Z][A-Za-z]*(-[A-Z][A-Za-z]*)+(: .*)?$/.test(words) || /[<>{}=]|--|\b(govuk|moj|fb)-/.test(words)) return false;
  if (/[;:,] ?[\w-]+=|\/\w+;|^(SELECT|INSERT) /.test(words)) return false;
  return /^[A-Z](?:[a-z]| [a-z"“])/.test(words) || /[a-z]{2,},? [a-z]{2,}/.test(words) || /^A: |^B: /.test(words);
}

// The texts of one C++ file, in their order. Literals that stand beside each other are one text.
export function textsOfCode(code) {
  const texts = [];
  let text = null;
  const close = () => {
    if (text !== null && readsAsWords(text) && !texts.includes(text.trim())) texts.push(text.trim());
    text = null;
  };
  for (const [piece, , raw, quoted] of code.matchAll(CODE)) {
    if (raw !== undefined || quoted !== undefined) text = (text ?? "") + (raw ?? unescaped(quoted));
    else if (!/^\s|^\/[/*]/.test(piece)) close();
  }
  close();
  return texts;
}

// The templates of the pages that are shown in other languages, and the layout around them.
export const TRANSLATED = ["about_information.html", "layout.html", "test_case.html", "test_case_answer.html",
  "test_case_question.html"];

function readTemplates() {
  const folder = join(here, "templates");
  return readdirSync(folder).filter((file) => file.endsWith(".html")).sort()
    .map((file) => [file, readFileSync(join(folder, file), "utf8")]);
}

// What a person may come to read stands in these; the rest of src speaks through them, or to an operator.
function readCode() {
  const folder = join(here, "..", "src", "web");
  return readdirSync(folder, { recursive: true }).map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /\.(cc|h)$/.test(file) && !/_(test|fuzz)\.cc$|^testing\//.test(file)).sort()
    .map((file) => [file, readFileSync(join(folder, file), "utf8")]);
}

async function compiled() {
  const { po } = (await import("gettext-parser")).default;
  const translations = { "": { "": { msgid: "", msgstr: [""] } } };
  for (const [file, template] of readTemplates()) {
    for (const text of textsOf(template)) {
      const marks = [...new Set(placeholders(text))];
      const comments = { reference: `templates/${file}` };
      if (marks.length > 0) comments.extracted = `Keep as they are: ${marks.join(" ")}`;
      if (TRANSLATED.includes(file)) comments.extracted = [comments.extracted, "For the public"].filter(Boolean).join("\n");
      (translations[file] ??= {})[text] = { msgctxt: file, msgid: text, msgstr: [""], comments };
    }
  }
  for (const [file, code] of readCode()) {
    for (const text of textsOfCode(code)) {
      const comments = { reference: `src/web/${file}`, extracted: "From the program; shown in English" };
      (translations[file] ??= {})[text] = { msgctxt: file, msgid: text, msgstr: [""], comments };
    }
  }
  const headers = { "Project-Id-Version": "Firebreak", "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": "8bit" };
  return po.compile({ charset: "utf-8", headers, translations }, { foldLength: 100 }).toString().trimEnd() + "\n";
}

async function main([mode]) {
  if (mode !== "--write" && mode !== "--check") {
    console.error("usage: node messages.mjs --write | --check");
    process.exit(2);
  }
  const made = await compiled();
  if (mode === "--write") {
    mkdirSync(dirname(catalogue), { recursive: true });
    writeFileSync(catalogue, made);
    return;
  }
  let there = "";
  try {
    there = readFileSync(catalogue, "utf8");
  } catch {
    // Reported below: it is not what it should be.
  }
  if (there === made) return;
  console.log("ui/messages/firebreak.pot: not the texts of the templates and of src/web. Run `node ui/messages.mjs --write`.");
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
