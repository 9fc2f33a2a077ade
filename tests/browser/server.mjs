// SPDX-License-Identifier: Apache-2.0
// What the browser tests share: the real program over a data folder of its own, a browser, and what every
// page must pass.
//
//   const server = await startServer();                 // firebreak init, firebreak serve
//   const { page } = await openPage(browser, server);
//   await checkPage(page, "start");                      // axe-core, 320 px, screenshot
//   await server.stop();
//
// FIREBREAK_BINARY and FIREBREAK_UI name another program and another folder of built pages. The browser is
// Debian's /usr/bin/chromium; screenshots go to build/screenshots.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const binary = process.env.FIREBREAK_BINARY ?? join(root, "build/dev/bin/firebreak");
const builtPages = process.env.FIREBREAK_UI ?? join(root, "build/ui");
const screenshots = join(root, "build/screenshots");
const fromUi = createRequire(join(root, "ui/package.json"));

function need(module) {
  try {
    return fromUi(module);
  } catch {
    throw new Error(`${module} is not installed: run \`npm ci\` in ui/ (with its development dependencies)`);
  }
}

const { chromium } = need("playwright-core");
need("axe-core");
const axe = readFileSync(fromUi.resolve("axe-core/axe.min.js"), "utf8");

export const password = "three words together";

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.once("listening", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

// The example people by what they are: "officer", "desk", "chief", with their one-time passwords.
function peopleOf(printed) {
  const people = {};
  for (const person of JSON.parse(printed).people) people[person.name.split(".").pop()] = person;
  return people;
}

// `policy` is the file of another policy to put in force. `settings` is written at the end of force.toml, after each
// piece of `replace` was put in the place of the text that is its name; `ui` is another folder of built pages.
export async function startServer({ settings = "", replace = {}, ui = builtPages, policy = "" } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "firebreak-browser-"));
  const data = join(folder, "data");
  const how = ["init", "--data", data, "--json", ...(policy ? ["--policy", policy] : [])];
  const printed = execFileSync(binary, how, { cwd: root, encoding: "utf8" });
  const file = join(data, "force.toml");
  for (const [from, to] of Object.entries(replace)) {
    const text = readFileSync(file, "utf8");
    assert.ok(text.includes(from), `${from} is not in force.toml`);
    writeFileSync(file, text.replace(from, to));
  }
  appendFileSync(file, settings);
  const port = await freePort();
  let log = "";
  // SIGXFSZ is ignored so that a limit on the size of files makes writes fail, as a full disk does.
  const serve = `trap '' XFSZ; exec "$@"`;
  const child = spawn("/bin/sh", ["-c", serve, "serve", binary, "serve", "--data", data, "--ui", ui,
    "--listen", `127.0.0.1:${port}`], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => { log += text; });
  const ended = new Promise((done) => child.once("exit", done));
  const server = {
    url: `http://127.0.0.1:${port}`,
    people: peopleOf(printed),
    data,
    database: join(data, "register.sqlite"),
    // From now on nothing can be written.
    fillDisk: () => execFileSync("prlimit", ["--pid", String(child.pid), "--fsize=0"]),
    async stop() {
      child.kill("SIGTERM");
      const code = await ended;
      rmSync(folder, { recursive: true, force: true });
      assert.equal(code, 0, `the server did not end in order:\n${log.slice(-4000)}`);
    },
  };
  for (let tries = 0; ; tries += 1) {
    const answered = await fetch(`${server.url}/healthz`).then((answer) => answer.ok, () => false);
    if (answered) return server;
    if (tries > 300 || child.exitCode !== null) throw new Error(`the server does not answer:\n${log}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

// The entries of a kind in the record, read beside the running server.
export function entries(server, kind) {
  const read = `import json, sqlite3, sys
rows = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True).execute("SELECT entry FROM event ORDER BY seq")
print(json.dumps([e for e in (json.loads(row[0]) for row in rows) if e["kind"] == sys.argv[2]]))`;
  return JSON.parse(execFileSync("python3", ["-c", read, server.database, kind], { encoding: "utf8" }));
}

export const launch = () => chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

// A page in a browser context of its own; `faults` collects what the browser complains about, `visited` the
// addresses it was shown.
export async function openPage(browser, server, options = {}) {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 960, height: 720 }, ...options });
  const page = await context.newPage();
  const faults = [];
  const visited = [];
  page.on("console", (message) => {
    // A status of 4xx or 5xx that a test provokes is on the page itself; the browser says it once more.
    if (message.type() === "error" && !message.text().includes("the server responded with a status of")) {
      faults.push(message.text());
    }
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("requestfailed", (request) => {
    // Aborted: the test went on to another page before this one had everything.
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") faults.push(`${request.url()} ${why}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url)) faults.push(`asks another host: ${request.url()}`);
  });
  page.on("framenavigated", (frame) => visited.push(frame.url().replace(server.url, "").replace(/#.*/, "")));
  return { context, page, faults, visited };
}

// axe-core finds nothing, nothing is cut off at 320 px, and a picture for people to look at.
export async function checkPage(page, name) {
  mkdirSync(screenshots, { recursive: true });
  const wide = page.viewportSize();
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: wide.height });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(over <= 0, `${name} is ${over} px wider than ${width} px`);
    await page.screenshot({ path: join(screenshots, `${name}-${width}.png`), fullPage: true });
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run(document, { runOnly:
      ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    const said = found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).join(" ")}`);
    assert.deepEqual(said, [], `${name} at ${width} px`);
  }
  await page.setViewportSize(wide);
}

// Signs in, and on the first time chooses a password of their own. Works without JavaScript.
export async function signIn(page, person) {
  await page.goto("/sign-in");
  await page.getByLabel("Sign-in name").fill(person.name);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  if (!page.url().includes("/password")) return;
  await page.getByLabel("Your one-time password", { exact: true }).fill(person.password);
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByLabel("New password again", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Change password" }).click();
  person.password = password;
}

// A draft of an invented suspect's referral, made through the API by a person who has a password of their own.
export async function draftReferral(server, person) {
  const call = async (path, body, headers = {}) => {
    const answer = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", ...headers } });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.json();
  };
  const session = await call("/v1/session", { name: person.name, password: person.password });
  const facts = { action: "share", recipient: "immigration_enforcement", channel: "email", role: ["suspect"],
    victim_elsewhere: "no", suspected_of: "other_offence", crime_type: ["other"], ground: ["suspected_offence"],
    overseas_offending: "none", necessary: "no", proportionate: "no", prevents_further_offending: "no",
    purpose: ["investigation"], consent: "not_sought", age_group: "adult" };
  await call("/v1/referrals", { destination: "immigration-desk", occurrence: "OCC-2026-000001", person: "PER-000001", facts,
    fields: { name: "Example Person", date_of_birth: "1980-02-29", offence: "Burglary.", grounds: "Suspected of it." },
    reasons: { rationale: "Suspected of burglary." }, role_changes: [], indicators: { checked_on: "2026-01-05",
      answers: { controlled: "no", papers_held: "no", debt_or_pay: "no", made_to_offend: "no", afraid_or_coached: "no",
        living_or_working: "no" } } }, { Authorization: `Bearer ${session.token}` });
}

export const heading = (page) => page.locator("h1").innerText();

// Goes through an interview that has just begun: `answers` maps a question to one label or several. What is
// not in it is answered with "I do not know". `each` is called on every question before it is answered.
export async function interview(page, answers, each = async () => {}) {
  while (await page.getByRole("button", { name: "Continue" }).count() > 0) {
    const question = await heading(page);
    await each(question);
    for (const label of [answers[question] ?? "I do not know"].flat()) {
      await page.getByLabel(label, { exact: true }).check();
    }
    await page.getByRole("button", { name: "Continue" }).click();
  }
}
