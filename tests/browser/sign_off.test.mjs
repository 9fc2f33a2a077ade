// SPDX-License-Identifier: Apache-2.0
// Passkeys and the sign-off in a real browser, with Chromium's own virtual authenticator: registered, signed in
// with, signed with to an authorised referral; and what must be refused, refused.
//
//   node --test tests/browser/sign_off.test.mjs
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { binary, checkPage, entries, heading, launch, openPage, root, signIn, startServer } from "./server.mjs";

let server;
let browser;
let context;
let page;
let faults;
let devtools;
let authenticatorId;

const kOptions = {
  protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true,
  isUserVerified: true, automaticPresenceSimulation: true,
};

// Passkeys belong to a name and never to an address.
const named = () => ({ ...server, url: server.url.replace("127.0.0.1", "localhost") });

async function open(options = {}) {
  await context?.close();
  ({ context, page, faults } = await openPage(browser, named(), options));
}

// The same authenticator in this page: `held` are the credentials that it holds from before.
async function addAuthenticator(held = []) {
  devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  ({ authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", { options: kOptions }));
  for (const credential of held) await devtools.send("WebAuthn.addCredential", { authenticatorId, credential });
}
const credentials = async () => (await devtools.send("WebAuthn.getCredentials", { authenticatorId })).credentials;

async function register(person, name = "work telephone") {
  await page.goto("/account/passkeys/new");
  await page.getByLabel("Your password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("A name by which you will know it again").fill(name);
  await page.getByRole("button", { name: "Create the passkey" }).click();
  await page.getByText("The passkey is registered").waitFor();
}

// A victim's exceptional referral, submitted through the API by the officer.
async function submitted(more = {}) {
  const { officer } = server.people;
  const call = async (path, body, token) => {
    const answer = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) } });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.json();
  };
  const { token } = await call("/v1/session", { name: officer.name, password: officer.password });
  const draft = JSON.parse(readFileSync(join(root, "docs/examples/referral.json"), "utf8"));
  const made = await call("/v1/referrals", { ...draft, ...more }, token);
  return (await call(`/v1/referrals/${made.referral}/submit`, {}, token)).referral;
}

const authorise = async (ref) => {
  await page.goto(`/sign-off/${ref}`);
  await page.getByLabel("Authorise exactly this message").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Sign off with your passkey" }).waitFor();
};
const sign = () => page.getByRole("button", { name: "Sign with your passkey" }).click();
const lastEntry = (kind) => entries(server, kind).at(-1);

let held = [];  // the chief officer's passkey, once registered

