// SPDX-License-Identifier: Apache-2.0
// Signs in through the provider in a real browser, for test_sign_in_pages.py.
//
//   node browser.mjs SERVER NAME
import assert from "node:assert/strict";
import { launch } from "../browser/server.mjs";

const [server, name] = process.argv.slice(2);
const browser = await launch();
for (const javaScriptEnabled of [true, false]) {
  const context = await browser.newContext({ baseURL: server, javaScriptEnabled });
  const page = await context.newPage();
  await page.goto("/sign-in?next=/sessions");
  await page.getByRole("button", { name: "Sign in with your force account" }).click();
  await page.locator("input[name=login]").fill(name);
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]").click(); // the provider asks whether it may
  await page.waitForURL(`${server}/sessions`);
  assert.match(await page.locator("main").innerText(), /With your force account/);
  await context.close();
}
await browser.close();
