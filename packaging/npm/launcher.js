#!/usr/bin/env node
// Starts the program, which is in a package of its own for each platform.
"use strict";

const { spawn } = require("child_process");

const name = `clapboard-${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "clapboard.exe" : "clapboard";

let program;
try {
  program = require.resolve(`${name}/${file}`);
} catch {
  const packages = Object.keys(require("./package.json").optionalDependencies);
  if (packages.includes(name)) {
    console.error(`clapboard: the package \`${name}\`, which has the program for this platform, is not installed.
npm leaves it out with \`--omit=optional\`, and when a lock file was written on another platform.
Install again with \`npm install --include=optional\`; if it is still missing, delete package-lock.json and node_modules first.`);
  } else {
    console.error(`clapboard: there is no package for ${process.platform} on ${process.arch}.
There are: ${packages.join(", ")}. Elsewhere it can be built from source: cargo install clapboard`);
  }
  process.exit(2);
}

let child;
// Before the program starts, so that no signal is missed. A terminal sends Ctrl+C to both, and the program decides when it is
// done: a paid request under way is recorded first.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
child.on("error", (error) => {
  console.error(`clapboard: ${program} cannot be started: ${error.message}`);
  process.exit(2);
});
child.on("exit", (status, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else {
    process.exit(status);
  }
});
