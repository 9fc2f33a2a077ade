// SPDX-License-Identifier: Apache-2.0
// What takes two persons, each in a browser of their own with Chromium's virtual authenticator: the confirmation of
// a chief officer's passkey, and a sign-off under a policy that asks for two; who had a part in a request is refused.
//
//   node --test tests/browser/two_persons.test.mjs
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { checkPage, entries, launch, openPage, password, root, signIn, startServer } from "./server.mjs";

let folder;
let server;
let browser;
const people = {};  // by sign-in name: { name, password, page, context, faults, token }

const kOptions = {
  protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true,
  isUserVerified: true, automaticPresenceSimulation: true,
};
const kNarrow = { width: 320, height: 640 };
const kWide = { width: 1280, height: 800 };

// The policy of the demonstration, where two chief officers sign.
function policyOfTwo() {
  folder = mkdtempSync(join(tmpdir(), "firebreak-policies-"));
  cpSync(join(root, "policies"), folder, { recursive: true });
  const file = join(folder, "psni-service-instruction.policy");
  const text = readFileSync(file, "utf8");
  const one = 'sign an exceptional case"\n  default 1';
  assert.ok(text.includes(one));
  writeFileSync(file, text.replace(one, one.replace("default 1", "default 2")));
  return file;
}

async function call(path, body, person, method = "POST") {
  const answer = await fetch(server.url + path, { method, body: body && JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...(person ? { Authorization: `Bearer ${person.token}` } : {}) } });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

