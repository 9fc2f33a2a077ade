// SPDX-License-Identifier: Apache-2.0
// The referral desk's and the data protection officer's pages in a real browser over the real server: release,
// delivery, holds, consent, acknowledgement, outcomes, a person's own request, erasure by two persons. With and
// without JavaScript, at 1280 and 320 px, with axe-core, and the way to a release with the keyboard alone.
//
//   node --test tests/browser/desk.test.mjs
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { checkPage, entries, heading, launch, openPage, signIn, startServer } from "./server.mjs";

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
let tokens = {};
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

async function open(who, options = {}) {
  const one = await openPage(browser, server, options);
  opened.push(one);
  await signIn(one.page, server.people[who]);
  return one.page;
}

async function fillRelease(page, changed = {}) {
  for (const [name, values] of Object.entries({ ...now, ...changed })) {
    for (const value of values) await page.locator(`input[name="fact-${name}"][value="${value}"]`).check();
  }
  await page.getByLabel("Safeguarding is not needed").check();
  await page.getByLabel("What was done for their safety").fill("Zebedee was asked.");
}

const today = async (page, name) => {
  const [year, month, day] = new Date().toISOString().slice(0, 10).split("-");
  for (const [part, value] of [["day", day], ["month", month], ["year", year]]) {
    await page.locator(`input[name="${name}-${part}"]`).fill(value);
  }
};

