// SPDX-License-Identifier: Apache-2.0
// The pages in a real browser over the real server: every page and state is checked with axe-core and at 320 px,
// the interview is walked with the keyboard alone and without JavaScript, and no answer is shown unrecorded.
//
//   node --test tests/browser/pages.test.mjs
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { exceptional, suspect, trafficking, victim } from "./cases.mjs";
import {
  checkPage, draftReferral, entries, heading, interview, launch, openPage, password, signIn, startServer,
} from "./server.mjs";

let server;
let browser;
let context;
let page;
let faults;
let visited;

const open = async (options) => {
  await context?.close();
  ({ context, page, faults, visited } = await openPage(browser, server, options));
};
const begin = async (person = server.people.officer) => {
  await signIn(page, person);
  await page.goto("/");
  await page.getByRole("button", { name: "Start now" }).click();
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
  // Where somebody has been says nothing about anybody: no answer ever stands in an address.
  for (const address of visited) {
    assert.match(address, /^(about:blank|\/|\/(sign-in|password)(\?next=[a-z_%/-]*)?|\/signed-out|\/sign-out|\/question(\/[a-z_]+)?|\/answer|\/desk|\/nothing-here)$/);
  }
});

test("start and sign in: errors are named, the one-time password is changed first", async () => {
  await page.goto("/");
  assert.match(await page.title(), /^Can I share this person’s information\? – Firebreak$/);
  await checkPage(page, "start-signed-out");
  await page.getByRole("button", { name: "Sign in to start" }).click();
  await checkPage(page, "sign-in");
  await page.getByRole("button", { name: "Sign in" }).click();
  assert.equal(await page.title(), "Error: Sign in – Firebreak");
  await checkPage(page, "sign-in-empty");
  await page.getByRole("link", { name: "Enter your password" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "password");

  const { officer } = server.people;
  await page.getByLabel("Sign-in name").fill(officer.name);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "The sign-in name or the password is not right" }).waitFor();
  await page.getByLabel("Password", { exact: true }).fill(officer.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  assert.equal(await heading(page), "Choose a new password");
  await page.goto("/question");
  assert.equal(await heading(page), "Choose a new password", "nothing else is open before that");
  await checkPage(page, "password");
  await page.getByLabel("Your one-time password", { exact: true }).fill("wrong");
  await page.getByLabel("New password", { exact: true }).fill("short");
  await page.getByLabel("New password again", { exact: true }).fill("shorter");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByRole("link", { name: "The two new passwords are not the same" }).waitFor();
  await checkPage(page, "password-error");
  await page.getByLabel("Your one-time password", { exact: true }).fill(officer.password);
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByLabel("New password again", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Change password" }).click();
  officer.password = password;
  assert.match(page.url(), /\/question\/[a-z_]+$/, "on to what they came for");
  await page.goto("/");
  assert.ok(await page.locator("header").getByText("Demo officer").first().isVisible(), "who is signed in can be seen");
  await page.getByRole("link", { name: "Go on with your referrals" }).waitFor();
  await checkPage(page, "start-signed-in");
});

test("too many wrong passwords are slowed down, and the page says so", async () => {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    await page.goto("/sign-in");
    await page.getByLabel("Sign-in name").fill("nobody.here");
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
  }
  const said = await page.locator(".govuk-error-summary").innerText();
  assert.match(said, /too many|wait|slow/i);
  await checkPage(page, "sign-in-slowed-down");
});

test("a victim: questions one at a time, then do not share, with clause and support", async () => {
  await begin();
  let number = 0;
  await interview(page, victim, async (question) => {
    number += 1;
    assert.doesNotMatch(question, /channel|How would it be done/, "the page supplies the channel");
    await checkPage(page, `question-${number}`);
    if (number > 3) return;
    await page.getByRole("button", { name: "Continue" }).click();
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.evaluate(() => document.activeElement.className), "govuk-error-summary");
    await checkPage(page, `question-${number}-error`);
  });
  assert.equal(await heading(page), "Do not share this person’s information");
  assert.match(page.url(), /\/answer$/);
  await checkPage(page, "answer-refuse");
  for (const part of ["What to do next", "Support to offer", "What the policy says", "P1", "Reported"]) {
    assert.ok((await page.locator("main").innerText()).includes(part), part);
  }
  await page.getByText("For checking this answer later").click();
  await page.getByText("Where this is from, and how sure it is").click();
  await checkPage(page, "answer-refuse-open");
});

