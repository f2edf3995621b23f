// What a page of 100 shots takes: to make, to open in Chromium, and to play.
//
//   cargo build --profile dist && npm install --prefix tests/preview
//   CLAPBOARD=$PWD/target/dist/clapboard node benches/preview.mjs

import * as zlib from "node:zlib";
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { Stage, browse, program } from "../tests/preview/stage.mjs";

const SHOTS = 100, WIDTH = 1280, HEIGHT = 720;

const crc = zlib.crc32 ?? ((bytes) => {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
});

function chunk(kind, content) {
  const body = Buffer.concat([Buffer.from(kind), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A frame with the grain of film over a slope of colours: as hard to pack as a photograph. */
function frame(index) {
  const rows = Buffer.alloc((WIDTH * 3 + 1) * HEIGHT);
  let seed = index + 1, at = 0;
  for (let y = 0; y < HEIGHT; y += 1) {
    rows[at++] = 0;
    for (let x = 0; x < WIDTH; x += 1) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const grain = seed >>> 28;
      rows[at++] = ((x * 180) / WIDTH + grain + index) & 255;
      rows[at++] = ((y * 180) / HEIGHT + grain + 40) & 255;
      rows[at++] = (((x ^ y) * 90) / WIDTH + grain + 60) & 255;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", zlib.deflateSync(rows, { level: 1 })), chunk("IEND", Buffer.alloc(0))]);
}

const stage = new Stage();
const shots = [];
for (let index = 0; index < SHOTS; index += 1) {
  stage.write(`frames/${index}.png`, frame(index));
  shots.push(`  - { id: s${index}, first_frame: frames/${index}.png, prompt: "The ferry climbs wave ${index}, spray torn off the crest.", use: 0.5 }\n`);
}
stage.write("film.storyboard.yaml", `storyboard: 1\ndefaults: { model: kling-v3 }\nshots:\n${shots.join("")}`);

const times = [];
for (let run = 0; run < 5; run += 1) {
  const began = performance.now();
  const { status, stderr } = spawnSync(program, ["preview", "--output", "film.html"], { cwd: stage.folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  times.push(performance.now() - began);
}
console.log(`made in ${Math.round(Math.min(...times))} ms (best of ${times.length}), ${(statSync(stage.path("film.html")).size / 1e6).toFixed(1)} MB`);

const browser = await browse();
const page = await browser.newPage();
await page.goto(stage.page("film.html"));
const opened = await page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd);
console.log(`open after ${Math.round(opened)} ms`);
const played = await page.evaluate(() => new Promise((done) => {
  const changes = [], began = performance.now();
  let last = began, longest = 0;
  const stage = document.getElementById("stage"), play = document.getElementById("play");
  new MutationObserver(() => changes.push(performance.now())).observe(stage, { attributes: true, attributeFilter: ["data-shot"] });
  const look = (now) => {
    longest = Math.max(longest, now - last);
    last = now;
    if (changes.length > 0 && play.textContent === "Play") {
      const late = changes.map((at, index) => Math.abs(at - changes[0] - index * 500));
      return done({ shots: changes.length + 1, seconds: (now - began) / 1000, longest, late: Math.max(...late) });
    }
    requestAnimationFrame(look);
  };
  play.click();
  requestAnimationFrame(look);
}));
console.log(`played ${played.shots} shots in ${played.seconds.toFixed(1)} s; no shot more than ${Math.round(played.late)} ms off its time, longest frame ${Math.round(played.longest)} ms`);
await browser.close();
