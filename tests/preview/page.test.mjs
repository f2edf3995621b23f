// The page in Chromium: it is there, it asks for nothing, everybody can use it, it plays, and it prints.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { PATIENCE, Stage, barriers, browse, open, pagesOf } from "./stage.mjs";

const FILM = `storyboard: 1
title: The Crossing
budget: { clips: 3, units: 100 }
defaults: { model: kling-v3, first_frame: frames/storm-wide.png }
cast: { mara: { look: a woman in her sixties }, tomas: {} }
scenes:
  - id: quay
    heading: EXT. QUAY - DAWN
    shots:
      - { id: one, prompt: Fog lifts., use: 2 }
      - id: two
        sound: on
        prompt: $mara waits.
        use: [1, 4]
        lines: [{ mara: It is late. }, { tomas: It is. }]
      - { id: later, skip: true, prompt: Rain. }
  - id: sea
    heading: EXT. SEA - DAY
    shots:
      - id: three
        first_frame: frames/harbour-empty.png
        last_frame: frames/harbour-ferry.png
        prompt: The ferry slides in.
        use: 3.5
      - id: four
        cuts:
          - { duration: 2, prompt: Close on the rope. }
          - { duration: 3, prompt: The bollard. }
`;

const DRAWN = `storyboard: 1
defaults: { first_frame: frames/storm-boat.png, model: kling-v1 }
shots:
  - id: brush
    prompt: The boat swings out.
    brush: { still: masks/storm-sky.png, move: [{ mask: masks/storm-boat.png, path: [[620, 420], [560, 380], [470, 300]] }] }
  - { id: zoom, model: kling-v1-5, mode: pro, prompt: A wave., camera: { zoom: 4 } }
  - { id: gone, prompt: A gull., first_frame: frames/gull.png }
  - { id: away, prompt: A buoy., first_frame: "https://stills.example.com/buoy.png" }
`;

const HOSTILE = `</script></title></style><img src=x onerror=alert(1)>' onload=alert(2) \\u202Eevil {{ 7 * 7 }}`;
const HOSTILE_FILM = `storyboard: 1
title: "${HOSTILE}"
styles: { s: "${HOSTILE}" }
cast: { mara: { name: "${HOSTILE}", look: "${HOSTILE}" } }
defaults: { model: kling-v2-6, mode: pro, sound: true, style: [s], negative_prompt: "${HOSTILE}" }
scenes:
  - id: "${HOSTILE}"
    heading: "${HOSTILE}"
    shots:
      - { id: "${HOSTILE}", first_frame: "${HOSTILE}.png", prompt: "$mara ${HOSTILE}", camera: "${HOSTILE}", lines: [{ mara: "${HOSTILE}" }] }
`;

let browser;
before(async () => { browser = await browse(); });
after(() => browser?.close());

function staged(film) {
  const stage = new Stage();
  stage.write("film.storyboard.yaml", film);
  return stage;
}

for (const [name, film] of [["a film", FILM], ["drawings and placeholders", DRAWN], ["hostile texts", HOSTILE_FILM]]) {
  test(`${name}: no fault, no request, no barrier; wide and phone, light and dark`, async () => {
    const address = staged(film).page();
    for (const [width, height] of [[1440, 900], [390, 844]]) {
      for (const scheme of ["light", "dark"]) {
        const { page, faults } = await open(browser, address, { width, height, scheme });
        const where = `${width} ${scheme}`;
        assert.deepEqual(faults, [], where);
        assert.deepEqual(await barriers(page), [], where);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(overflow <= 0, `${where}: ${overflow} pixels too wide`);
        assert.equal(await page.evaluate(() => document.querySelectorAll("main img, main script, main style").length), 0);
        await page.close();
      }
    }
  });
}

test("each frame is drawn, and the brush and the camera over it", async () => {
  const { page } = await open(browser, staged(DRAWN).page());
  const cards = await page.$$eval(".card", (cards) => cards.map((card) => ({
    name: card.querySelector("h4").textContent,
    pictures: [...card.querySelectorAll("svg.frame > use")].every((use) => document.querySelector(use.getAttribute("href"))),
    masks: card.querySelectorAll("svg.frame > rect").length,
    paths: card.querySelectorAll("polyline.path").length,
    arrows: card.querySelectorAll("path.move").length,
    blank: card.querySelector(".blank")?.textContent ?? "",
  })));
  const [brush, zoom, gone, away] = cards;
  assert.deepEqual([brush.pictures, brush.masks, brush.paths, brush.arrows], [true, 2, 1, 0]);
  assert.deepEqual([zoom.pictures, zoom.masks, zoom.arrows], [true, 0, 4]);
  assert.match(gone.blank, /frames\/gull\.png.*there is no such file/s);
  assert.match(away.blank, /stills\.example\.com.*not fetched/s);
  const area = await page.$eval("svg.frame", (frame) => {
    const { width, height } = frame.getBoundingClientRect();
    return { width, height };
  });
  assert.ok(area.width > 200 && Math.abs(area.width / area.height - 16 / 9) < 0.02, JSON.stringify(area));
});

