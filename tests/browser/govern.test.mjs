// SPDX-License-Identifier: Apache-2.0
// What two persons decide, in a real browser over the real server: the administrator's, the policy owner's and
// the Board's pages, with and without JavaScript, at 320 and 1280 px, with axe-core, and with the keyboard alone.
//
//   node --test tests/browser/govern.test.mjs
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { checkPage, entries, heading, launch, openPage, signIn, startServer } from "./server.mjs";

let server;
let browser;
const opened = [];

// A page on which this person is signed in.
async function as(name, options) {
  const made = await openPage(browser, server, options);
  opened.push(made);
  await signIn(made.page, server.people[name]);
  return made.page;
}
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const fill = (page, label, value) => page.getByLabel(label, { exact: true }).fill(value);
// Until the page of something that takes long has looked again by itself and found it done.
const finished = (page) => page.locator("h1", { hasNotText: /^(Comparing|Checking) the / }).waitFor();
const summary = (page) => page.locator(".govuk-error-summary").innerText();

before(async () => {
  server = await startServer();
  browser = await launch();
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
  const shot = (name) => `govern-${name}${javaScriptEnabled ? "" : "-plain"}`;

  // axe-core is itself a script: without JavaScript the pages are walked, and checked with it.
  const look = async (page, name) => { if (javaScriptEnabled) await checkPage(page, shot(name)); };

  test(`a destination changes when one proposes and another approves, ${how}`, async () => {
    const admin = await as("admin", { javaScriptEnabled });
    await admin.goto("/destinations");
    await look(admin, "destinations");
    await admin.getByRole("link", { name: "Change immigration-desk" }).click();
    assert.equal(await admin.getByLabel("Short name").inputValue(), "immigration-desk");
    await look(admin, "propose-destination");
    const address = `desk-${javaScriptEnabled}@enforcement.example`;
    await fill(admin, "E-mail address for referrals", "not an address");
    await fill(admin, "Telephone numbers", "+443069990123\n +443069990124 ");
    await fill(admin, "Domains", "enforcement.example");
    await fill(admin, "Why", "They moved.");
    await press(admin, "Propose this change");
    assert.match(await admin.title(), /^Error: /);
    assert.match(await summary(admin), /plain e-mail address/);
    assert.equal(await admin.getByLabel("Why", { exact: true }).inputValue(), "They moved.", "nothing typed is lost");
    await look(admin, "propose-destination-error");
    assert.equal(await admin.getByLabel("Telephone numbers", { exact: true }).inputValue(), "+443069990123\n +443069990124 ");
    await fill(admin, "E-mail address for referrals", address);
    await press(admin, "Propose this change");
    const where = new URL(admin.url()).pathname;
    assert.match(where, /^\/changes\/change_/);
    await look(admin, "change-own");
    assert.equal(await admin.getByRole("button", { name: "Approve this change" }).count(), 0);

    const board = await as("board", { javaScriptEnabled });
    await board.goto("/board/notices");
    assert.match(await board.locator("main").innerText(), new RegExp(address));
    assert.equal(await board.locator("main form").count(), 0, "the Board only reads");
    await look(board, "notices");

    const owner = await as("owner", { javaScriptEnabled });
    await owner.goto("/changes");
    await look(owner, "changes");
    await owner.goto(where);
    await press(owner, "Refuse this change");
    assert.match(await summary(owner), /Say why not/);
    await look(owner, "change-refuse-empty");
    await press(owner, "Approve this change");
    assert.match(await owner.locator("main").innerText(), /The change is in effect\./);
    await look(owner, "change-in-effect");
    await admin.goto("/destinations");
    assert.match(await admin.locator("main").innerText(), new RegExp(address));
    assert.match(await admin.locator("main").innerText(), /\+443069990123, \+443069990124/);
  });

  test(`offices are listed, added, given another name and taken away by two, ${how}`, async () => {
    const name = `North & West <${javaScriptEnabled ? "1" : "2"}>`;
    const admin = await as("admin", { javaScriptEnabled });
    const owner = await as("owner", { javaScriptEnabled });
    const offices = async () => {
      await admin.goto("/offices");
      return admin.locator("main tbody tr > :nth-child(2)").allInnerTexts();
    };
    const approve = async () => {
      await fill(admin, "Why", "Offices move.");
      await press(admin, "Propose this change");
      await owner.goto(new URL(admin.url()).pathname);
      await press(owner, "Approve this change");
      assert.match(await owner.locator("main").innerText(), /The change is in effect\./);
    };
    await admin.goto("/destinations");
    await admin.getByRole("link", { name: "The force’s offices" }).click();
    assert.equal(await heading(admin), "Offices");
    assert.deepEqual(await offices(), ["A", "B", "C"]);
    await look(admin, "offices");
    await admin.getByRole("link", { name: "Propose another office" }).click();
    await look(admin, "propose-office");
    await fill(admin, "Office", "b");
    await fill(admin, "Why", "Offices move.");
    await press(admin, "Propose this change");
    assert.match(await admin.title(), /^Error: /);
    assert.match(await summary(admin), /has 'b' twice/);
    assert.equal(await admin.getByLabel("Office", { exact: true }).inputValue(), "b", "nothing typed is lost");
    await look(admin, "propose-office-error");
    await fill(admin, "Office", "North");
    await approve();
    assert.deepEqual(await offices(), ["A", "B", "C", "North"]);
    await admin.getByRole("link", { name: "Change North", exact: true }).click();
    assert.equal(await admin.getByLabel("In place of").inputValue(), "North");
    await fill(admin, "Office", name);
    await approve();
    assert.deepEqual(await offices(), ["A", "B", "C", name]);
    await admin.getByRole("link", { name: "Office", exact: true }).click();
    assert.match(admin.url(), /sort=name/);
    const csv = await admin.request.get("/offices?format=csv");
    assert.match(csv.headers()["content-disposition"], /offices\.csv/);
    assert.deepEqual((await csv.text()).trim().split("\r\n").slice(0, 2), ['"Place","Office"', '"1","A"']);
    await admin.getByRole("link", { name: `Take away ${name}` }).click();
    assert.equal(await admin.getByLabel("Office", { exact: true }).inputValue(), name);
    await look(admin, "propose-end-office");
    await approve();
    assert.deepEqual(await offices(), ["A", "B", "C"]);
    const officer = await as("officer", { javaScriptEnabled });
    await officer.goto("/offices");
    assert.doesNotMatch(await officer.title(), /^Offices/);
  });

  test(`a person is added, given a rank by two, and suspended by one, ${how}`, async () => {
    const name = javaScriptEnabled ? "deputy" : "deputy2";
    const admin = await as("admin", { javaScriptEnabled });
    await admin.goto("/people");
    await look(admin, "people");
    await admin.getByRole("link", { name: "Add a person" }).click();
    await press(admin, "Add this person");
    assert.match(await summary(admin), /Enter a sign-in name/);
    await look(admin, "person-add-error");
    await fill(admin, "Sign-in name", name);
    await fill(admin, "Name that colleagues see", `Example ${name}`);
    await admin.getByLabel("chief officer").check();
    await press(admin, "Add this person");
    assert.equal(await heading(admin), "Person added");
    const once = (await admin.locator(".govuk-inset-text").innerText()).trim();
    assert.match(once, /^[a-z0-9]{4}(-[a-z0-9]{4}){4}$/);
    await admin.getByRole("link", { name: "I have handed it over" }).click();
    assert.ok(!(await admin.content()).includes(once), "shown once");
    await look(admin, "person");
    await admin.getByRole("link", { name: "Propose a rank", exact: true }).click();
    assert.equal(await admin.getByLabel("Sign-in name").inputValue(), name);
    await fill(admin, "Rank", "chief_officer");
    await fill(admin, "First day", "2026-01-01");
    await fill(admin, "Why", "Deputy.");
    await press(admin, "Propose this change");
    const owner = await as("owner", { javaScriptEnabled });
    await owner.goto(new URL(admin.url()).pathname);
    await press(owner, "Approve this change");
    await admin.goto(`/people?search=${name}`);
    await admin.getByRole("link", { name, exact: true }).click();
    assert.match(await admin.locator("main").innerText(), /chief officer from 2026-01-01/);
    await press(admin, "Make a new one-time password");
    await look(admin, "person-password");
    await admin.getByRole("link", { name: "I have handed it over" }).click();
    await press(admin, "Suspend this person");
    assert.match(await admin.locator("main").innerText(), /suspended and signed out/);
    const given = entries(server, "person.changed").filter((entry) => entry.change && entry.ranks.length > 0);
    assert.ok(given.length >= 1, "the record says by which change the rank was given");
  });

  test(`services, settings, training and evidence, ${how}`, async () => {
    const name = javaScriptEnabled ? "records" : "records2";
    const admin = await as("admin", { javaScriptEnabled });
    await admin.goto("/services");
    await look(admin, "services-none");
    await fill(admin, "The service's name", name);
    await press(admin, "Add this service");
    assert.match(await admin.locator(".govuk-inset-text").innerText(), /^fbs_/);
    await look(admin, "service-token");
    await admin.getByRole("link", { name: "I have handed it over" }).click();
    await look(admin, "services");
    await admin.getByLabel("Service", { exact: true }).selectOption(name);
    await press(admin, "Suspend this service");
    assert.match(await admin.locator("main").innerText(), /The service is suspended\./);
    await admin.goto("/changes/propose/setting?name=referrals.erase_refused_days");
    await fill(admin, "Value", "many");
    await fill(admin, "Why", "x");
    await press(admin, "Propose this change");
    assert.match(await summary(admin), /whole number/);
    await press(admin, "Propose this change");

    const officer = await as("officer", { javaScriptEnabled });
    await officer.goto("/training");
    await look(officer, "training");
    assert.equal(await officer.locator("main ol > li").nth(1).innerText(), "A witness, because of nationality");
    await officer.locator("main a.govuk-link").nth(1).click();
    assert.equal(await officer.locator("h1").innerText(), "Case 2: A witness, because of nationality");
    await officer.getByText("Show the answer").click();
    await look(officer, "training-case");
    await officer.goto("/people");
    assert.doesNotMatch(await officer.title(), /^People/);

    const owner = await as("owner", { javaScriptEnabled });
    await owner.goto("/evidence");
    assert.match(await owner.locator("main").innerText(), /What these figures cannot show/);
    await look(owner, "evidence");
    const csv = await owner.request.get("/evidence.csv");
    assert.match(await csv.text(), /^kind,what,/);
  });

  test(`a policy is drafted, checked, compared and put in force by two, ${how}`, async () => {
    const owner = await as("owner", { javaScriptEnabled });
    await owner.goto("/policies");
    await look(owner, "policies");
    await owner.getByRole("link", { name: "Write a draft" }).click();
    const text = await owner.getByLabel("Text", { exact: true }).inputValue();
    assert.match(text, /^policy |\npolicy /);
    await fill(owner, "Text", text.replace(/version \d+\n/, "versoin 2\n"));
    await press(owner, "Save and check");
    await finished(owner);
    assert.match(await owner.locator("main").innerText(), /version/);
    await look(owner, "draft-check-wrong");
    await owner.getByRole("link", { name: "Change the draft" }).click();
    assert.match(await owner.getByLabel("Text", { exact: true }).inputValue(), /versoin/, "the draft is kept");
    await look(owner, "draft");
    const next = javaScriptEnabled ? 2 : 3;
    await fill(owner, "Text", text.replace(/version \d+\n/, `version ${next}\n`));
    await press(owner, "Save and check");
    await finished(owner);
    assert.match(await owner.locator("main").innerText(), /Nothing was found/);
    await owner.getByRole("link", { name: "Compare it with the policy in force" }).click();
    await finished(owner);
    assert.match(await owner.locator("main").innerText(), /The two answer the same in all/);
    await look(owner, "draft-same");
    // Consent would count, and age would not.
    await owner.goto("/policies/draft");
    await fill(owner, "Text", text.replace(/version \d+\n/, `version ${next}\n`)
      .replace("when age_group is not adult", "when consent is not given"));
    await press(owner, "Save and compare");
    assert.equal(await heading(owner), "Comparing the policies");
    assert.equal(await owner.getByRole("status").count(), 1);
    await look(owner, "draft-progress");
    await finished(owner);
    assert.match(await owner.locator("main").innerText(), /The two answer differently in .* stricter in/);
    assert.ok(await owner.locator("svg.fb-difference__picture rect.stricter").count() > 0, "the picture");
    assert.ok(await owner.getByRole("rowheader").count() > 1, "the same in numbers");
    assert.equal(await owner.getByRole("heading", { name: "Region 1", exact: true }).count(), 1);
    assert.equal(await owner.locator("[style]").count(), 0);
    await look(owner, "draft-differences");
    await owner.goto("/policies/draft");
    await fill(owner, "Text", text.replace(/version \d+\n/, `version ${next}\n`));
    await press(owner, "Save");
    await owner.goto("/policies/draft/propose");
    await look(owner, "draft-propose");
    const from = new Date(Date.now() + next * 86400000).toISOString().slice(0, 10);
    await fill(owner, "First day", "2020-01-01");
    await fill(owner, "Why", "As the new instruction says.");
    await press(owner, "Propose this change");
    assert.match(await owner.title(), /^Error: /);
    await fill(owner, "First day", from);
    await press(owner, "Propose this change");
    const where = new URL(owner.url()).pathname;
    assert.match(where, /^\/changes\/change_/);
    const admin = await as("admin", { javaScriptEnabled });
    await admin.goto(where);
    await admin.getByRole("link", { name: /^Read the text/ }).click();
    await look(admin, "policy-text");
    await admin.goto(where);
    await press(admin, "Approve this change");
    assert.match(await admin.locator("main").innerText(), /The change is in effect\./);
    await owner.goto("/policies");
    assert.match(await owner.locator("main").innerText(), new RegExp(`version ${next}`), "without a restart");
  });
}

test("a draft that is too long is shown again, and one that is not read is answered by a page", async () => {
  const owner = await as("owner");
  await owner.goto("/policies/draft");
  const long = "# longer than is taken\n".repeat(20_000);
  // As if pasted: a browser takes minutes to type so much.
  await owner.getByLabel("Text", { exact: true }).evaluate((box, text) => { box.value = text; }, long);
  await press(owner, "Save and check");
  assert.match(await owner.title(), /^Error: /);
  assert.match(await summary(owner), /at most 256 KiB/);
  assert.equal((await owner.getByLabel("Text", { exact: true }).inputValue()).length, long.length, "nothing typed is lost");
  const csrf = await owner.locator("input[name=csrf]").first().inputValue();
  for (const megabytes of [1, 5]) {
    const form = { csrf, reason: "x".repeat(megabytes << 20) };
    const sent = await owner.request.post("/policies/draft/propose", { form });
    assert.equal(sent.status(), 413);
    const page = await sent.text();
    assert.match(page, /There is a problem with what was sent/);
    assert.match(page, /most browsers still show what you typed/);
    assert.match(page, /<nav/, "in the frame");
  }
});

test("the keyboard alone approves a change", async () => {
  const admin = await as("admin");
  await admin.goto("/changes/propose/setting?name=referrals.erase_refused_days");
  assert.match(await admin.getByLabel("Setting", { exact: true }).locator("option:checked").innerText(),
    /^Days until a refused or withdrawn referral is erased \(now \d+\)$/);
  await fill(admin, "Value", "21");
  await fill(admin, "Why", "Sooner.");
  await press(admin, "Propose this change");
  const owner = await as("owner");
  await owner.goto(new URL(admin.url()).pathname);
  for (let tries = 0; tries < 60; tries += 1) {
    await owner.keyboard.press("Tab");
    if (await owner.evaluate(() => document.activeElement.textContent.trim()) === "Approve this change") break;
  }
  await owner.keyboard.press("Enter");
  await owner.getByText("The change is in effect.").waitFor();
});
