// SPDX-License-Identifier: Apache-2.0
// The Policing Board's figures: from a question of the Board to its answer, by keyboard and without JavaScript.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { checkPage, draftReferral, entries, heading, launch, openPage, root, signIn, startServer } from "./server.mjs";

let server;
let browser;

// The exceptional case of the documents.
const exceptional = JSON.parse(readFileSync(join(root, "docs/examples/referral.json"), "utf8"));

async function call(token, path, body) {
  const answer = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` } });
  return { status: answer.status, body: await answer.json() };
}

// A victim's referral that waits for its sign-off, and an officer's attempt to sign it off.
async function victimsReferral(person) {
  const session = await fetch(`${server.url}/v1/session`, { method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: person.name, password: person.password }) }).then((answer) => answer.json());
  const made = await call(session.token, "/v1/referrals", exceptional);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const ref = made.body.referral;
  assert.equal((await call(session.token, `/v1/referrals/${ref}/submit`, {})).status, 200);
  const attempt = await call(session.token, `/v1/referrals/${ref}/authorise`,
    { statement_digest: `sha256:${"0".repeat(64)}`, key: "key_0000000000000000", signature: "AA==" });
  assert.equal(attempt.status, 403);
  return ref;
}

before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const javaScriptEnabled of [true, false]) {
  test(`from a Board question to its answer, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
    const { context, page, faults } = await openPage(browser, server, { javaScriptEnabled });
    const { officer, board } = server.people;
    await signIn(page, officer);
    const ref = await victimsReferral(officer);
    await draftReferral(server, officer);
    await page.getByRole("button", { name: "Sign out" }).click();
    await signIn(page, board);
    await page.goto("/");
    assert.equal(await heading(page), "Figures for the Policing Board");
    const steps = page.getByRole("table", { name: "Steps of all referrals" });
    const drafted = entries(server, "referral.drafted").length;
    assert.match(await steps.innerText(), new RegExp(`Drafted or changed\\s+${drafted}`));
    assert.match(await page.locator("main").innerText(), /Your role does not allow this\.\s+\d/);
    // How many, about whom, under which clauses, who signed: answered without adding anything up.
    const said = await page.locator("main").innerText();
    const needed = entries(server, "referral.submitted").filter((entry) => entry.terms.decision === "sign_off").length;
    assert.match(said, new RegExp(`About a victim, a witness or somebody who reported\\s+${needed}\\s+Signed off\\s+0`));
    assert.match(said, /P2, P3, P4, P5, P8, P10, F13\s+victims-first\/exceptional-circumstances/);
    if (javaScriptEnabled) await checkPage(page, "board");
    await page.getByRole("link", { name: ref }).click();
    assert.equal(await heading(page), ref);
    const submitted = entries(server, "referral.submitted").find((entry) => entry.referral === ref);
    assert.match(await page.locator("main").innerText(), new RegExp(`${submitted.seq}\\s+Submitted for a decision`));
    if (javaScriptEnabled) await checkPage(page, "board-referral");
    await page.goto("/board/referrals/ref_nothing");
    assert.equal(await heading(page), "Page not found");
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("other days: by keyboard; what is not a date is named; CSV", async () => {
  const { context, page } = await openPage(browser, server);
  await signIn(page, server.people.board);
  await page.goto("/board");
  await page.locator("summary").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  for (const part of ["31", "2", "2026"]) {
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type(part);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(/from-day=31/);
  await page.waitForLoadState();
  assert.equal(await page.title(), "Error: Figures for the Policing Board – Firebreak");
  await checkPage(page, "board-error");
  await page.getByRole("link", { name: "Show the last quarter" }).click();
  const shown = await page.locator("main").innerText();
  const [, first, last] = /From (.*) to (.*), both days counted/.exec(shown).map((day) => new Date(`${day} UTC`));
  assert.equal(first.getUTCMonth() % 3, 0, "a quarter begins in January, April, July or October");
  const next = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 3, 1));
  assert.equal(next - last, 24 * 60 * 60 * 1000, "and ends on the day before the next begins");
  assert.ok(next <= new Date() && new Date() - next < 93 * 24 * 60 * 60 * 1000, "the last one that is over");
  const query = "from-day=1&from-month=1&from-year=2026&until-day=2&until-month=1&until-year=2026";
  await page.goto(`/board?${query}`);
  assert.match(await page.locator("main").innerText(), /From 1 Jan 2026 to 2 Jan 2026/);
  assert.match(await page.locator("main").innerText(), /Questions asked: 0/);
  const csv = await (await context.request.get(`/board/figures.csv?${query}`)).text();
  assert.equal(csv.split("\r\n")[0], "days,table,what,role,answer,count");
  await context.close();
});

test("an officer sees no figures", async () => {
  const { context, page } = await openPage(browser, server);
  await signIn(page, server.people.officer);
  await page.goto("/board");
  assert.equal(await heading(page), "You cannot do this");
  await context.close();
});