// In a browser of their own, with an authenticator, signed in there and at the API.
async function come(person, viewport) {
  const named = { ...server, url: server.url.replace("127.0.0.1", "localhost") };
  Object.assign(person, await openPage(browser, named, { viewport }));
  const devtools = await person.context.newCDPSession(person.page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", { options: kOptions });
  await signIn(person.page, person);
  person.token = (await call("/v1/session", { name: person.name, password })).token;
  people[person.name] = person;
}

// Added by the administrator on the page.
async function added(name, display, ...roles) {
  const { page } = people.admin;
  await page.goto("/people/add");
  await page.getByLabel("Sign-in name").fill(name);
  await page.getByLabel("Name that colleagues see").fill(display);
  for (const role of roles) await page.getByLabel(role, { exact: true }).check();
  await page.getByRole("button", { name: "Add this person" }).click();
  return { name, password: (await page.locator(".govuk-inset-text").innerText()).trim() };
}

// One proposes, the other approves; in the demonstration it counts at once.
async function decided(request) {
  const change = await call("/v1/changes", { ...request, reason: "For the test." }, people.admin);
  const done = await call(`/v1/changes/${change.change}/approve`, {}, people.owner);
  assert.equal(done.state, "took_effect");
}

async function register(person) {
  const { page } = person;
  await page.goto("/account/passkeys/new");
  await page.getByLabel("Your password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("A name by which you will know it again").fill(`the key of ${person.name}`);
  await page.getByRole("button", { name: "Create the passkey" }).click();
  await page.getByText("The passkey is registered").waitFor();
}

// Presses a button with the keyboard alone.
async function pressByKeyboard(page, name) {
  const button = page.getByRole("button", { name });
  for (let steps = 0; steps < 80; steps += 1) {
    await page.keyboard.press("Tab");
    if (await button.first().evaluate((element) => element === document.activeElement)) {
      await page.keyboard.press("Enter");
      return;
    }
  }
  assert.fail(`the keyboard does not reach ${name}`);
}

async function submitted() {
  const draft = JSON.parse(readFileSync(join(root, "docs/examples/referral.json"), "utf8"));
  const made = await call("/v1/referrals", draft, people.officer);
  await call(`/v1/referrals/${made.referral}/submit`, {}, people.officer);
  return made.referral;
}

async function signOff(person, ref) {
  const { page } = person;
  await page.goto(`/sign-off/${ref}`);
  await page.getByLabel("Authorise exactly this message").check();
  await pressByKeyboard(page, "Continue");
  await page.getByRole("heading", { name: "Sign off with your passkey" }).waitFor();
  await checkPage(page, `two-sign-offs-${person.name}-passkey`);
  await pressByKeyboard(page, "Sign with your passkey");
}

before(async () => {
  server = await startServer({ policy: policyOfTwo() });
  browser = await launch();
  for (const name of ["admin", "owner", "officer"]) await come(server.people[name], kWide);
  await come(server.people.chief, kNarrow);
  const second = await added("second", "Second chief officer", "chief officer");
  const returner = await added("returner", "Chief officer who returned it", "chief officer");
  const admin2 = await added("admin2", "Second administrator", "administrator");
  const today = new Date().toLocaleDateString("en-GB", { timeZone: "Europe/London", year: "numeric", month: "2-digit", day: "2-digit" })
    .split("/").reverse().join("-");
  for (const name of ["second", "returner"])
    await decided({ type: "rank", person: name, rank: "chief_officer", from: today });
  await decided({ type: "setting", name: "sign_in.passkeys_by_two", value: true });
  await come(second, kWide);
  await come(returner, kNarrow);
  await come(admin2, kNarrow);
});
after(async () => {
  const faults = Object.values(people).flatMap((person) => person.faults);
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
  assert.deepEqual(faults, [], "the browser complained");
});

test("two others confirm each chief officer's passkey, and the Board is told", async () => {
  await register(people.chief);
  await register(people.second);
  for (const name of ["admin", "admin2"]) {
    const { page } = people[name];
    await page.goto("/passkeys");
    await checkPage(page, `passkeys-waiting-${name}`);
    for (let left = 2; left > 0; left -= 1) {
      await page.goto("/passkeys");
      assert.equal(await page.getByRole("button", { name: /confirm it/ }).count(), left);
      await pressByKeyboard(page, /confirm it/);
      await page.getByText("Your confirmation is recorded.").waitFor();
    }
    await checkPage(page, `passkeys-confirmed-${name}`);
    const waits = await page.getByText("None waits.").count();
    assert.equal(waits, name === "admin" ? 0 : 1, "one person is not enough, and confirms once");
  }
  const told = entries(server, "person.changed").filter((entry) => entry.notice === "board" && entry.passkeys.length);
  assert.equal(told.length, 6, "two added, four confirmations");
});

test("two chief officers sign, and each once", async () => {
  const ref = await submitted();
  const { chief, second } = people;
  await signOff(chief, ref);
  await chief.page.getByText(`You signed off ${ref}.`).first().waitFor();
  await chief.page.goto(`/sign-off/${ref}`);
  await chief.page.getByText("You have signed it off. Another person must, too.").first().waitFor();
  await checkPage(chief.page, "two-sign-offs-one-of-two");
  assert.match(await chief.page.locator("main").innerText(), /1 of 2/);
  assert.equal((await call(`/v1/referrals/${ref}`, undefined, people.officer, "GET")).state, "submitted");
  await signOff(second, ref);
  await second.page.getByText(`You signed off ${ref}.`).first().waitFor();
  await checkPage(second.page, "two-sign-offs-done");
  assert.equal((await call(`/v1/referrals/${ref}`, undefined, people.officer, "GET")).state, "authorised");
  const signed = entries(server, "referral.authorised").filter((entry) => entry.referral === ref);
  assert.deepEqual(new Set(signed.map((entry) => entry.actor)).size, 2);
});

test("who returned it does not sign it", async () => {
  const ref = await submitted();
  const { page } = people.returner;
  await page.goto(`/sign-off/${ref}`);
  await page.locator("input[name=decision][value=return]").check();
  await page.getByLabel("Reason, if you do not authorise").selectOption("not_necessary");
  await pressByKeyboard(page, "Continue");
  await page.waitForURL(/\/sign-off$/);
  await call(`/v1/referrals/${ref}/submit`, {}, people.officer);
  await page.goto("/sign-off");
  await page.getByText("You had a part in it: another chief officer decides.").first().waitFor();
  await checkPage(page, "sign-off-queue-own-part");
  await page.goto(`/sign-off/${ref}`);
  await page.getByText("You have returned, released or settled this referral before").first().waitFor();
  assert.equal(await page.getByLabel("Authorise exactly this message").count(), 0);
  await checkPage(page, "sign-off-own-part");
  await page.goto(`/sign-off/${ref}/passkey/1`);
  assert.equal(await page.getByRole("button", { name: "Sign with your passkey" }).count(), 0);
});

test("the administrator sees every key, and takes the list along", async () => {
  const { page } = people.admin;
  await page.goto("/keys");
  await checkPage(page, "keys");
  const text = await page.locator("main").innerText();
  for (const words of ["In use", "Second chief officer", "Key file", "Passkey"]) assert.ok(text.includes(words), words);
  const csv = await (await page.request.get("/keys?format=csv")).text();
  assert.match(csv, /^"Holder","Kind","Key","Public part","State","Since","Last recorded use"\r\n/);
  assert.equal(csv.split("\r\n").filter((line) => /,"Passkey","passkey_[0-9a-f]{16}","ES256 /.test(line)).length, 2);
  assert.doesNotMatch(csv, /the key of/, "what a holder calls it may tell of them");
});
