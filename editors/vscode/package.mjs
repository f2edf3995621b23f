// Packs the extension with a program in it: node package.mjs PROGRAM TARGET OUT
// TARGET is VS Code's name of a system (linux-x64), or Rust's. The version is that of Cargo.toml.

import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { createVSIX } from "@vscode/vsce";
import { buildSync } from "esbuild";

const HERE = import.meta.dirname;
const ROOT = join(HERE, "../..");

const TARGETS = {
  "x86_64-unknown-linux-musl": "linux-x64",
  "aarch64-unknown-linux-musl": "linux-arm64",
  "x86_64-apple-darwin": "darwin-x64",
  "aarch64-apple-darwin": "darwin-arm64",
  "x86_64-pc-windows-msvc": "win32-x64",
};

export const VERSION = /^version = "(.*)"$/m.exec(readFileSync(join(ROOT, "Cargo.toml"), "utf8"))[1];

/** Bundles the extension's own code into one file. */
export function bundle() {
  buildSync({
    absWorkingDir: HERE, entryPoints: ["src/extension.ts"], outfile: "dist/extension.cjs", bundle: true, minify: true,
    platform: "node", target: "node20", format: "cjs", external: ["vscode"], logLevel: "error",
  });
}

export async function pack(program, target, out) {
  const system = TARGETS[target] ?? target;
  bundle();
  rmSync(join(HERE, "bin"), { recursive: true, force: true });
  mkdirSync(join(HERE, "bin"));
  const inside = join(HERE, "bin", system.startsWith("win32") ? "clapboard.exe" : "clapboard");
  copyFileSync(program, inside);
  chmodSync(inside, 0o755);
  copyFileSync(join(ROOT, "LICENSE-MIT"), join(HERE, "LICENSE"));
  await createVSIX({
    cwd: HERE, packagePath: out, target: system, version: VERSION, gitTagVersion: false, updatePackageJson: false,
    dependencies: false, allowMissingRepository: true,
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [program, target, out] = process.argv.slice(2);
  await pack(program, target, out);
}