before(async () => {
  server = await startServer();
  browser = await launch();
  for (const name of ["officer", "desk", "dpo", "chief"]) await token(name);
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

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";
  // axe-core needs JavaScript, so pages are checked on the round that has it.
  const check = async (page, name) => { if (javaScriptEnabled) await checkPage(page, name); };

  test(`a referral from its release to its end, ${how}`, async () => {
    const ref = await submitted();
    const page = await open("desk", { javaScriptEnabled });
    await page.goto("/tasks");
    assert.equal(await heading(page), "Tasks");
    await check(page, "desk-tasks");
    await page.getByRole("link", { name: ref }).first().click();
    await check(page, "desk-case-submitted");
    await page.getByRole("link", { name: "Release", exact: true }).click();
    assert.equal(await heading(page), "Release this referral");
    const letter = page.getByRole("region", { name: "The message as its recipient reads it" });
    assert.match(await letter.innerText(), /^Referral ref_\w+\n\nName\n {2}Example Person\n/);
    assert.equal(await page.locator("input:checked").count(), 0, "nothing is filled in");
    await check(page, "desk-release");
    await page.getByRole("button", { name: "Release it" }).click();
    assert.match(await page.title(), /^Error: /);
    await check(page, "desk-release-errors");
    assert.equal(await page.locator(".govuk-error-summary li").count(), Object.keys(now).length + 1);
    await fillRelease(page);
    await page.getByRole("button", { name: "Release it" }).click();
    assert.match(await page.locator("main").innerText(), /Released/);
    for (let tries = 0; await state(ref) !== "handed" && tries < 100; tries += 1) {
      await new Promise((done) => setTimeout(done, 100));
    }
    await page.goto(`/desk/${ref}`);
    assert.equal(await heading(page), "Handed to the mail server");
    const said = await page.locator("main").innerText();
    for (const part of ["The mail server took it", "outbox", "Zebedee was asked.", "What became of it"]) {
      assert.ok(said.includes(part), part);
    }
    await check(page, "desk-case-handed");

    await page.getByRole("link", { name: "Record an acknowledgement" }).click();
    await check(page, "desk-acknowledge");
    await page.getByRole("button", { name: "Record it" }).click();
    await page.getByRole("link", { name: "Enter a real date, like 27 3 2026" }).waitFor();
    await page.getByLabel("The recipient’s reference").fill("IE-2026-4411");
    await today(page, "received");
    await page.getByRole("button", { name: "Record it" }).click();
    assert.match(await page.locator("main").innerText(), /IE-2026-4411/);

    await page.getByRole("link", { name: "Record that the recipient was asked" }).click();
    await check(page, "desk-asked");
    await page.getByRole("button", { name: "Record that they were asked" }).click();

    for (const [outcome, source] of [["Not known", "The recipient"], ["Papers were served", "Their solicitor"]]) {
      await page.getByRole("link", { name: "Record an outcome" }).click();
      await page.getByLabel(outcome, { exact: true }).check();
      await page.getByLabel(source, { exact: true }).check();
      if (outcome === "Not known") {
        await page.getByRole("button", { name: "Record it" }).click();
        await check(page, "desk-outcome-error");
        assert.ok(await page.getByLabel(outcome, { exact: true }).isChecked(), "what was chosen is kept");
      }
      await today(page, "learnt");
      await page.getByRole("button", { name: "Record it" }).click();
    }
    const told = await page.locator("main").innerText();
    assert.ok(told.includes("Not known") && told.includes("Papers were served"), "nothing is overwritten");
    await page.getByRole("link", { name: "Close it" }).click();
    await page.getByRole("button", { name: "Close it" }).click();
    assert.equal(await heading(page), "Closed");
    await check(page, "desk-case-closed");
    assert.deepEqual(entries(server, "referral.outcome_recorded").filter((e) => e.referral === ref)
      .map((e) => [e.outcome, e.source]), [["unknown", "recipient"], ["papers_served", "solicitor"]]);
    assert.ok(!JSON.stringify(entries(server, "referral.acknowledged")).includes("IE-2026-4411"), "it is sealed");
  });

  test(`a hold stops a release, and consent withdrawn stops it for good, ${how}`, async () => {
    const ref = await submitted();
    const page = await open("desk", { javaScriptEnabled });
    await page.goto(`/desk/${ref}`);
    await page.getByRole("link", { name: "Hold it" }).click();
    await check(page, "desk-hold");
    await page.getByRole("button", { name: "Hold it" }).click();
    await check(page, "desk-hold-error");
    await page.getByLabel("The person is not safe yet").check();
    await page.getByLabel("Note").fill("<script>alert(1)</script> moving house");
    await page.getByRole("button", { name: "Hold it" }).click();
    const said = await page.locator("main").innerText();
    assert.match(said, /Held: The person is not safe yet/);
    assert.ok(said.includes("<script>alert(1)</script>"), "shown as text");
    assert.equal(await page.getByRole("link", { name: "Release", exact: true }).count(), 0);
    await check(page, "desk-case-held");
    await page.goto(`/desk/${ref}/release`);
    await fillRelease(page);
    await page.getByRole("button", { name: "Release it" }).click();
    assert.match(await page.locator("main").innerText(), /The referral is held/);
    await page.getByRole("link", { name: "End the hold" }).click();
    await page.getByRole("button", { name: "End the hold" }).click();
    await page.getByRole("link", { name: "Record that consent was withdrawn" }).click();
    await check(page, "desk-consent");
    await page.getByLabel("Their solicitor").check();
    await page.getByRole("button", { name: "Record it" }).click();
    assert.equal(await heading(page), "Draft");
    assert.match(await page.locator("main").innerText(), /Consent was withdrawn on/);
    await check(page, "desk-case-consent");
  });

  test(`consent withdrawn too late asks for a recall, ${how}`, async () => {
    const ref = await handed();
    const page = await open("desk", { javaScriptEnabled });
    await page.goto(`/desk/${ref}/consent`);
    await page.getByLabel("The person", { exact: true }).check();
    await page.getByRole("button", { name: "Record it" }).click();
    assert.match(await page.locator("main").innerText(), /It came too late/);
    await page.goto("/tasks");
    assert.match(await page.locator("main").innerText(), /Ask the recipient to delete it/);
    await page.goto(`/desk/${ref}`);
    await page.getByRole("link", { name: "Record the answer to the request" }).click();
    await check(page, "desk-recall");
    await page.getByLabel("The recipient says that it was deleted").check();
    await page.getByRole("button", { name: "Record the answer" }).click();
    assert.equal(entries(server, "referral.recall_answered").at(-1).answer, "deleted");
  });

  test(`a person’s own request is answered as a page and a PDF, ${how}`, async () => {
    const person = javaScriptEnabled ? "PER-SUBJECT-1" : "PER-SUBJECT-2";
    const ref = await handed(person);
    const page = await open("dpo", { javaScriptEnabled });
    await page.goto("/data-protection");
    await check(page, "dpo-start");
    await page.getByLabel("The person’s reference in the records system").fill("Zebedee Quillfeather");
    await page.getByRole("button", { name: "Search" }).click();
    await check(page, "dpo-start-error");
    await page.getByLabel("The person’s reference in the records system").fill(person);
    await page.getByRole("button", { name: "Search" }).click();
    for (let tries = 0; await heading(page) === "Searching" && tries < 50; tries += 1) {
      await new Promise((done) => setTimeout(done, 200));
      await page.reload();
    }
    assert.equal(await heading(page), "What was found");
    assert.ok(!page.url().includes(person));
    await check(page, "dpo-found");
    const found = await page.locator("main").innerText();
    for (const part of [ref, "Example Person", "referrals@enforcement.example", "The referral desk"]) {
      assert.ok(found.includes(part), part);
    }
    await page.locator(`input[name="withhold-${ref}"][value="offence"]`).check();
    await page.getByRole("button", { name: "Make the answer" }).click();
    await page.getByRole("link", { name: `Select why it is withheld from ${ref}` }).waitFor();
    await page.locator(`input[name="reason-${ref}"][value="other_people"]`).check();
    await page.getByRole("button", { name: "Make the answer" }).click();
    assert.equal(await heading(page), "What is held about you");
    const answer = await page.locator("main").innerText();
    assert.ok(answer.includes("Withheld. The reason: The rights and freedoms of other people."));
    assert.ok(!answer.includes("Burglary."), "what is withheld is not there");
    assert.ok(answer.includes("Example Person"));
    await check(page, "dpo-answer");
    const pdf = await page.context().request.get(page.url() + ".pdf");
    assert.equal(pdf.status(), 200);
    assert.equal(pdf.headers()["content-type"], "application/pdf");
    const bytes = await pdf.body();
    assert.ok(bytes.subarray(0, 5).toString() === "%PDF-" && bytes.includes("/StructTreeRoot"));
    const all = JSON.stringify([...entries(server, "subject.searched"), ...entries(server, "subject.answered")]);
    assert.ok(!all.includes("SUBJECT"), "the search is recorded without the person");
    assert.equal(entries(server, "subject.answered").at(-1).withheld, 1);
  });

  test(`an erasure takes two persons, ${how}`, async () => {
    const ref = await handed();
    const outbox = join(dirname(server.database), "outbox");
    assert.ok(readdirSync(outbox).some((file) => file.startsWith(ref)), "the outbox holds it");
    const page = await open("dpo", { javaScriptEnabled });
    await page.goto("/erasure");
    await check(page, "erasure-plan");
    await page.getByRole("button", { name: "Propose the erasure" }).click();
    await check(page, "erasure-plan-error");
    await page.getByLabel("The person asks for it").check();
    await page.getByLabel("One referral’s reference").fill(ref);
    await page.getByRole("button", { name: "Propose the erasure" }).click();
    assert.match(await page.locator("main").innerText(), /You proposed this, so another person must approve it/);
    assert.equal(await page.getByRole("button", { name: "Approve" }).count(), 0);
    await check(page, "erasure-own-proposal");
    const address = page.url();
    assert.equal(await state(ref), "handed");
    const second = await open("chief", { javaScriptEnabled });
    await second.goto(address);
    await check(second, "erasure-approve");
    await second.getByRole("button", { name: "Approve: destroy it for good" }).click();
    assert.match(await second.locator("main").innerText(), /Destroyed: 1\. Kept: 0\./);
    assert.equal(await state(ref), "erased");
    assert.ok(!readdirSync(outbox).some((file) => file.startsWith(ref)), "the outbox lost it too");
    await page.goto(`/desk/${ref}`);
    assert.equal(await heading(page), "Erased");
    await check(page, "desk-case-erased");
  });
}

test("two people release at once: the second is told who did", async () => {
  const ref = await submitted();
  const one = await open("desk");
  const two = await open("desk");
  for (const page of [one, two]) {
    await page.goto(`/desk/${ref}/release`);
    await fillRelease(page);
  }
  await one.getByRole("button", { name: "Release it" }).click();
  await two.getByRole("button", { name: "Release it" }).click();
  assert.match(await two.locator("main").innerText(), /released it/);
  assert.equal(entries(server, "referral.released").filter((e) => e.referral === ref).length, 1);
});

test("who says that it is not safe now holds it", async () => {
  const ref = await submitted();
  const page = await open("desk");
  await page.goto(`/desk/${ref}/release`);
  await page.getByLabel("No, it is not safe to send it now: hold it").check();
  await page.getByRole("button", { name: "Release it" }).click();
  assert.match(await page.locator(".govuk-error-summary").innerText(), /Write why it is not safe/);
  await page.getByLabel("What was done for their safety, or why it is not safe").fill("A new address is being found.");
  await page.getByRole("button", { name: "Release it" }).click();
  const said = await page.locator("main").innerText();
  assert.match(said, /Held: The person is not safe yet/);
  assert.match(said, /A new address is being found\./);
  assert.equal(entries(server, "referral.released").filter((e) => e.referral === ref).length, 0);
  assert.equal(entries(server, "referral.held").filter((e) => e.referral === ref).length, 1);
});

test("a fact that is no longer so sends it back", async () => {
  const ref = await submitted();
  const page = await open("desk");
  await page.goto(`/desk/${ref}/release`);
  await fillRelease(page, { age_group: ["unknown"] });
  await page.getByRole("button", { name: "Release it" }).click();
  assert.match(await page.locator("main").innerText(), /The facts are not those that were authorised/);
  assert.equal(await heading(page), "Draft");
});

test("a release with the keyboard alone", async () => {
  const ref = await submitted();
  const page = await open("desk");
  await page.goto(`/desk/${ref}`);
  const press = async (key, until) => {
    for (let tries = 0; tries < 200; tries += 1) {
      await page.keyboard.press(key);
      if (await page.evaluate(until)) return;
    }
    throw new Error(`the keyboard does not get there: ${until}`);
  };
  await press("Tab", "document.activeElement.textContent === 'Release'");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/release$/);
  for (const [name, values] of [...Object.entries(now).map(([n, v]) => [`fact-${n}`, v]), ["safeguarding", ["done"]]]) {
    await press("Tab", `document.activeElement.name === "${name}"`);
    for (const value of values) {
      const there = `document.activeElement.name === "${name}" && document.activeElement.value === "${value}"`;
      const radio = await page.evaluate("document.activeElement.type === 'radio'");
      if (!await page.evaluate(there)) await press(radio ? "ArrowDown" : "Tab", there);
      if (!await page.evaluate("document.activeElement.checked")) await page.keyboard.press("Space");
    }
  }
  await press("Tab", "document.activeElement.textContent.trim() === 'Release it'");
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/desk/${ref}$`));
  assert.equal(entries(server, "referral.released").filter((e) => e.referral === ref).length, 1);
});

test("who has no part in it sees none of it", async () => {
  const ref = await submitted();
  for (const [who, paths] of [["officer", ["/tasks", `/desk/${ref}/release`, "/data-protection", "/erasure"]],
    ["desk", ["/data-protection", "/erasure"]], ["chief", ["/data-protection", `/desk/${ref}/release`]],
    ["dpo", [`/desk/${ref}/release`, `/desk/${ref}/outcome`]]]) {
    const page = await open(who);
    for (const path of paths) {
      const answer = await page.goto(path);
      assert.equal(answer.status(), 403, `${who} ${path}`);
    }
  }
});