before(async () => {
  server = await startServer({ replace: { "checkpoint_seconds = 600": "checkpoint_seconds = 1" } });
  browser = await launch();
  await open();
  await signIn(page, server.people.officer);
  await open();
  await signIn(page, server.people.chief);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(() => open());
afterEach(() => assert.deepEqual(faults, [], "the browser complained"));

test("a chief officer registers a passkey and signs in with it alone", async () => {
  const waiting = await submitted();
  await addAuthenticator();
  await signIn(page, server.people.chief);
  await page.getByRole("link", { name: "Decide on referrals that wait for a sign-off" }).click();
  await authorise(waiting);
  await page.getByText("You have not registered a passkey. Register one").waitFor();
  await page.goto(`/sign-off/${waiting}`);
  await page.getByLabel("Reason, if you do not authorise").selectOption("incomplete");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText(`You refused ${waiting}.`).waitFor();
  await page.goto("/account/passkeys");
  await checkPage(page, "passkeys-none");
  await page.goto("/account/passkeys/create");
  assert.equal(await heading(page), "Register a passkey", "the password comes first");
  await checkPage(page, "passkey-password");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("link", { name: "Enter your password" }).waitFor();
  await page.getByLabel("Your password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("link", { name: "This is not your password." }).waitFor();
  await page.getByLabel("Your password", { exact: true }).fill(server.people.chief.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await checkPage(page, "passkey-create");
  await page.getByRole("button", { name: "Create the passkey" }).click();
  await page.getByRole("link", { name: "Enter a name of at most 60 characters" }).waitFor();
  await register(server.people.chief);
  await checkPage(page, "passkeys");
  assert.equal(lastEntry("person.changed").passkeys.length, 1);
  held = await credentials();

  await open();
  await addAuthenticator(held);
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Sign in with a passkey" }).click();
  await checkPage(page, "sign-in-passkey");
  await page.getByRole("button", { name: "Use your passkey" }).click();
  await page.getByText("You are signed in as Demo chief officer.").waitFor();
  assert.equal(lastEntry("passkey.used").actor, server.people.chief.id);
  held = await credentials();
});

test("the chief officer reads, refuses by default, and signs to an authorised referral", async () => {
  const first = await submitted();
  const second = await submitted();
  await open({ viewport: { width: 320, height: 640 } });
  await addAuthenticator(held);
  await signIn(page, server.people.chief);
  await page.goto("/sign-off");
  await checkPage(page, "sign-off-queue");
  assert.deepEqual(await page.locator("tbody th a").allInnerTexts(), [first, second], "the longest waiting first");
  await page.getByRole("link", { name: first }).click();
  assert.ok(await page.getByLabel("Refuse: nothing is sent").isChecked(), "refusing is chosen beforehand");
  await checkPage(page, "sign-off");
  const letter = page.getByRole("region", { name: "The message as its recipient reads it" });
  assert.match(await letter.innerText(), /^Referral ref_\w+\n\nName\n {2}Example Person 1\n\nDate of birth\n {2}1980-02-29\n/);
  assert.doesNotMatch(await letter.innerText(), /Content-|=\n/, "nobody has to read MIME to decide");
  await page.getByText("The whole e-mail, byte for byte").click();
  const whole = await page.getByRole("region", { name: "The whole e-mail" }).innerText();
  assert.match(whole, /^From: referrals@police.example\nTo: referrals@enforcement.example\n/);
  const text = await page.locator("main").innerText();
  for (const words of ["referrals@enforcement.example", "Example Person 1", "plan recorded", "P3", "Murder",
    "Demo officer submitted it", "Demo chief officer read it", "0 of 1"]) assert.ok(text.includes(words), words);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("link", { name: "Choose a reason" }).waitFor();
  await checkPage(page, "sign-off-error");
  await page.getByLabel("Reason, if you do not authorise").selectOption("not_necessary");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText(`You refused ${first}. Nothing is sent.`).waitFor();

  await authorise(second);
  await checkPage(page, "sign-off-passkey");
  await sign();
  await page.getByText(`You signed off ${second}. The referral desk can release it.`).waitFor();
  await checkPage(page, "sign-off-done");
  const entry = lastEntry("referral.authorised");
  assert.equal(entry.referral, second);
  const client = JSON.parse(Buffer.from(entry.assertion.client_data, "base64url"));
  const digest = entry.statement_digest.replace("sha256:", "");
  assert.equal(Buffer.from(client.challenge, "base64url").toString("hex"), digest, "what is signed is the statement");
  held = await credentials();
});

test("an answer replayed, to another referral, or without verifying its holder, is refused", async () => {
  const [one, other] = [await submitted(), await submitted()];
  await addAuthenticator(held);
  await signIn(page, server.people.chief);
  // Catches the answer on its way, and sends what `change` makes of it.
  const sendInstead = async (change) => {
    await page.route(/\/passkey\/1$/, async (route) => {
      if (route.request().method() !== "POST") return route.fallback();
      const form = new URLSearchParams(route.request().postData());
      form.set("answer", change(form.get("answer")));
      return route.continue({ postData: form.toString() });
    });
  };
  const refused = async (words) => {
    await page.getByText(words).first().waitFor();
    const state = entries(server, "referral.authorised").filter((entry) => [one, other].includes(entry.referral));
    assert.deepEqual(state, []);
    await page.unroute(/\/passkey\/1$/);
  };
  let caught;
  await authorise(other);
  await sendInstead((answer) => { caught = answer; return "{}"; });
  await sign();
  await refused("Nothing was signed.");

  await authorise(one);
  await sendInstead(() => caught);
  await sign();
  await refused("The passkey answered another challenge.");
  assert.equal(lastEntry("attempt.refused").code, "assertion_refused");

  await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await authorise(one);
  await sign();
  await page.getByText("The passkey did not answer").waitFor();
  await checkPage(page, "sign-off-passkey-cancelled");
  await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });

  // The same page sent twice, as with the back button: the first counts, the second is told so.
  await authorise(one);
  let form;
  await page.route(/\/passkey\/1$/, async (route) => {
    if (route.request().method() === "POST") form = route.request().postData();
    return route.continue();
  });
  await sign();
  await page.getByText(`You signed off ${one}.`).waitFor();
  const again = await page.request.post(`/sign-off/${one}/passkey/1`, { data: form,
    headers: { "Content-Type": "application/x-www-form-urlencoded" } });
  assert.match(await again.text(), /asked too long ago, or answered before|nothing to sign|not in a state/);
  assert.equal(entries(server, "referral.authorised").filter((entry) => entry.referral === one).length, 1);
  held = await credentials();
});

test("who comes second is told what happened", async () => {
  const ref = await submitted();
  await addAuthenticator(held);
  await signIn(page, server.people.chief);
  await page.goto(`/sign-off/${ref}`);
  const supervisor = await openPage(browser, named());
  await signIn(supervisor.page, server.people.supervisor);
  const { token } = await (await fetch(`${server.url}/v1/session`, { method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: "supervisor", password: server.people.supervisor.password }) })).json();
  const returned = await fetch(`${server.url}/v1/referrals/${ref}/return`, { method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ reason: "incomplete", note: "" }) });
  assert.ok(returned.ok);
  await supervisor.context.close();
  await page.getByLabel("Reason, if you do not authorise").selectOption("other");
  await page.getByLabel("Note to the officer").fill("What I typed");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("Demo supervisor sent it back").first().waitFor();
  await page.getByText("What I typed").waitFor();
  await checkPage(page, "sign-off-too-late");
});