test("an answer can be changed, and what no longer matters is not asked again", async () => {
  await begin();
  await interview(page, victim);
  const row = page.locator(".govuk-summary-list__row", { hasText: "offending in another country" });
  await row.getByRole("link", { name: "Change" }).click();
  assert.ok(await page.getByLabel("No, or none is known").isChecked());
  await page.getByRole("link", { name: "Back" }).click();
  assert.match(await heading(page), /part in the matter/);
  await page.goto("/answer");
  assert.equal(await heading(page), "Do not share this person’s information", "looking back changes nothing");
  await page.goto("/question/leave");
  assert.notEqual(new URL(page.url()).pathname, "/question/leave", "a protected fact has no page");
});

test("the exceptional case: only after a sign-off, with every condition", async () => {
  await begin();
  await interview(page, exceptional);
  assert.equal(await heading(page), "Only after a chief officer’s sign-off, by email only");
  await checkPage(page, "answer-sign-off");
});

test("a suspect: by email only, through a referral", async () => {
  await begin();
  await interview(page, suspect);
  assert.equal(await heading(page), "You may share this person’s information, by email only, through a referral");
  await checkPage(page, "answer-permit");
});

test("trafficking: the protective route stays open", async () => {
  await begin();
  await interview(page, trafficking);
  assert.equal(await heading(page), "You may share this person’s information");
  await checkPage(page, "answer-permit-protective");
});

test("what is not known is not a permission, and can be answered later", async () => {
  await begin();
  await interview(page, { ...exceptional, "Is it proportionate?": "I do not know" });
  assert.equal(await heading(page), "More facts are needed: do not share yet");
  await checkPage(page, "answer-undetermined");
  await page.getByRole("link", { name: "Is it proportionate?", exact: true }).click();
  await page.getByLabel("No", { exact: true }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  assert.equal(await heading(page), "Do not share this person’s information");
});

test("each question asked is recorded once, with facets alone", async () => {
  const before = entries(server, "question.decided").length;
  await begin();
  await interview(page, victim);
  await page.reload();
  await page.goBack();
  await page.getByRole("button", { name: "Continue" }).click();
  assert.equal(await heading(page), "Do not share this person’s information");
  const recorded = entries(server, "question.decided").slice(before);
  assert.equal(recorded.length, 1);
  const known = ["v", "seq", "kind", "day", "decision", "rule", "role", "crime_type", "channel", "action", "recipient",
    "district", "asked_by", "policy"];
  assert.deepEqual(Object.keys(recorded[0]).filter((member) => !known.includes(member)), []);
  assert.equal(recorded[0].decision, "refuse");
});

test("the keyboard alone is enough", async () => {
  await signIn(page, server.people.officer);
  await page.goto("/");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to main content");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/question\//);
  const focus = () => page.evaluate(() => {
    const at = document.activeElement;
    const ring = getComputedStyle(at.labels?.[0] ? at.labels[0] : at, at.labels?.[0] ? "::before" : null);
    return { type: at.type, tag: at.tagName, text: (at.labels?.[0] ?? at).textContent.trim(), checked: at.checked,
      ring: ring.boxShadow !== "none" || ring.outlineStyle !== "none" };
  });
  const seek = async (found) => {
    for (let presses = 0; presses < 40; presses += 1) {
      const at = await focus();
      if (found(at)) return at;
      await page.keyboard.press(at.type === "radio" ? (at.checked ? "ArrowDown" : "Space") : "Tab");
    }
    return assert.fail("the keyboard does not reach it");
  };
  while (new URL(page.url()).pathname.startsWith("/question/")) {
    for (const label of [victim[await heading(page)]].flat()) {
      const at = await seek((now) => now.text === label && (now.type === "checkbox" || now.checked));
      assert.ok(at.ring, `the focus on "${label}" can be seen`);
      if (at.type === "checkbox") await page.keyboard.press("Space");
    }
    await page.keyboard.press("Tab");
    const { pathname } = new URL(page.url());
    while ((await focus()).text !== "Continue") await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname !== pathname);
  }
  assert.equal(await heading(page), "Do not share this person’s information");
});

