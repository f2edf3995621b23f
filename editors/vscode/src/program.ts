import { existsSync } from "node:fs";
import { join } from "node:path";

/** The program to run: the one that was asked for, the one that came with the extension, else the one on the PATH. */
export function program(extension: string, asked: string | undefined): string {
  if (asked) return asked;
  const name = process.platform === "win32" ? "clapboard.exe" : "clapboard";
  const own = join(extension, "bin", name);
  return existsSync(own) ? own : name;
}