// The page's clock, run by the test: nothing waits, and every time is exact.
function clock() {
  let now = 1000, waiting = [];
  performance.now = () => now;
  window.requestAnimationFrame = (call) => waiting.push(call);
  window.advance = (seconds) => {
    const seen = [];
    const end = now + seconds * 1000;
    while (now < end - 0.001) {
      now = Math.min(now + 10, end);
      const calls = waiting;
      waiting = [];
      for (const call of calls) call(now);
      const at = Math.round(now - 1010);
      const shot = document.getElementById("stage").dataset.shot;
      const caption = document.getElementById("caption").textContent;
      if (seen.at(-1)?.shot !== shot || seen.at(-1)?.caption !== caption) seen.push({ at, shot, caption });
    }
    return seen;
  };
}

test("the animatic plays each shot for its seconds, with its captions, to the end", async () => {
  const { page, faults } = await open(browser, staged(FILM).page(), { prepare: clock });
  await page.keyboard.press("Space");
  const seen = await page.evaluate(() => window.advance(15));
  const expected = [
    [0, "one", "Fog lifts."],
    [2000, "two", "Mara: It is late."],
    [3727, "two", "Tomas: It is."],
    [5000, "three", "The ferry slides in."],
    [8500, "four", "Close on the rope."],
    [10500, "four", "The bollard."],
  ];
  assert.deepEqual(seen.map(({ shot, caption }) => [shot, caption]).slice(0, 6), expected.map(([, ...what]) => what));
  for (const [index, [at]] of expected.entries()) {
    assert.ok(Math.abs(seen[index].at - at) <= 20, `${JSON.stringify(seen[index])}, not at ${at}`);
  }
  assert.equal(await page.$eval("#clock", (clock) => clock.textContent), "0:13 / 0:13");
  assert.equal(await page.$eval("#play", (play) => play.textContent), "Play", "it stops at the end");
  assert.deepEqual(faults, []);
});

test("a scene plays alone, and in a loop", async () => {
  const { page } = await open(browser, staged(FILM).page(), { prepare: clock });
  const ranges = await page.$$eval("#range option", (options) => options.map((option) => option.textContent.trim()));
  assert.deepEqual(ranges, ["The Crossing", "EXT. QUAY - DAWN", "EXT. SEA - DAY"]);
  await page.select("#range", "1");
  await page.click("#loop");
  await page.click("h1");
  await page.keyboard.press("Space");
  const shots = (await page.evaluate(() => window.advance(11))).map(({ shot }) => shot);
  assert.deepEqual(shots.filter((shot, index) => shot !== shots[index - 1]), ["one", "two", "one", "two", "one"]);
});

test("keys step, pause and leave controls alone; the last frame has its half", async () => {
  const { page } = await open(browser, staged(FILM).page(), { prepare: clock });
  const shot = () => page.$eval("#stage", (stage) => stage.dataset.shot);
  for (const [key, expected] of [["ArrowRight", "two"], ["ArrowRight", "three"], ["ArrowLeft", "two"], ["ArrowLeft", "one"], ["ArrowLeft", "one"]]) {
    await page.keyboard.press(key);
    assert.equal(await shot(), expected);
  }
  await page.keyboard.press("Space");
  assert.equal(await page.$eval("#play", (play) => play.textContent), "Pause");
  await page.keyboard.press("Space");
  assert.equal(await page.$eval("#play", (play) => play.textContent), "Play");
  await page.focus("#range");
  await page.keyboard.press("ArrowRight");
  assert.equal(await shot(), "one", "a list's own keys are its own");
  const still = () => page.$eval("#still use", (use) => use.getAttribute("href"));
  const seek = (seconds) => page.$eval("#seek", (seek, value) => {
    seek.value = value;
    seek.dispatchEvent(new Event("input"));
  }, seconds);
  await page.select("#range", "0");
  await seek(5.1);
  const first = await still();
  await seek(8.2);
  assert.notEqual(await still(), first);
  assert.equal(await shot(), "three");
});

test("the reel works without its script, too", async () => {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.setJavaScriptEnabled(false);
  await page.goto(staged(FILM).page());
  assert.equal((await page.$$("article.card")).length, 5);
  assert.equal(await page.$eval("#player", (player) => player.hidden), true);
});

test("the sheet has its number of panels on each page, and cuts none", async () => {
  const stage = new Stage();
  const shots = Array.from({ length: 10 }, (_, index) => `  - { id: s${index}, prompt: "The ferry climbs wave ${index}, spray torn off the crest." }\n`);
  stage.write("film.storyboard.yaml", `storyboard: 1\ndefaults: { model: kling-v3, first_frame: frames/storm-wide.png }\nshots:\n${shots.join("")}`);
  const { page } = await open(browser, stage.page());
  for (const [panels, pages] of [["4", 3], ["6", 2], ["9", 2]]) {
    await page.select("#panels", panels);
    for (const format of ["A4", "Letter"]) {
      assert.equal(pagesOf(await page.pdf({ format, timeout: PATIENCE })), pages, `${panels} on ${format}`);
    }
  }
  await page.emulateMediaType("print");
  const breaks = await page.$$eval(".panel", (panels) => panels.map((panel) => getComputedStyle(panel).breakInside));
  assert.deepEqual(new Set(breaks), new Set(["avoid"]));
});

