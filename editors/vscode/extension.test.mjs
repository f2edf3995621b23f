// The extension packed with $CLAPBOARD in it, and started as far as it goes without VS Code: in a host that is made up, against the
// program out of the package.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { buildSync } from "esbuild";
import yauzl from "yauzl";

import { load, Uri } from "./host.mjs";
import { pack, VERSION } from "./package.mjs";

const PROGRAM = process.env.CLAPBOARD;
const PATIENCE = 300_000;
const FILM = `storyboard: 1
shots:
  - id: harbour-010
    model: kling-v3
    first_frame: frames/wide.png
    prompt: TODO
`;

let folder, unpacked, files;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "clapboard-vscode-"));
  const vsix = join(folder, "clapboard.vsix");
  await pack(PROGRAM, "linux-x64", vsix);
  unpacked = join(folder, "unpacked");
  files = await unpack(vsix, unpacked);
  assert.ok(statSync(vsix).size < 20e6 || process.env.CLAPBOARD_IS_DEBUG, `the package has ${statSync(vsix).size} bytes`);
});

after(() => rmSync(folder, { recursive: true }));

/** Unpacks a package, and gives its files with their permissions. */
async function unpack(vsix, into) {
  const zip = await promisify(yauzl.open)(vsix, { lazyEntries: true });
  const found = new Map();
  await new Promise((resolve, reject) => {
    zip.on("error", reject).on("end", resolve).on("entry", (entry) => {
      zip.openReadStream(entry, async (error, stream) => {
        if (error) return reject(error);
        const path = join(into, entry.fileName);
        const mode = (entry.externalFileAttributes >>> 16) & 0o777;
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, Buffer.concat(await stream.toArray()), { mode: mode | 0o600 });
        found.set(entry.fileName, mode);
        zip.readEntry();
      });
    });
    zip.readEntry();
  });
  return found;
}

async function until(what, look) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const found = look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("the package has what it needs and nothing else", () => {
  assert.deepEqual([...files.keys()].sort(), [
    "[Content_Types].xml", "extension.vsixmanifest", "extension/LICENSE.txt", "extension/bin/clapboard",
    "extension/dist/extension.cjs", "extension/package.json", "extension/readme.md",
  ]);
  assert.equal(files.get("extension/bin/clapboard") & 0o111, 0o111, "the program can be run");
  assert.ok(readFileSync(join(unpacked, "extension/bin/clapboard")).equals(readFileSync(PROGRAM)));
  const manifest = readFileSync(join(unpacked, "extension.vsixmanifest"), "utf8");
  assert.match(manifest, new RegExp(`Version="${VERSION}".*TargetPlatform="linux-x64"`));
});

test("it starts its own program, shows what is wrong and what the film costs, and stops", async () => {
  const project = join(folder, "film");
  cpSync(join(import.meta.dirname, "../../tests/stage"), project, { recursive: true });
  const path = join(project, "film.storyboard.yaml");
  const extensionPath = join(unpacked, "extension");
  const { extension, seen } = load(join(extensionPath, "dist/extension.cjs"), {
    uri: Uri.file(path), folder: Uri.file(project), text: FILM,
  });
  await extension.activate({ extensionPath, subscriptions: [], globalStorageUri: Uri.file(folder) });
  assert.deepEqual(seen.errors, []);
  assert.equal(await until("the price", () => seen.statusBar.text), "$(device-camera-video) 1 shot · 5 s · 3 units ($0.42)");
  assert.equal(seen.contexts.get("clapboard.isStoryboard"), true);
  const { contributes } = JSON.parse(readFileSync(join(extensionPath, "package.json"), "utf8"));
  for (const { command } of contributes.commands) assert.ok(seen.commands.has(command), command);
  for (const command of ["clapboard.explain", "clapboard.request"]) assert.ok(seen.commands.has(command), command);
  await extension.deactivate();
});

test("the preview's own policy lets the wires to the editor through, and nothing else", async () => {
  const project = join(folder, "wired");
  cpSync(join(import.meta.dirname, "../../tests/stage"), project, { recursive: true });
  writeFileSync(join(project, "film.storyboard.yaml"), FILM);
  const made = spawnSync(PROGRAM, ["preview", "--quiet", "--output", "page.html", "film.storyboard.yaml"], { cwd: project });
  assert.equal(made.status, 0, made.stderr.toString());
  const bundle = join(folder, "page.mjs");
  buildSync({ entryPoints: [join(import.meta.dirname, "src/page.ts")], outfile: bundle, format: "esm", logLevel: "error" });
  const { wired } = await import(bundle);
  const page = readFileSync(join(project, "page.html"), "utf8");
  const connected = wired(page, "abc");
  assert.match(connected, /content="default-src 'none';[^"]*script-src 'nonce-abc' 'sha256-/);
  assert.equal(connected.split("nonce").length - 1, 2, "one script has the nonce");
  assert.match(connected, /<article class="card/, "the wires know the cards by this");
  assert.throws(() => wired("<html></html>", "abc"), /no policy/);
});

test("a program that is not there is said", async () => {
  const { extension, seen } = load(join(unpacked, "extension/dist/extension.cjs"), {
    uri: Uri.file("/film.storyboard.yaml"), folder: Uri.file("/"), text: FILM,
  }, { path: "/gone/clapboard" });
  await extension.activate({ extensionPath: folder, subscriptions: [], globalStorageUri: Uri.file(folder) });
  assert.match(seen.errors.join("\n"), /clapboard does not start \(\/gone\/clapboard\)/);
});
