// SPDX-License-Identifier: Apache-2.0
// What a first visit transfers: opens a page in Debian's Chromium with an empty cache and adds up what came over
// the network, headers included, as the browser's own network log has it.
//
//   node bench/first_visit.mjs http://127.0.0.1:8080/sign-in
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const { chromium } = createRequire(join(root, "ui/package.json"))("playwright-core");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage();
const log = await page.context().newCDPSession(page);
await log.send("Network.enable");
const files = new Map();
log.on("Network.responseReceived", ({ requestId, response }) => files.set(requestId, { url: response.url, status: response.status, bytes: 0 }));
log.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
  if (files.has(requestId)) files.get(requestId).bytes = encodedDataLength;
});
await page.goto(process.argv[2], { waitUntil: "networkidle" });
await browser.close();
for (const file of files.values()) console.log(`${String(file.bytes).padStart(8)}  ${file.status}  ${new URL(file.url).pathname}`);
const total = [...files.values()].reduce((sum, file) => sum + file.bytes, 0);
console.log(`${String(total).padStart(8)}  bytes in ${files.size} requests`);
