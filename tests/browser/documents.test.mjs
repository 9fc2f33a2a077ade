// SPDX-License-Identifier: Apache-2.0
// The pages that `firebreak policy render` writes, of every policy that is shipped, and `firebreak policy diff`, of two
// pairs: axe-core finds nothing, they fit 320 px, the keyboard reaches what it should, and the picture can be read and
// is described in words.
//
//   node --test tests/browser/documents.test.mjs
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { binary, checkPage, launch, root } from "./server.mjs";

const packs = readdirSync(join(root, "policies")).filter((name) => name.endsWith(".policy")).map((name) => name.slice(0, -7));

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

// The least contrast of a text of the picture with the box below it or, outside all boxes, the paper (WCAG 2.2, 1.4.3).
const leastContrast = (page) => page.evaluate(() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/\d+(\.\d+)?/g).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const boxes = [...document.querySelectorAll("svg rect")];
  const within = (box, at) => at.x >= box.left && at.x <= box.right && at.y >= box.top && at.y <= box.bottom;
  return Math.min(...[...document.querySelectorAll("svg text")].map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
    const below = boxes.filter((box) => within(box.getBoundingClientRect(), middle)).pop();
    const [a, b] = [light(getComputedStyle(text).fill), below ? light(getComputedStyle(below).fill) : 1];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }));
});

const pages = packs.map((pack) => [`policy-${pack}`, ["render", pack]]);
for (const [a, b] of [["psni-legacy", "psni-service-instruction"], ["npcc-2018", "full-firewall"]]) {
  pages.push([`diff-${a}-${b}`, ["diff", a, b, "--format", "html"]]);
}

for (const [name, command] of pages) {
  test(`${name}: a page for everybody`, async () => {
    const done = spawnSync(binary, ["policy", ...command], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
    assert.equal(done.status, command[0] === "diff" ? 1 : 0, done.stderr);
    const context = await browser.newContext({ viewport: { width: 960, height: 720 } });
    const page = await context.newPage();
    await page.setContent(done.stdout);
    await checkPage(page, name);

    assert.ok(await leastContrast(page) >= 4.5, "the picture's text has too little contrast");
    const picture = page.locator("svg[role=img]");
    const words = await picture.evaluate((svg) => svg.getAttribute("aria-labelledby").split(" ")
      .map((id) => document.getElementById(id).textContent.trim()));
    assert.ok(words.length > 0 && words.every((text) => text.length > 10), "the picture is not described");

    // The first stop of the keyboard leads past what stands on every page, and every link within it leads somewhere.
    await page.keyboard.press("Tab");
    assert.match(await page.evaluate(() => document.activeElement.getAttribute("href")), /^#/);
    const lost = await page.evaluate(() => [...document.querySelectorAll("a[href^='#']")]
      .filter((link) => !document.getElementById(link.getAttribute("href").slice(1))).map((link) => link.outerHTML));
    assert.deepEqual(lost, []);
    await context.close();
  });
}