test("without JavaScript everything can be read and refused, and the page says what a passkey needs", async () => {
  const ref = await submitted();
  await open({ javaScriptEnabled: false });
  await signIn(page, server.people.chief);
  await page.goto("/account/passkeys/new");
  await page.getByLabel("Your password", { exact: true }).fill(server.people.chief.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("Passkeys need JavaScript").waitFor();
  await page.getByLabel("A name by which you will know it again").fill("a name that I typed");
  await page.getByRole("button", { name: "Create the passkey" }).click();
  assert.equal(await page.getByLabel("A name by which you will know it again").inputValue(), "a name that I typed");
  await authorise(ref);
  await page.getByText("Signing with a passkey needs JavaScript").waitFor();
  await sign();
  await page.getByText("No passkey answered").waitFor();
  await page.goto(`/sign-off/${ref}`);
  await page.getByLabel("Reason, if you do not authorise").selectOption("safeguarding");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText(`You refused ${ref}.`).waitFor();
});

test("an urgent one comes first, and somebody else looks at it again", async () => {
  await submitted();
  const urgent = await submitted({ urgent: { reason: "A flight tonight", needed_by: "2026-01-05T18:00" } });
  await addAuthenticator(held);
  await signIn(page, server.people.chief);
  await page.goto("/sign-off");
  assert.equal(await page.locator("tbody th a").first().innerText(), urgent);
  await page.setViewportSize({ width: 320, height: 640 });
  const narrow = await page.locator("tbody tr").first().locator(".govuk-tag--red").boundingBox();
  assert.ok(narrow.x + narrow.width <= 320, "a telephone shows that it is urgent");
  await page.setViewportSize({ width: 1280, height: 720 });
  await authorise(urgent);
  await sign();
  await page.getByText(`You signed off ${urgent}.`).waitFor();
  held = await credentials();
  await page.goto("/urgent-reviews");
  await page.getByText("You had a part in it: somebody else reviews it.").waitFor();
  await checkPage(page, "urgent-reviews-own");
  await open({ javaScriptEnabled: false });
  await signIn(page, server.people.dpo);
  await page.goto("/urgent-reviews");
  await page.getByRole("link", { name: urgent }).click();
  await page.getByRole("button", { name: "Record the review" }).click();
  await page.getByRole("link", { name: "Choose what you found" }).waitFor();
  await page.getByLabel("No, it was not").check();
  await page.getByLabel("What you found").fill("The flight was not booked.");
  await page.getByRole("button", { name: "Record the review" }).click();
  await page.getByText("Your review is recorded.").waitFor();
  await page.getByText("None waits.").waitFor();
  assert.equal(lastEntry("referral.reviewed").finding, "not_in_order");
});

// What verify-signoff says of a file: its exit code and what it printed.
function verifySignOff(file, ...more) {
  const printed = execFileSync("sh", ["-c", `"$0" referral verify-signoff --file "$@" 2>&1; echo "exit $?"`, binary, file,
    ...more], { encoding: "utf8" });
  return { code: Number(/exit (\d+)\s*$/.exec(printed)[1]), printed };
}

test("an exported sign-off verifies with the program, and with OpenSSL alone as the documentation has it", async () => {
  const signed = entries(server, "referral.authorised")[0].referral;
  const folder = mkdtempSync(join(tmpdir(), "firebreak-signoff-"));
  const { token } = await (await fetch(`${server.url}/v1/session`, { method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: "officer", password: server.people.officer.password }) })).json();
  const file = join(folder, "export.json");
  let checked = { code: 1 };
  for (let tries = 0; checked.code !== 0 && tries < 20; tries += 1) {
    await new Promise((done) => setTimeout(done, 500));  // for the next checkpoint
    const exported = await fetch(`${server.url}/v1/referrals/${signed}/signoff-export`,
      { headers: { Authorization: `Bearer ${token}` } });
    writeFileSync(file, await exported.text());
    checked = verifySignOff(file, "--ledger-key", join(server.data, "..", "data", "ledger.pub"));
  }
  assert.equal(checked.code, 0, checked.printed);
  assert.match(checked.printed, /had verified who held it/);
  const document = readFileSync(join(root, "docs/check-a-sign-off.md"), "utf8");
  const commands = [...document.matchAll(/```sh\n(.*?)```/gs)].map((found) => found[1]).join("\n");
  const said = execFileSync("sh", ["-eu"], { cwd: folder, input: commands, encoding: "utf8" });
  assert.match(said, /Verified OK/);
  const flipped = readFileSync(file, "utf8").replace("referrals@enforcement.example", "referrals@enforcement.exampl3");
  writeFileSync(file, flipped);
  assert.equal(verifySignOff(file).code, 1);
  rmSync(folder, { recursive: true });
});

test("a lost passkey is suspended at once", async () => {
  await addAuthenticator(held);
  await signIn(page, server.people.chief);
  await page.goto("/account/passkeys");
  await page.getByRole("link", { name: "Lost it? Suspend work telephone" }).click();
  await checkPage(page, "passkey-suspend");
  await page.getByRole("button", { name: "Suspend it" }).click();
  await page.getByText("The passkey is suspended.").waitFor();
  const ref = await submitted();
  await authorise(ref);
  await page.getByText("This passkey is not one that this person may use now.").waitFor();
  await open();
  await addAuthenticator(held);
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Sign in with a passkey" }).click();
  await page.getByRole("button", { name: "Use your passkey" }).click();
  await page.getByText("This passkey opens nothing here.").first().waitFor();
});

test("under its address the page says where passkeys work", async () => {
  await context.close();
  ({ context, page, faults } = await openPage(browser, server));
  await signIn(page, server.people.officer);
  await page.goto("/account/passkeys");
  await page.getByRole("link", { name: `${named().url}/account/passkeys` }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Register a passkey" }).count(), 0);
});