/** A film of one shot with two takes, which Chromium recorded itself. */
async function bought() {
  const stage = staged("storyboard: 1\nshots:\n  - { id: one, model: kling-v3, first_frame: frames/storm-wide.png, prompt: A wave., use: 2 }\n");
  const [{ identity }] = JSON.parse(stage.run("plan", "--format", "json")).shots;
  const lines = [];
  for (const take of [1, 2]) {
    const path = take === 1 ? "clips/film/one.mp4" : "clips/film/one.2.mp4";
    stage.write(path, Buffer.from(await clip(take), "base64"));
    const line = { v: 1, film: "film", shot: "one", attempt: String(take).repeat(32), identity };
    const at = (second) => `2026-11-0${take}T10:00:0${second}Z`;
    lines.push({ ...line, at: at(0), event: "intent", api: "gateway", base_url: "https://g.example", external_task_id: false, seconds: 5, units: 3, usd: 0.42, fields: {} });
    lines.push({ ...line, at: at(1), event: "accepted", task_id: `t${take}`, how: "answer" });
    lines.push({ ...line, at: at(2), event: "downloaded", task_id: `t${take}`, path, bytes: 1, sha256: "0".repeat(64), units: 3 });
  }
  stage.write("clapboard.ledger.jsonl", lines.map((line) => JSON.stringify(line) + "\n").join(""));
  return stage;
}

const chosen = (page) => page.$$eval(".take", (takes) => takes.map((take) => take.textContent.includes("in the edit")));

test("a clip plays in its frame's place, and beside its other take", async () => {
  const { page, faults } = await open(browser, (await bought()).page());
  await page.waitForFunction(() => [...document.querySelectorAll("video")].every((video) => video.readyState >= 1));
  assert.deepEqual(await chosen(page), [false, true], "the newest counts");
  assert.match(await page.$eval(".choose code", (code) => code.textContent), /^clapboard status --choose one=N$/);
  assert.equal(await page.$eval(".state", (state) => state.textContent), "done");
  await page.waitForSelector("#stage video:not([hidden])");
  await page.click(".together");
  await page.waitForFunction(() => [...document.querySelectorAll(".take video")].every((video) => video.currentTime > 0));
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(faults.filter((fault) => !fault.includes("/clips/film/one")), []);
});

test("a served page chooses with a click, and is loaded again when a file is saved", async () => {
  const stage = await bought();
  const { address, stop } = await stage.serve();
  try {
    const { page, faults } = await open(browser, address);
    await page.waitForFunction(() => [...document.querySelectorAll(".take video")].every((video) => video.readyState >= 1));
    // A page that is not current any more refuses the choice, and is loaded again.
    const became = () => {
      if (document.querySelector(".take")?.classList.contains("counts")) return "chosen";
      return document.getElementById("live-note")?.textContent.includes("not current") && "refused";
    };
    for (let answer; answer !== "chosen";) {
      await steadily(page, () => page.click(".pick"));
      answer = await steadily(page, async () => (await page.waitForFunction(became)).jsonValue());
    }
    assert.deepEqual(await steadily(page, () => chosen(page)), [true, false]);
    const film = readFileSync(stage.path("film.storyboard.yaml"), "utf8");
    stage.write("film.storyboard.yaml", film.replace("A wave.", "A gull."));
    await page.waitForFunction(() => document.body.textContent.includes("A gull."));
    assert.deepEqual(await steadily(page, () => barriers(page)), []);
    const isOwn = (fault) => fault.startsWith(`request: ${address}`);
    assert.deepEqual(faults.filter((fault) => !isOwn(fault)), []);
  } finally {
    stop();
  }
});

/** Does something with a page that is there whole: again where it was loaded again meanwhile, as a page may be that follows files. */
async function steadily(page, act) {
  for (let loads = 0; ; loads += 1) {
    try {
      await page.waitForFunction(() => document.readyState === "complete");
      return await act();
    } catch (error) {
      if (loads === 10) throw error;
    }
  }
}

/** A second of film that Chromium records of a canvas; as base64. */
async function clip(take) {
  const page = await browser.newPage();
  const data = await page.evaluate(async (color) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
    const context = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.start();
    for (let frame = 0; frame < 20; frame += 1) {
      context.fillStyle = color;
      context.fillRect(0, 0, 320, 180);
      context.fillStyle = "#fff";
      context.fillRect(frame * 16, 80, 16, 16);
      await new Promise(requestAnimationFrame);
      await new Promise((done) => setTimeout(done, 50));
    }
    await new Promise((done) => { recorder.onstop = done; recorder.stop(); });
    const reader = new FileReader();
    await new Promise((done) => { reader.onload = done; reader.readAsDataURL(new Blob(parts)); });
    return reader.result.split(",")[1];
  }, take === 1 ? "#246" : "#642");
  await page.close();
  return data;
}
