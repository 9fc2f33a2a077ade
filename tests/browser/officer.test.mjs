// SPDX-License-Identifier: Apache-2.0
// An officer's referral from the first question to its submission, and the supervisor's look at it, in a real browser
// over the real server: with and without JavaScript, with the keyboard alone, with two tabs, and with hostile input.
//
//   node --test tests/browser/officer.test.mjs
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { exceptional, suspect } from "./cases.mjs";
import { checkPage, entries, heading, interview, launch, openPage, signIn, startServer } from "./server.mjs";

let server;
let browser;
let context;
let page;
let faults;
let visited;

const open = async (options) => {
  await context?.close();
  ({ context, page, faults, visited } = await openPage(browser, server, { viewport: { width: 1280, height: 900 }, ...options }));
  page.setDefaultTimeout(15_000);
};

before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(() => open());
afterEach(() => {
  assert.deepEqual(faults, [], "the browser complained");
  // No answer, and nobody's name, ever stands in an address.
  for (const address of visited) {
    assert.match(address, /^(about:blank|\/(sign-in|password)?(\?next=[a-z_%/-]*)?|\/question(\/[a-z_]+)?|\/answer|\/referrals(\?[a-z=&]*)?|\/referrals\/ref_[0-9a-z]{26}\/[a-z_/0-9-]+|\/supervisor(\/ref_[0-9a-z]{26}(\/[a-z]+)?)?)$/);
  }
});

const press = (name) => page.getByRole("button", { name, exact: true }).click();
const follow = (name) => page.getByRole("link", { name, exact: true }).click();
const summary = () => page.locator(".govuk-error-summary").innerText();
const base = () => new URL(page.url()).pathname.match(/^\/referrals\/ref_[0-9a-z]{26}/)[0];

const convicted = {
  offence: "Murder", place: "Another country", source: "Extract of that country’s register", equivalence: "Murder, 001/01",
  classed_by: "Sgt Example, criminal records desk",
};

// Opens a task from the task list, fills what it asks for, and saves it.
async function task(name, fill) {
  await follow(name);
  await fill();
  await press("Save and return");
}
const write = (texts) => async () => {
  for (const [id, text] of Object.entries(texts)) await page.locator(`#${id}`).fill(text);
};
const choose = (name, value) => page.locator(`input[name="${name}"][value="${value}"]`).check();

async function references(number) {
  await task("The occurrence and the person’s reference", async () => {
    await write({ occurrence: `OCC-2026-00000${number}`, person: `PER-00000${number}` })();
    await choose("district", "A");
  });
}

async function history() {
  await follow("History of offending in another country");
  await follow("Add a conviction or an allegation");
  await choose("kind", "conviction");
  await write(convicted)();
  await page.locator("#date-year").fill("2011");
  await page.locator("#reliability").selectOption("1A");
  await choose("class", "high_harm");
}

const limbs = [
  "The history of high-harm offending: what, where, when, and how it was verified",
  "Why it is necessary, and which less intrusive step was considered",
  "Why it is proportionate",
  "Which further offending it would help to prevent",
  "What it means for the safety of this person and of others, and what has been done about it",
];

// All that an exceptional case needs besides its facts, each part checked as a page the first time.
async function fillException(number, look = async () => {}) {
  await references(number);
  await history();
  await look("officer-history-entry");
  await press("Save and return");
  await look("officer-history");
  await press("Return to the tasks");
  for (const [index, limb] of limbs.entries()) {
    await follow(limb);
    await look(`officer-limb-${index}`);
    await page.locator("textarea").fill(`Reason ${index}.\nA second line.`);
    await press("Save and return");
  }
  await task("The less intrusive step that was considered", write({ less_intrusive: "A warning; it would come too late." }));
  await task("Assurance code", () => choose("held", "no"));
  await follow("What would be sent");
  await look("officer-fields");
  await write({ name: "Zebedee Quillfeather", offending_summary: "Convicted of murder.", grounds: "Risk of more." })();
  for (const [part, value] of [["day", "3"], ["month", "2"], ["year", "1980"]]) await page.locator(`#date_of_birth-${part}`).fill(value);
  await press("Save and return");
}

async function beginFromAnswer(look = async () => {}) {
  await page.goto("/");
  await press("Start now");
  await interview(page, exceptional);
  await look("officer-answer");
  assert.match(await page.locator(".fb-answer").innerText(), /Reference to quote: Q-\d{6}/);
  await press("Start a referral with these facts");
  assert.equal(await heading(page), "Your referral");
}

