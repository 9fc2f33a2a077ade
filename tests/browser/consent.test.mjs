// SPDX-License-Identifier: Apache-2.0
// The requester hears that the person withdraws consent, before and after the message has left: in a real browser
// over the real server, with and without JavaScript.
//
//   node --test tests/browser/consent.test.mjs
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { checkPage, entries, launch, openPage, signIn, startServer } from "./server.mjs";

const facts = { action: "share", recipient: "immigration_enforcement", channel: "email", role: ["suspect"],
  victim_elsewhere: "no", suspected_of: "other_offence", crime_type: ["other"], ground: ["suspected_offence"],
  overseas_offending: "none", necessary: false, proportionate: false, prevents_further_offending: false,
  purpose: ["investigation"], consent: "not_sought", age_group: "adult" };
// What the records system says now, as the release page asks for it: attribute to values.
const now = { role: ["suspect"], victim_elsewhere: ["no"], suspected_of: ["other_offence"], crime_type: ["other"],
  ground: ["suspected_offence"], overseas_offending: ["none"], necessary: ["no"], proportionate: ["no"],
  prevents_further_offending: ["no"], purpose: ["investigation"], consent: ["not_sought"], age_group: ["adult"] };

let server;
let browser;
const tokens = {};
const opened = [];

async function call(who, path, body) {
  const answer = await fetch(server.url + path, { method: body === undefined ? "GET" : "POST",
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...(who ? { Authorization: `Bearer ${tokens[who]}` } : {}) } });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.status === 204 ? null : answer.json();
}

// Signs in by the API, with a password of their own.
async function token(name) {
  const person = server.people[name];
  const chosen = "three words together";
  let session = await call(null, "/v1/session", { name: person.name, password: person.password });
  tokens[name] = session.token;
  if (person.password !== chosen) {
    await call(name, "/v1/password", { old: person.password, new: chosen });
    person.password = chosen;
    session = await call(null, "/v1/session", { name: person.name, password: chosen });
    tokens[name] = session.token;
  }
}

// A suspect's referral, which the policy permits without a sign-off, submitted.
async function submitted(person = "PER-000001") {
  const made = await call("officer", "/v1/referrals", { destination: "immigration-desk",
    occurrence: "OCC-2026-000001", person, facts,
    fields: { name: "Example Person", date_of_birth: "1980-02-29", offence: "Burglary.", grounds: "Suspected of it." },
    reasons: { rationale: "Suspected of burglary." }, role_changes: [],
    indicators: { checked_on: "2026-01-05", answers: { controlled: "no", papers_held: "no", debt_or_pay: "no",
      made_to_offend: "no", afraid_or_coached: "no", living_or_working: "no" } } });
  await call("officer", `/v1/referrals/${made.referral}/submit`, {});
  return made.referral;
}

const state = async (ref) => (await call("desk", `/v1/referrals/${ref}`)).state;

async function handed(person) {
  const ref = await submitted(person);
  await call("desk", `/v1/referrals/${ref}/release`, { facts, safeguarding: "done" });
  for (let tries = 0; await state(ref) !== "handed"; tries += 1) {
    assert.ok(tries < 100, "it was not handed over");
    await new Promise((done) => setTimeout(done, 100));
  }
  return ref;
}

before(async () => {
  server = await startServer();
  browser = await launch();
  for (const name of ["officer", "desk"]) await token(name);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const { context, faults } of opened.splice(0)) {
    assert.deepEqual(faults, [], "the browser complained");
    await context.close();
  }
});

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const follow = (page) => page.getByRole("link", { name: "The person withdrew their consent", exact: true }).click();
const summary = (page) => page.locator(".govuk-error-summary").innerText();
const main = (page) => page.locator("main").innerText();

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";
  const look = async (page, name) => { if (javaScriptEnabled) await checkPage(page, name); };
  const as = async (name) => {
    const made = await openPage(browser, server, { javaScriptEnabled });
    opened.push(made);
    await signIn(made.page, server.people[name]);
    return made.page;
  };

  test(`what was not sent is stopped, ${how}`, async () => {
    const ref = await submitted(javaScriptEnabled ? "PER-000001" : "PER-000002");
    const before = entries(server, "referral.consent_withdrawn").length;
    const page = await as("officer");
    await page.goto(`/referrals/${ref}/steps`);
    await follow(page);
    assert.match(await main(page), /stopped at once and goes back to you/);
    await look(page, "consent");
    await press(page, "Record that consent was withdrawn");
    assert.match(await page.title(), /^Error: /);
    assert.match(await summary(page), /Select who told you/);
    assert.match(await summary(page), /Enter what was said/);
    await look(page, "consent-error");
    await page.locator('input[name="said_by"][value="solicitor"]').check();
    await press(page, "Record that consent was withdrawn");
    assert.ok(await page.locator('input[value="solicitor"]').isChecked(), "nothing chosen is lost");
    assert.equal(entries(server, "referral.consent_withdrawn").length, before);
    await page.locator("#note").fill("Her solicitor rang this morning.");
    await press(page, "Record that consent was withdrawn");
    const steps = await main(page);
    for (const said of ["What was not sent then was stopped", "The person took back their consent",
      "Her solicitor rang this morning", "Look at it again and submit it"]) assert.ok(steps.includes(said), said);
    assert.equal(await page.getByRole("link", { name: "The person withdrew their consent" }).count(), 0);
    await look(page, "consent-recorded");
    await page.goto(`/referrals/${ref}/consent`);
    assert.match(page.url(), /\/steps$/, "once is enough");
    assert.equal(entries(server, "referral.consent_withdrawn").length, before + 1);
    assert.equal(await state(ref), "draft");
  });

  test(`what has left is asked back, ${how}`, async () => {
    const ref = await handed(javaScriptEnabled ? "PER-000003" : "PER-000004");
    const page = await as("officer");
    await page.goto(`/referrals/${ref}/steps`);
    await follow(page);
    assert.match(await main(page), /cannot be stopped any more/);
    await look(page, "consent-too-late");
    await page.locator('input[name="said_by"][value="subject"]').check();
    await page.locator("#note").fill("By telephone.");
    await press(page, "Record that consent was withdrawn");
    assert.match(await main(page), /The referral desk asks the recipient to delete it/);
    const desk = await as("desk");
    await desk.goto(`/desk/${ref}`);
    assert.match(await main(desk), /It came too late/);
    assert.equal(await desk.getByRole("link", { name: "Record the answer to the request to delete it" }).count(), 1);
  });
}
