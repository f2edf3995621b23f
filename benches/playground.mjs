// What the playground's first check takes once the page is loaded, and when that is: node benches/playground.mjs
//
//   npm install --prefix playground && node benches/playground.mjs

import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";

import { build, packedSize } from "../playground/build.mjs";

const puppeteer = createRequire(new URL("../playground/", import.meta.url))("puppeteer-core");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json" };
const TIMES = 10;

const dist = build();
const server = createServer((request, response) => {
  const path = join(dist, new URL(request.url, "http://a").pathname.replace(/\/$/, "/index.html"));
  if (!path.startsWith(dist) || !existsSync(path)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
  createReadStream(path).pipe(response);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

const first = [], ready = [], later = [];
for (let time = 0; time < TIMES; time += 1) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  // Noted when it is there, since choosing an example checks again.
  await page.evaluateOnNewDocument(() => {
    globalThis.checks = [];
    new MutationObserver(() => globalThis.checks.push({ spent: Number(document.documentElement.dataset.checked), at: performance.now() }))
      .observe(document, { subtree: true, attributeFilter: ["data-checked"] });
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForSelector("html[data-ready]");
  await page.waitForFunction(() => globalThis.checks.length > 0);
  await page.click(".cm-content");
  for (const letter of "# fog") {
    const before = await page.evaluate(() => globalThis.checks.length);
    await page.keyboard.type(letter);
    await page.waitForFunction((before) => globalThis.checks.length > before, {}, before);
  }
  const checks = await page.evaluate(() => globalThis.checks);
  first.push(checks[0].spent);
  ready.push(checks[0].at);
  later.push(checks.at(-1).spent);
  await context.close();
}
const middle = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
console.log(`${(packedSize() / 1e6).toFixed(2)} MB packed`);
console.log(`first check: ${middle(first).toFixed(1)} ms, done ${middle(ready).toFixed(0)} ms after the page was asked for; later ones: ${middle(later).toFixed(1)} ms`);
await browser.close();
server.close();