test("from an answer to a submitted referral, every part on a page of its own", async () => {
  await signIn(page, server.people.officer);
  const look = (name) => checkPage(page, name);
  await beginFromAnswer(look);
  assert.match(await page.locator(".fb-answer").innerText(), /Only after a chief officer’s sign-off/);
  await look("officer-tasks-begun");
  await fillException(1, look);
  await follow("Is it urgent?");
  await look("officer-urgent");
  await page.getByRole("link", { name: "Back" }).click();
  await look("officer-tasks-done");
  await press("Check your answers");
  const checked = await page.locator("main").innerText();
  for (const said of ["OCC-2026-000001", "Murder", "Reason 3.", "Zebedee Quillfeather", "No, none is held"]) assert.ok(checked.includes(said), said);
  await look("officer-check");
  // A second submission of the same page, as of a double click or the back button, submits nothing.
  const form = await page.locator("main form").evaluate((element) => new URLSearchParams(new FormData(element)).toString());
  const address = await page.locator("main form").getAttribute("action");
  await press("Submit this referral");
  assert.match(await page.locator(".govuk-notification-banner").innerText(), /was submitted/);
  const again = await context.request.post(address, { data: form, headers: { "Content-Type": "application/x-www-form-urlencoded", Origin: server.url } });
  assert.equal(again.url().replace(server.url, ""), `${base()}/steps`);
  assert.equal(entries(server, "referral.submitted").length, 1);
  assert.equal(entries(server, "referral.begun").length, 1);
  await look("officer-submitted");
  assert.match(await page.locator(".fb-timeline").innerText(), /Begun[\s\S]*You[\s\S]*Submitted/);
  await page.goto("/referrals");
  await look("officer-list");
  assert.match(await page.locator("table").innerText(), /Submitted/);
  // Nothing of the content stands in the record.
  for (const kind of ["referral.begun", "referral.saved", "referral.submitted"]) {
    const text = JSON.stringify(entries(server, kind));
    for (const secret of ["Quillfeather", "OCC-2026", "Reason 3", "high_harm"]) assert.ok(!text.includes(secret), `${kind}: ${secret}`);
  }
});

test("the supervisor returns it with reasons, it is revised, and then forwarded", async () => {
  await signIn(page, server.people.supervisor);
  await page.goto("/supervisor");
  await checkPage(page, "supervisor-queue");
  await page.locator("table tbody a").first().click();
  await checkPage(page, "supervisor-referral");
  await press("Return it");
  await press("Return the referral");
  assert.match(await summary(), /Select a reason/);
  await checkPage(page, "supervisor-return-error");
  await choose("reason", "other");
  await press("Return the referral");
  assert.match(await summary(), /Say in the note/);
  await choose("reason", "incomplete");
  await page.locator("#note").fill("<b>Say more</b> of the role.");
  await press("Return the referral");
  assert.match(await page.locator(".govuk-notification-banner").innerText(), /returned/);
  assert.match(await page.locator("main").innerText(), /Nothing waits for a supervisor/);

  await open();
  await signIn(page, server.people.officer);
  await page.goto("/referrals");
  await page.locator("table tbody a").first().click();
  await page.goto(`${base()}/steps`);
  const said = await page.locator(".fb-timeline").innerText();
  assert.match(said, /Returned to the requester[\s\S]*A supervisor[\s\S]*Something is missing or not clear[\s\S]*<b>Say more<\/b>/);
  await checkPage(page, "officer-returned");
  await press("Revise it");
  await follow("Changes of the person’s role");
  await follow("Add a change");
  await write({ hours_before: "30", office: "Custody" })();
  await choose("from", "suspect");
  await choose("to", "victim");
  await press("Save and return");
  await checkPage(page, "officer-role-changes");
  await press("Return to the tasks");
  await press("Check your answers");
  await press("Submit this referral");

  await open();
  await signIn(page, server.people.supervisor);
  await page.goto("/supervisor");
  await page.locator("table tbody a").first().click();
  assert.match(await page.locator(".govuk-inset-text").innerText(), /From “Suspect” to “Victim”, 30 hours before, by: Custody/);
  await checkPage(page, "supervisor-role-changed");
  await press("Forward it");
  await choose("reason", "complete");
  await press("Forward the referral");
  assert.match(await page.locator(".govuk-notification-banner").innerText(), /forwarded/);
  await page.locator("table tbody a").first().click();
  assert.equal(await page.getByRole("button", { name: "Forward it" }).count(), 0, "it is forwarded once");
  assert.equal(entries(server, "referral.forwarded").length, 1);
});

