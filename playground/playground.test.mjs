// The page in Chromium, from a file server that knows nothing but files.

import assert from "node:assert/strict";
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";

import puppeteer from "puppeteer-core";

import { build, packedSize } from "./build.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Where screenshots are kept, for people to look at; nowhere if it is not set. */
const SHOTS = process.env.SCREENSHOTS;
/** How long anything may take that is sure to happen, in milliseconds: far more than it needs, on a busy machine too. */
const PATIENCE = 300_000;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json" };

let dist, server, address, browser, folder;

before(async () => {
  dist = build();
  folder = mkdtempSync(join(tmpdir(), "clapboard-playground-"));
  server = createServer((request, response) => {
    const path = join(dist, decodeURIComponent(new URL(request.url, "http://a").pathname).replace(/\/$/, "/index.html"));
    if (!path.startsWith(dist) || !existsSync(path) || !statSync(path).isFile()) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
    createReadStream(path).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${server.address().port}/`;
  browser = await puppeteer.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"], timeout: PATIENCE, protocolTimeout: PATIENCE });
});

after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the page. What goes wrong in it, and each address that it asks for elsewhere, is kept. */
async function open(fragment = "") {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({ width: 1280, height: 800 });
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith("data:")) faults.push(`asks for ${request.url()}`);
  });
  await page.goto(`${address}${fragment}`);
  await page.waitForSelector("html[data-ready]");
  return { page, faults };
}

const texts = (page, selector) => page.$$eval(selector, (found) => found.map(({ textContent }) => textContent));

async function write(page, text) {
  await page.click(".cm-content");
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await page.evaluate((text) => document.execCommand("insertText", false, text), text);
}

async function until(page, look, ...given) {
  await page.waitForFunction(look, {}, ...given);
}

async function shot(page, name) {
  if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

test("it is small, and the module takes nothing from outside but random numbers", async () => {
  assert.ok(packedSize() < 3e6, `${packedSize()} bytes`);
  const module = await WebAssembly.compile(readFileSync(join(dist, "clapboard.wasm")));
  // The glue of objects is never called: the page refuses it.
  const taken = WebAssembly.Module.imports(module).filter(({ name }) => !/^__wbindgen_(describe|object_drop_ref|externref_\w+)$/.test(name));
  assert.deepEqual(taken.map(({ name }) => name.replace(/_[0-9a-f]+$/, "")), ["__wbg_getRandomValues"]);
});

test("each example is good, and shows its requests and price", async () => {
  const { page, faults } = await open();
  for (const name of await page.$$eval("#example option", (options) => options.map(({ value }) => value).filter(Boolean))) {
    await page.select("#example", name);
    await until(page, (name) => document.documentElement.dataset.example === name, name);
    assert.notEqual((await page.$$("#requests details")).length, 0, name);
    assert.deepEqual(await texts(page, "#findings li.error"), [], name);
    assert.match((await texts(page, "#sum"))[0], /\d+ shots? · \d+ s · [\d.]+ units · \$\d+\.\d\d/);
  }
  await page.click("#requests details:nth-child(2) summary");
  assert.match((await texts(page, "#requests details:nth-child(2) pre"))[0], /"image": "<frames\/.*\d+x\d+ sha256:/);
  await shot(page, "example");
  assert.deepEqual(faults, []);
});

test("the example that was chosen last is shown, however late another comes", async () => {
  const { page, faults } = await open();
  const names = await page.$$eval("#example option", (options) => options.map(({ value }) => value).filter(Boolean));
  const [late, wanted] = [names[0], names.at(-1)];
  // The files of the first wait until those of the second are shown.
  await page.evaluate((late, wanted) => {
    const { fetch } = globalThis;
    const waiting = [];
    const choose = (name) => {
      const select = document.getElementById("example");
      select.value = name;
      select.dispatchEvent(new Event("change"));
    };
    globalThis.fetch = (...given) => new Promise((resolve) => waiting.push(() => resolve(fetch(...given))));
    choose(late);
    globalThis.fetch = fetch;
    choose(wanted);
    globalThis.letThemCome = () => waiting.length && waiting.forEach((come) => come());
  }, late, wanted);
  await until(page, (name) => document.documentElement.dataset.example === name, wanted);
  const shots = () => texts(page, "#requests summary b");
  const shown = await shots();
  assert.notEqual(await page.evaluate(() => globalThis.letThemCome()), 0);
  await page.waitForNetworkIdle({ timeout: PATIENCE });
  assert.deepEqual(await shots(), shown);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.example), wanted);
  await shot(page, "chosen-last");
  assert.deepEqual(faults, []);
});

test("what is wrong is shown under the words while they are typed, explained and fixed", async () => {
  const { page, faults } = await open();
  await page.select("#format", "yaml");
  await write(page, "storyboard: 1\nshots:\n  - { id: a, model: kling-v3, first_frame: https://a.example/a.png, promt: 渡🚢 TODO }\n");
  await until(page, () => document.querySelector("#findings .rule")?.textContent === "unknown-field");
  assert.deepEqual(await texts(page, ".cm-lintRange-error"), ["promt"]);
  assert.equal((await texts(page, "#verdict"))[0], "1 error, 0 warnings");
  await page.click("#findings .rule");
  assert.equal((await texts(page, "#rule h2"))[0], "unknown-field");
  await shot(page, "explained");
  await page.click("#close");
  await page.click("#findings .fix");
  await until(page, () => document.querySelector("#findings .rule")?.textContent === "todo-in-prompt");
  assert.deepEqual(await texts(page, ".cm-lintRange-warning"), ["TODO"]);
  await shot(page, "wrong");
  await write(page, "storyboard: 1\nshots:\n  - { id: a, modell: kling-v3, first_frame: https://a.example/a.png, promt: Fog. }\n");
  await until(page, () => !document.querySelector("#fix").hidden);
  await page.click("#fix");
  await until(page, () => document.querySelector("#verdict").textContent === "Nothing is wrong.");
  assert.deepEqual(faults, []);
});

test("a frame that is dropped is measured in the page", async () => {
  const { page, faults } = await open();
  await page.select("#format", "toml");
  await write(page, 'storyboard = 1\n[[shots]]\nid = "a"\nmodel = "kling-v3"\nfirst_frame = "frames/small.png"\nprompt = "Fog."\n');
  await until(page, () => document.querySelector("#findings .rule")?.textContent === "asset-not-found");
  const input = await page.$("#add");
  await input.uploadFile(join(import.meta.dirname, "../tests/stage/frames/small.png"));
  await until(page, () => document.querySelector("#findings .rule")?.textContent === "image-too-small");
  assert.match((await texts(page, "#pictures li"))[0], /^frames\/small\.png \d+ kB$/);
  assert.deepEqual(faults, []);
});

test("an address carries the storyboard, and a broken one does no harm", async () => {
  const { page, faults } = await open();
  const text = "storyboard: 1 # <img src=x onerror=alert(1)> 渡🚢\nshots: []\n";
  await page.select("#format", "yaml");
  await write(page, text);
  await page.select("#target", "official");
  await page.click("#share");
  await until(page, () => location.hash.startsWith("#film="));
  const fragment = await page.evaluate(() => location.hash);
  const other = await open(fragment);
  assert.equal(await other.page.$eval("#target", ({ value }) => value), "official");
  assert.equal((await other.page.$$eval(".cm-line", (lines) => lines.map(({ textContent }) => textContent)))[0], text.split("\n")[0]);
  for (const broken of ["#film=", "#film=!!!", "#film=AAAA", `${fragment.slice(0, 30)}`, "#other"]) {
    const { page, faults } = await open(broken);
    assert.match((await texts(page, "#sum"))[0], /shot/, broken);
    assert.deepEqual(faults, []);
  }
  assert.deepEqual([...faults, ...other.faults], []);
});

test("it can be read by everybody, small and dark too", async () => {
  const { page } = await open();
  const axe = readFileSync(join(import.meta.dirname, "node_modules/axe-core/axe.min.js"), "utf8");
  for (const [scheme, width] of [["light", 1280], ["dark", 1280], ["light", 420]]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setViewport({ width, height: 800 });
    await page.evaluate(axe);
    // The editor's own colours are its makers'.
    const { violations } = await page.evaluate(() => axe.run({ exclude: [".cm-editor"] }));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], `${scheme} ${width}`);
    await shot(page, `${scheme}-${width}`);
  }
});
