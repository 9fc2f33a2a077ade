// SPDX-License-Identifier: Apache-2.0
// Sessions in a real browser: what was typed when a session ended, one's own sessions, links of the records system,
// and what anyone may open without signing in. The server is web_test_server, whose clock can be moved.
//
//   node --test tests/browser/session.test.mjs
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before, test } from "node:test";
import { binary, checkPage, entries, heading, launch, openPage, password, root, signIn } from "./server.mjs";

let server;
let browser;
const contexts = [];

async function startTestServer() {
  const folder = mkdtempSync(join(tmpdir(), "firebreak-session-"));
  const beside = join(dirname(binary), "web_test_server");
  const program = process.env.FIREBREAK_TEST_SERVER ?? (existsSync(beside) ? beside : join(root, "build/dev/bin/web_test_server"));
  const ui = process.env.FIREBREAK_UI ?? join(root, "build/ui");
  const child = spawn(program, [join(folder, "data"), join(root, "policies"), ui], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (text) => { log += text; });
  const ended = new Promise((done) => child.once("exit", done));
  const [line] = await Promise.race([new Promise((done) => createInterface(child.stdout).once("line", (l) => done([l]))), ended.then(() => [null])]);
  assert.ok(line, log);
  const started = JSON.parse(line);
  return {
    url: `http://127.0.0.1:${started.port}`,
    people: Object.fromEntries(Object.entries(started.people).map(([name, person]) => [name, { ...person, name }])),
    services: started.services,
    database: join(folder, "data", "register.sqlite"),
    log: () => log,
    // Every session that is not used meanwhile ends.
    async passHalfAnHour() {
      child.kill("SIGUSR1");
      await new Promise((done) => setTimeout(done, 50));
    },
    async stop() {
      child.kill("SIGTERM");
      assert.equal(await ended, 0, log.slice(-4000));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const open = async (options) => {
  const opened = await openPage(browser, server, options);
  contexts.push(opened);
  return opened;
};
const cookie = async (context, name) => (await context.cookies()).find((one) => one.name === name)?.value;
// axe-core itself needs JavaScript.
const checkWith = async (javaScriptEnabled, page, name) => {
  if (javaScriptEnabled) await checkPage(page, name);
};
const countEntries = () => Number(execFileSync("python3", ["-c", `import sqlite3, sys
print(sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True).execute("SELECT count(*) FROM event").fetchone()[0])`,
server.database], { encoding: "utf8" }));
const makeLink = async (body, token = server.services.records_system) => {
  const answer = await fetch(`${server.url}/v1/links`, { method: "POST", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` } });
  return { status: answer.status, ...await answer.json() };
};

before(async () => {
  server = await startTestServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const { context, faults } of contexts.splice(0)) {
    assert.deepEqual(faults, [], "the browser complained");
    await context.close();
  }
});

for (const javaScriptEnabled of [true, false]) {
  test(`a form sent after its session ended comes back filled in (JavaScript: ${javaScriptEnabled})`, async () => {
    const { page, context } = await open({ javaScriptEnabled });
    await signIn(page, server.people.officer);
    await page.goto("/");
    await page.getByRole("button", { name: "Start now" }).click();
    const question = await heading(page);
    const { pathname } = new URL(page.url());
    const choice = page.locator("input[name=answer]").nth(1);
    const value = await choice.getAttribute("value");
    await choice.check();
    const before = await cookie(context, "firebreak-session");
    await server.passHalfAnHour();
    await page.getByRole("button", { name: "Continue" }).click();
    assert.equal(await heading(page), "Sign in");
    assert.match(await page.locator("main").innerText(), /What you had typed is kept for 15 minutes/);
    await checkWith(javaScriptEnabled, page, "session-late-sign-in");
    await page.getByLabel("Sign-in name").fill("officer");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    assert.equal(new URL(page.url()).pathname, pathname);
    assert.equal(await heading(page), question);
    assert.match(await page.locator("main").innerText(), /What you had typed is back in it/);
    assert.ok(await page.locator(`input[name=answer][value="${value}"]`).isChecked());
    assert.notEqual(await cookie(context, "firebreak-session"), before);
    await checkWith(javaScriptEnabled, page, "session-late-form");
    await page.getByRole("button", { name: "Continue" }).click();
    assert.notEqual(new URL(page.url()).pathname, pathname, "it can be sent now");
    await page.goto(pathname);
    assert.doesNotMatch(await page.locator("main").innerText(), /What you had typed/, "once");
  });
}

test("what one person typed is never shown to another, nor in another browser", async () => {
  const { page } = await open();
  await signIn(page, server.people.officer);
  await page.goto("/");
  await page.getByRole("button", { name: "Start now" }).click();
  const { pathname } = new URL(page.url());
  await page.locator("input[name=answer]").nth(1).check();
  await server.passHalfAnHour();
  await page.getByRole("button", { name: "Continue" }).click();
  const elsewhere = await open();
  await signIn(elsewhere.page, server.people.officer);
  await elsewhere.page.goto(pathname);
  assert.equal(await elsewhere.page.locator("input:checked").count(), 0, "another browser");
  await signIn(page, server.people.supervisor);
  await page.goto(pathname);
  assert.doesNotMatch(await page.locator("main").innerText(), /What you had typed|was not lost/);
  assert.equal(await page.locator("input:checked").count(), 0);
  await page.getByRole("button", { name: /Sign out/ }).click();
  await signIn(page, server.people.officer);
  await page.goto(pathname);
  assert.doesNotMatch(await page.locator("main").innerText(), /What you had typed|was not lost/, "gone for good");
});

test("a form that has no page of its own is shown once, to be sent or left", async () => {
  const { page } = await open();
  await signIn(page, server.people.officer);
  await page.goto("/sessions");
  await server.passHalfAnHour();
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await signInHere(page, "officer");
  assert.equal(await heading(page), "What you had typed");
  await checkPage(page, "session-kept-form");
  await page.getByRole("button", { name: "Send it now" }).click();
  assert.equal(await heading(page), "You have signed out");
});

async function signInHere(page, name) {
  await page.getByLabel("Sign-in name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("what another site sends after a session ended is not kept", async () => {
  const { page, context } = await open();
  await signIn(page, server.people.officer);
  await server.passHalfAnHour();
  const forged = await context.request.post("/question/role", { form: { csrf: "0".repeat(64), answer: "suspect" } });
  assert.doesNotMatch(await forged.text(), /is kept for 15 minutes/);
  const foreign = await context.request.post("/question/role", { form: { answer: "suspect" }, headers: { "Sec-Fetch-Site": "cross-site" } });
  assert.equal(foreign.status(), 403);
});

test("one's own sessions are listed and ended together, with new tokens at each step", async () => {
  const { page, context } = await open();
  await page.goto("/sign-in");
  const visit = await cookie(context, "firebreak-visit");
  await signIn(page, server.people.desk);
  const first = await cookie(context, "firebreak-session");
  assert.ok(visit && first && !first.includes(visit));
  await page.goto("/password");
  await page.getByLabel("Your password now", { exact: true }).fill(password);
  await page.getByLabel("New password", { exact: true }).fill(`${password} again`);
  await page.getByLabel("New password again", { exact: true }).fill(`${password} again`);
  await page.getByRole("button", { name: "Change password" }).click();
  const second = await cookie(context, "firebreak-session");
  assert.notEqual(second, first, "a new password gives another token");
  const stolen = await open();
  await stolen.context.addCookies([{ name: "firebreak-session", value: first, url: server.url }]);
  await stolen.page.goto("/sessions");
  assert.equal(await heading(stolen.page), "Sign in", "the token before is worth nothing");
  server.people.desk.password = `${password} again`;

  const other = await open();
  await signIn(other.page, server.people.desk);
  await page.goto("/sessions");
  assert.equal(await page.locator("tbody tr").count(), 2);
  assert.match(await page.locator("tbody").innerText(), /In this browser/);
  await checkPage(page, "sessions");
  const answered = page.waitForResponse((response) => response.url().endsWith("/sessions/end"));
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  assert.equal((await (await answered).allHeaders())["clear-site-data"], '"*"');
  assert.equal(await heading(page), "You have signed out");
  await other.page.goto("/sessions");
  assert.equal(await heading(other.page), "Sign in");
  for (const token of [second, first]) assert.ok(!server.log().includes(token));
});

test("a link of the records system opens questions alone, once, for two minutes", async () => {
  const made = await makeLink({ person: "supervisor", facts: { recipient: "immigration_enforcement" } });
  assert.equal(made.status, 201, JSON.stringify(made));
  const { page } = await open();
  const address = new URL(made.url, server.url).pathname;
  await page.goto(address);
  await checkPage(page, "link");
  await page.getByRole("button", { name: "Continue" }).click();
  assert.match(page.url(), /\/question\/[a-z_]+$/);
  await page.goto("/question/recipient");
  assert.ok(await page.locator("input[value=immigration_enforcement]").isChecked(), "the facts came along");
  for (const closed of ["/desk", "/sessions", "/password", "/account/passkeys"]) {
    assert.equal((await page.goto(closed)).status(), 403, closed);
  }
  await page.goto("/question");
  const before = entries(server, "question.decided").length;
  for (let asked = 0; asked < 30 && await page.getByRole("button", { name: "Continue" }).count() > 0; asked += 1) {
    if (await page.locator("input:checked").count() === 0) await page.locator("input[name=answer]").last().check();
    await page.getByRole("button", { name: "Continue" }).click();
  }
  const asked = entries(server, "question.decided").slice(before);
  const [opened] = entries(server, "session.linked").slice(-1);
  assert.equal(asked.length, 1);
  assert.equal(asked[0].through, opened.service);
  assert.equal(opened.actor, server.people.supervisor.id);

  const again = await open();
  assert.equal((await again.page.goto(address)).status(), 404);
  assert.equal(await heading(again.page), "This link does not work any more");
  await checkPage(again.page, "link-gone");
  const late = await makeLink({ person: "officer" });
  await server.passHalfAnHour();
  assert.equal((await again.page.goto(new URL(late.url, server.url).pathname)).status(), 404);
  assert.ok(!server.log().includes(address.split("/").pop()));
});

test("only a records system makes links, for those who may ask", async () => {
  for (const kind of ["mail_gateway", "phone_switch", "other"]) {
    assert.equal((await makeLink({ person: "officer" }, server.services[kind])).status, 403, kind);
  }
  for (const person of ["board", "suspended", "nobody"]) assert.equal((await makeLink({ person })).status, 404, person);
  assert.equal((await makeLink({ person: "officer", facts: { role: ["victm"] } })).status, 400);
  assert.equal((await makeLink({ person: "officer", facts: { leave: "held" } })).status, 400);
  assert.equal((await makeLink({})).status, 400);
});

for (const javaScriptEnabled of [true, false]) {
  test(`anyone tests a case, and nothing is kept (JavaScript: ${javaScriptEnabled})`, async () => {
    const entriesBefore = countEntries();
    const { page, visited } = await open({ javaScriptEnabled });
    await page.goto("/test-a-case");
    await checkWith(javaScriptEnabled, page, "test-case");
    const exit = page.getByRole("button", { name: "Exit this page" });
    assert.equal(await exit.getAttribute("href"), "https://www.bbc.co.uk/weather");
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    assert.match(await page.title(), /^Error: Test a case/);
    await checkWith(javaScriptEnabled, page, "test-case-error");
    const questions = [];
    while (await page.locator("input[name=answer]").count() > 0) {
      questions.push(await heading(page));
      if (questions.length === 1) await checkWith(javaScriptEnabled, page, "test-case-question");
      const victim = page.getByLabel("Victim", { exact: true });
      const known = page.getByLabel("Immigration Enforcement", { exact: false });
      if (await victim.count() > 0) await victim.check();
      else if (await known.count() > 0) await known.first().check();
      else await page.locator("input[name=answer]").last().check();
      if (questions.length === 3) {
        await page.getByRole("button", { name: "Continue" }).click();
        await page.getByRole("button", { name: "Back to the question before" }).click();
        assert.equal(await heading(page), questions[2]);
        assert.ok(await page.locator("input:checked").count() > 0, "as it was answered");
      }
      await page.getByRole("button", { name: "Continue" }).click();
      assert.ok(questions.length < 30);
    }
    assert.match(await page.locator(".fb-answer h1").innerText(), /^The policy (says|cannot|leaves)/);
    assert.match(await page.locator("main").innerText(), /This is not a decision\. Nobody may share anything/);
    await checkWith(javaScriptEnabled, page, "test-case-answer");
    await page.getByRole("button", { name: "Back to the last question" }).click();
    assert.equal(await heading(page), questions.at(-1));
    assert.equal(countEntries(), entriesBefore, "nothing is recorded");
    for (const address of visited) assert.match(address, /^(about:blank|\/test-a-case)$/);
  });
}

test("a made-up form of a tested case does no harm", async () => {
  const { page, context } = await open();
  await page.goto("/test-a-case");
  const csrf = await page.locator("input[name=csrf]").first().getAttribute("value");
  const send = (form) => context.request.post("/test-a-case", { form: { csrf, ...form } });
  assert.equal((await context.request.post("/test-a-case", { form: {} })).status(), 403);
  for (const form of [{}, { asked: "leave", answer: "held" }, { "fact.role": "<script>" }, { "fact.leave": "held" },
    { back: "yes" }, { asked: "recipient", answer: "'; DROP TABLE event;--" }, { asked: "recipient", answer: "\u202e" },
    { "fact.recipient": "immigration_enforcement", asked: "recipient", answer: "not-known" }]) {
    const answer = await send(form);
    assert.ok([200, 400].includes(answer.status()), JSON.stringify(form));
    assert.doesNotMatch(await answer.text(), /<script>[^<]|DROP TABLE|\u202e/);
  }
  assert.equal((await send({ "fact.x": "x".repeat(20000) })).status(), 413);
});

test("the keyboard alone tests a case, and Shift three times leaves at once", async () => {
  const { page } = await open();
  await page.goto("/test-a-case");
  const seek = async (wanted) => {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((text) => document.activeElement.textContent.trim() === text, wanted)) return;
    }
    assert.fail(`the keyboard does not reach "${wanted}"`);
  };
  await seek("Start");
  await page.keyboard.press("Enter");
  await page.locator("input[name=answer]").first().waitFor();
  await page.locator("input[name=answer]").first().focus();
  await page.keyboard.press("Space");
  await seek("Continue");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Back to the question before" }).waitFor();
  await page.locator(".govuk-exit-this-page__indicator").waitFor({ state: "attached" });
  await page.context().route("https://www.bbc.co.uk/**", (route) => route.fulfill({ body: "weather" }));
  contexts.pop(); // it leaves for another host now, as it should
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("Shift");
  await page.waitForURL("https://www.bbc.co.uk/weather");
  await page.context().close();
});

test("what a policy means for a victim or a witness, in plain words", async () => {
  const { page } = await open();
  await page.goto("/about-your-information");
  const said = await page.locator("main").innerText();
  for (const part of ["How you can check", "Where support is", "Victim Support NI", "Information about a victim or a witness is not shared"]) {
    assert.ok(said.includes(part), part);
  }
  await checkPage(page, "about-your-information");
  await page.getByRole("link", { name: "Test a case" }).first().click();
  assert.equal(await heading(page), "Test a case");
});

// Last: it uses up what this address may try.
test("an address that tries too often waits, and is told for how long", async () => {
  const { page, context } = await open();
  let answer;
  for (let tries = 0; tries < 200 && answer?.status() !== 429; tries += 1) {
    answer = await context.request.post("/sign-in", { form: { name: "nobody", password: "x" } });
  }
  assert.equal(answer.status(), 429);
  const seconds = Number(answer.headers()["retry-after"]);
  assert.ok(seconds >= 1 && seconds <= 60, String(seconds));
  assert.match(await answer.text(), /Wait \d+ seconds, then try again/);
  const api = await fetch(`${server.url}/v1/session`, { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } });
  assert.equal(api.status, 429);
  assert.equal((await api.json()).code, "too_many");
  await page.goto("/sign-in");
  assert.equal(await heading(page), "Sign in", "pages stay open");
  await server.passHalfAnHour();
  await signIn(page, server.people.officer);
  assert.notEqual(await heading(page), "Sign in", "nobody is shut out for ever");
});