test("everything works without JavaScript", async () => {
  await open({ javaScriptEnabled: false });
  await begin();
  await page.getByRole("button", { name: "Continue" }).click();
  assert.match(await page.title(), /^Error: /);
  await interview(page, { ...victim, "What is this person's part in the matter?": ["Victim", "Witness"] });
  assert.equal(await heading(page), "Do not share this person’s information");
  await page.getByRole("button", { name: "Ask about another case" }).click();
  await interview(page, suspect);
  assert.match(await heading(page), /through a referral$/);
  await page.getByRole("button", { name: "Sign out" }).click();
  assert.equal(await heading(page), "You have signed out");
});

test("signing out ends the session and takes the answers away", async () => {
  await begin();
  await interview(page, victim);
  const answered = page.waitForResponse((response) => response.url().endsWith("/sign-out"));
  await page.getByRole("button", { name: "Sign out" }).click();
  assert.equal((await (await answered).allHeaders())["clear-site-data"], '"*"');
  assert.equal(await heading(page), "You have signed out");
  await checkPage(page, "signed-out");
  await page.goto("/answer");
  assert.equal(await heading(page), "Sign in");
});

test("the referral desk sees states, references and dates, and an officer does not", async () => {
  await signIn(page, server.people.officer);
  const refused = await page.goto("/desk");
  assert.equal(refused.status(), 403);
  await checkPage(page, "error-forbidden");
  await open();
  await signIn(page, server.people.desk);
  await page.goto("/desk");
  assert.equal(await heading(page), "Referrals");
  await checkPage(page, "desk-empty");
  await draftReferral(server, server.people.officer);
  await page.reload();
  const shown = await page.locator("main").innerText();
  assert.match(shown, /Showing 1 to 1 of 1\./);
  assert.match(shown, /ref_[a-z0-9]{26}/);
  assert.doesNotMatch(shown, /Example Person|OCC-|PER-|Burglary/);
  await checkPage(page, "desk");
  const missing = await page.goto("/nothing-here");
  assert.equal(missing.status(), 404);
  assert.equal(await heading(page), "Page not found");
  await checkPage(page, "error-not-found");
});

test("another site can neither send a form nor frame a page", async () => {
  await begin();
  const cookies = await context.cookies();
  for (const cookie of cookies) {
    assert.ok(cookie.httpOnly, cookie.name);
    assert.equal(cookie.sameSite, "Strict", cookie.name);
  }
  const forged = await context.request.post("/question/start", { form: { csrf: "0".repeat(64) } });
  assert.equal(forged.status(), 403);
  assert.match(await forged.text(), /not sent from this service/);
  const foreign = await context.request.post("/sign-out", { form: {}, headers: { "Sec-Fetch-Site": "cross-site" } });
  assert.equal(foreign.status(), 403);
  const headers = (await page.goto("/")).headers();
  assert.match(headers["content-security-policy"], /default-src 'none'.*frame-ancestors 'none'/);
  assert.equal(headers["cache-control"], "no-store");
  const style = await page.locator('link[rel="stylesheet"]').first().getAttribute("href");
  assert.match((await context.request.get(style)).headers()["cache-control"], /immutable/);
});

// Last: after it nothing can be written any more.
test("what cannot be recorded is not answered", async () => {
  await begin();
  await interview(page, suspect, async (question) => {
    if (question === "How old is this person?") server.fillDisk();
  });
  assert.equal(await heading(page), "Sorry, the service is not available");
  assert.doesNotMatch(await page.locator("main").innerText(), /You may share|through a referral/);
  assert.match(await page.locator("main p").first().innerText(), /do not share/, "what to do comes first");
  await checkPage(page, "error-unavailable");
  await page.goto("/answer");
  assert.doesNotMatch(await page.locator("main").innerText(), /You may share/);
});