// The facts of a suspect, chosen on the task list; gives the number of facts asked.
async function suspectFacts() {
  await task("Where it would go", () => choose("destination", "immigration-desk"));
  for (let asked = 0; asked < 12; asked += 1) {
    const link = page.locator(".govuk-task-list__item", { hasText: "Not started yet" }).locator("a[href*='/fact/']").first();
    if (await link.count() === 0) return;
    const question = (await link.innerText()).trim();
    await link.click();
    for (const label of [suspect[question] ?? "I do not know"].flat()) await page.getByLabel(label, { exact: true }).check();
    await press("Continue");
  }
  assert.fail("the facts do not end");
}

async function beginEmpty() {
  await page.goto("/referrals");
  await press("Start a referral");
}

test("a suspect: signs of slavery come first, and one that is found changes the answer", async () => {
  await signIn(page, server.people.officer);
  await beginEmpty();
  await checkPage(page, "officer-tasks-empty");
  await references(2);
  await suspectFacts();
  await checkPage(page, "officer-tasks-suspect");
  assert.match(await page.locator(".fb-answer").innerText(), /through a referral/);
  await task("Why this referral is made", write({ rationale: "Suspected of burglary." }));
  await task("What would be sent", write({ name: "Zebedee Quillfeather", offence: "Burglary", grounds: "Suspected of it." }));
  await follow("Changes of the person’s role");
  await press("The role was not changed");
  assert.match(await page.locator("main").innerText(), /You said that the role was not changed/);
  await press("Return to the tasks");
  assert.equal(await page.getByRole("button", { name: "Check your answers" }).count(), 0, "the signs come first");
  await follow("Signs of slavery or trafficking");
  await checkPage(page, "officer-indicators");
  for (const name of ["controlled", "papers_held", "debt_or_pay", "afraid_or_coached", "living_or_working"]) await choose(name, "no");
  await choose("made_to_offend", "yes");
  for (const [part, value] of [["day", "1"], ["month", "1"], ["year", "2026"]]) await page.locator(`#checked_on-${part}`).fill(value);
  await press("Save and return");
  await page.getByRole("button", { name: "Check your answers" }).click();
  await press("Submit this referral");
  assert.match(await summary(), /A sign of slavery or trafficking was found/);
  await checkPage(page, "officer-check-refused");
  await follow("Go to the part that this is about");
  assert.equal(await heading(page), "Signs of slavery or trafficking");
  await page.goto(`${base()}/tasks`);
  // Once the person is treated as a victim the policy refuses, at once, with what to offer.
  await follow("What is this person's part in the matter?");
  await page.getByLabel("Victim", { exact: true }).check();
  await press("Continue");
  await follow("History of offending in another country");
  await press("No such history is known");
  await checkPage(page, "officer-history-none");
  await press("Return to the tasks");
  assert.match(await page.locator("main").innerText(), /Do not share[\s\S]*Reference to quote: Q-\d{6}[\s\S]*Support to offer/);
  await checkPage(page, "officer-tasks-refused");
  await page.goto(`${base()}/withdraw`);
  await checkPage(page, "officer-withdraw");
  await press("Withdraw the referral");
  assert.match(await page.locator(".govuk-tag").first().innerText(), /Withdrawn/);
});

test("two tabs: the second is told, sees both, and loses nothing", async () => {
  await signIn(page, server.people.officer);
  await beginEmpty();
  await page.goto(`${base()}/task/alternative`);
  const other = await context.newPage();
  await other.goto(page.url());
  await other.locator("textarea").fill("Written in the other tab.");
  await other.getByRole("button", { name: "Save and return" }).click();
  await page.locator("textarea").fill("Written in this tab.");
  await press("Save and return");
  assert.match(await summary(), /changed after you opened this page/);
  assert.match(await page.title(), /^Error: /);
  assert.match(await page.locator(".govuk-inset-text").innerText(), /Written in the other tab/);
  assert.equal(await page.locator("textarea").inputValue(), "Written in this tab.");
  await checkPage(page, "officer-two-tabs");
  await press("Save and return");
  assert.match(page.url(), /\/tasks$/);
  await page.goto(`${base()}/task/alternative`);
  assert.equal(await page.locator("textarea").inputValue(), "Written in this tab.");
  // The same for a list, and for the page that is checked before it is sent.
  await page.goto(`${base()}/task/role-changes`);
  await other.goto(page.url().replace("role-changes", "history"));
  await other.getByRole("button", { name: "No such history is known" }).click();
  await press("The role was not changed");
  assert.match(await summary(), /changed in another tab/);
  await press("The role was not changed");
  assert.match(await page.locator("main").innerText(), /You said that the role was not changed/);
  await other.close();
});

