// Says annotations, given as JSON on standard input, by GitHub's own toolkit.
import { readFileSync } from "node:fs";

const core = await import("../../../target/test-tools/node_modules/@actions/core/lib/core.js");
for (const { level, message, properties } of JSON.parse(readFileSync(0, "utf8"))) {
  core[level](message, properties);
}
