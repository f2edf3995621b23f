// What the tests share: a folder with a film, the program, and a browser.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

export const repository = new URL("../../", import.meta.url).pathname;
export const program = process.env.CLAPBOARD ?? join(repository, "target/debug/clapboard");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** How long anything may take that is sure to happen, in milliseconds: far more than it needs, on a busy machine too. */
export const PATIENCE = 300_000;

const folders = [];
process.on("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder of its own with the examples' frames, gone when the process ends. */
export class Stage {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "clapboard-preview-"));
    folders.push(this.folder);
    cpSync(join(repository, "examples/ferry/frames"), join(this.folder, "frames"), { recursive: true });
    cpSync(join(repository, "examples/ferry/masks"), join(this.folder, "masks"), { recursive: true });
    this.write("clapboard.toml", "");
  }

  path(name) {
    return join(this.folder, name);
  }

  write(name, content) {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  run(...args) {
    return execFileSync(program, args, { cwd: this.folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Serves the page: its address once it is there, and how to stop it. */
  async serve() {
    const server = spawn(program, ["preview", "--serve"], { cwd: this.folder, stdio: ["ignore", "pipe", "inherit"] });
    const [address] = await once(createInterface(server.stdout), "line", { signal: AbortSignal.timeout(PATIENCE) });
    return { address, stop: () => server.kill() };
  }

  /** Makes the page, and gives its address. Errors of the storyboard are part of the page. */
  page(name = "film.html", ...args) {
    const { status, stderr } = spawnSync(program, ["preview", "--output", name, ...args], { cwd: this.folder, encoding: "utf8" });
    assert.ok(status === 0 || status === 1, stderr);
    return pathToFileURL(this.path(name)).href;
  }
}

/** A browser whose pages write down what goes wrong in them. */
export async function browse() {
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"],
    timeout: PATIENCE,
    protocolTimeout: PATIENCE,
  });
}

/** Opens an address. `faults` has each message, error and request that a page by itself has none of. */
export async function open(browser, address, { width = 1440, height = 900, scheme = "light", prepare } = {}) {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const faults = [];
  page.on("console", (message) => faults.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith("data:") && url.split("#")[0] !== address) faults.push(`request: ${url}`);
  });
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  if (prepare) await page.evaluateOnNewDocument(prepare);
  await page.goto(address);
  return { page, faults };
}

/** What axe finds that keeps somebody from using the page. */
export async function barriers(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const severe = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return severe.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

/** How many pages a PDF has. */
export function pagesOf(pdf) {
  return Buffer.from(pdf).toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}
