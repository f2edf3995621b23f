// Builds the page into dist/: node build.mjs. Needs Rust's target wasm32-unknown-unknown; where `wasm-opt` is there, it makes the
// module smaller. Any file server can serve what comes out.

import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { buildSync } from "esbuild";

const HERE = import.meta.dirname;
const DIST = join(HERE, "dist");
const EXAMPLES = join(HERE, "../examples");

/** What the page offers: a film, and the folder with its frames. */
const FILMS = {
  "A first film": ["hello", "hello.storyboard.toml"],
  "The Last Ferry": ["ferry", "ferry.storyboard.yaml"],
  "Harbour Nights, with a bible": ["harbour-nights", "episode-1.storyboard.yaml"],
};

/** The files below a folder but for its films. */
function filesOf(folder, below = "") {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below ? `${below}/${entry.name}` : entry.name;
    return entry.isDirectory() ? filesOf(folder, path) : [path];
  });
}

export function build() {
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(DIST);
  execFileSync("cargo", ["build", "--quiet", "--release", "--target", "wasm32-unknown-unknown"], { cwd: HERE, stdio: "inherit" });
  const wasm = join(HERE, "target/wasm32-unknown-unknown/release/clapboard_playground.wasm");
  const small = spawnSync("wasm-opt", ["-Os", "--all-features", wasm, "-o", join(DIST, "clapboard.wasm")]);
  if (small.status !== 0) copyFileSync(wasm, join(DIST, "clapboard.wasm"));
  buildSync({
    absWorkingDir: HERE, entryPoints: ["web/page.js"], outfile: "dist/page.js", bundle: true, minify: true, format: "esm",
    target: "es2022", legalComments: "none", logLevel: "error",
  });
  for (const file of ["index.html", "style.css"]) copyFileSync(join(HERE, "web", file), join(DIST, file));
  const list = {};
  for (const [name, [folder, film]] of Object.entries(FILMS)) {
    const files = filesOf(join(EXAMPLES, folder)).filter((file) => file !== film && !/^(?!bible).*\.storyboard\.\w+$/.test(file));
    for (const file of [...files, film]) cpSync(join(EXAMPLES, folder, file), join(DIST, "examples", folder, file), { recursive: true });
    list[name] = { folder, film, files };
  }
  writeFileSync(join(DIST, "examples.json"), JSON.stringify(list));
  return DIST;
}

/** The bytes that a visitor loads before the first check, packed as servers pack them. */
export function packedSize() {
  const files = ["index.html", "style.css", "page.js", "clapboard.wasm"];
  return files.map((file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length).reduce((sum, size) => sum + size, 0);
}

if (process.argv[1] === import.meta.filename) {
  build();
  console.log(`${DIST}: ${(packedSize() / 1e6).toFixed(2)} MB packed, module ${(statSync(join(DIST, "clapboard.wasm")).size / 1e6).toFixed(2)} MB`);
}