test("a form sent twice begins one referral, and the back button another only when asked again", async () => {
  await signIn(page, server.people.officer);
  await page.goto("/referrals");
  const before = entries(server, "referral.begun").length;
  const form = await page.locator("main form").first().evaluate((element) => new URLSearchParams(new FormData(element)).toString());
  const send = () => context.request.post("/referrals/begin", { data: form, headers: { "Content-Type": "application/x-www-form-urlencoded", Origin: server.url } });
  const [one, two] = [await send(), await send()];
  assert.equal(one.url(), two.url());
  assert.equal(entries(server, "referral.begun").length, before + 1);
});

test("hostile input is shown as text, refused by its box, and kept", async () => {
  await signIn(page, server.people.officer);
  await beginEmpty();
  const alternative = `${base()}/task/alternative`;
  const hostile = `<script>alert(1)</script> '; DROP TABLE event; -- {{CSRF}} & "quoted"`;
  await page.goto(alternative);
  await page.locator("textarea").fill(hostile);
  await press("Save and return");
  await page.goto(`${base()}/task/alternative`);
  assert.equal(await page.locator("textarea").inputValue(), hostile);
  // Characters that turn text round are refused, and shown so that they can be found.
  await page.locator("textarea").fill("He paid \u202e001 pounds");
  await press("Save and return");
  assert.match(await summary(), /hide other text or turn it round/);
  assert.equal(await page.locator("textarea").inputValue(), "He paid \ufffd001 pounds");
  assert.match(await page.title(), /^Error: /);
  await checkPage(page, "officer-hidden-characters");
  // A megabyte is too long; all of it is still there.
  const long = "x".repeat(1 << 20);
  await page.locator("textarea").fill(long);
  await press("Save and return");
  assert.match(await summary(), /too long/);
  assert.equal((await page.locator("textarea").inputValue()).length, long.length);
  // A name is no reference.
  await page.goto(`${base()}/task/person`);
  await write({ occurrence: "OCC-1", person: "Jane Doe" })();
  await press("Save and return");
  assert.match(await summary(), /Person: enter the records system’s reference, .* and not a name/);
  assert.equal(await page.locator("#person").inputValue(), "Jane Doe");
  await checkPage(page, "officer-person-error");
  // Dates and numbers that are none.
  await page.goto(`${base()}/task/history-1`);
  await page.locator("#date-day").fill("31");
  await page.locator("#date-month").fill("2");
  await page.locator("#date-year").fill("2011");
  await press("Save and return");
  assert.match(await summary(), /real date/);
  assert.equal(await page.locator("#date-day").inputValue(), "31");
  await page.goto(`${base()}/task/role-change-1`);
  await page.locator("#hours_before").fill("soon");
  await press("Save and return");
  assert.match(await summary(), /whole number/);
  for (const nowhere of ["nothing", "history-99", "reason-nothing"]) {
    await page.goto(`${base()}/task/${nowhere}`);
    assert.match(page.url(), /\/tasks$/);
  }
});

test("another's referral is not there", async () => {
  await signIn(page, server.people.officer);
  await page.goto("/referrals");
  await page.locator("table tbody a").last().click();
  const own = base();
  await open();
  await signIn(page, server.people.supervisor);
  for (const part of ["tasks", "task/person", "check", "steps", "withdraw", "consent"]) {
    const answer = await page.goto(`${own}/${part}`);
    assert.equal(answer.status(), 404, part);
  }
});

test("without JavaScript, at 320 px, with the keyboard alone", async () => {
  await open({ javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
  await signIn(page, server.people.officer);
  await beginFromAnswer();
  await fillException(3);
  await page.getByRole("button", { name: "Check your answers" }).click();
  // From the top of the page to the button, and nothing but keys.
  const target = "Submit this referral";
  for (let tabs = 0; tabs < 200; tabs += 1) {
    await page.keyboard.press("Tab");
    const at = await page.locator("*:focus").innerText().catch(() => "");
    if (at.trim() === target) break;
    assert.ok(tabs < 199, "the button is never reached");
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/steps$/);
  assert.match(await page.locator(".govuk-notification-banner").innerText(), /was submitted/);
});
