// The schemas in the editors that people have: what VS Code's YAML and TOML extensions complete, explain and underline.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { toml, yaml } from "./server.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TEMPLATES = join(ROOT, "src/cli/init");

/** A folder as `clapboard init` writes it. */
function film() {
  const folder = mkdtempSync(join(tmpdir(), "clapboard-editors-"));
  for (const file of ["film.storyboard.yaml", "film.storyboard.toml", "clapboard.toml"]) {
    cpSync(join(TEMPLATES, file), join(folder, file));
  }
  cpSync(join(ROOT, "schemas/storyboard.schema.json"), join(folder, "storyboard.schema.json"));
  cpSync(join(ROOT, "schemas/config.schema.json"), join(folder, "clapboard.schema.json"));
  return folder;
}

/** A server in such a folder for the tests of one `describe`. */
function server(start) {
  const held = {};
  before(async () => {
    held.folder = film();
    held.editor = await start(held.folder);
  });
  after(() => {
    held.editor.close();
    rmSync(held.folder, { recursive: true });
  });
  let files = 0;
  return {
    /** Opens a text under a name of its own. */
    open: (text, ending) => held.editor.open(join(held.folder, `text-${files++}.${ending}`), text),
    /** Opens a file of the folder. */
    file: (name) => {
      const path = join(held.folder, name);
      return held.editor.open(path, readFileSync(path, "utf8"));
    },
  };
}

const MODELS = ["kling-v1", "kling-v2-5-turbo", "kling-v2-6", "kling-v3"];

function offers(offered, labels) {
  for (const label of labels) assert.ok(offered.has(label), `${label} is not among ${[...offered.keys()]}`);
}

describe("YAML: yaml-language-server", () => {
  const { open, file } = server(yaml);
  const HEAD = "# yaml-language-server: $schema=./storyboard.schema.json\n";

  test("the first storyboard has no error, and its fields explain themselves", async () => {
    const page = await file("film.storyboard.yaml");
    assert.deepEqual(page.errors(), []);
    assert.match(await page.hover("bud|get:"), /The most that the storyboard's shots may come to/);
    assert.match(await page.hover("camera|: slow"), /The camera, in words/);
    assert.match(await page.hover("model: kling|-v2-6"), /`kling-v1-6`: Retired on Kling's own API/);
    assert.match(await page.hover("look|: a woman"), /How the person looks/);
  });

  test("fields, models and ready-made shots are offered", async () => {
    const page = await open(
      `${HEAD}storyboard: 1
defaults:
  model: 
  mode: p
shots:
  - id: one
    sound: 
    camera:
      preset: f
    prompt: hello
    
  - 
`,
      "yaml",
    );
    const models = await page.complete("model: |\n");
    offers(models, MODELS);
    assert.match(models.get("kling-v1"), /^Retired on Kling's own API on 2026-09-15/);
    offers(await page.complete("mode: p|"), ["pro"]);
    offers(await page.complete("sound: |\n"), ['"on"', '"off"']);
    offers(await page.complete("preset: f|"), ["forward_up"]);
    offers(await page.complete("  - |\n"), ["shot", "shot with cuts"]);
    const fields = await page.complete("hello\n    |");
    offers(fields, ["first_frame", "last_frame", "lines", "cuts", "brush", "kling"]);
    assert.match(fields.get("cuts"), /Only models with cuts support them/);
    for (const there of ["id", "sound", "prompt"]) assert.ok(!fields.has(there), `${there} is offered again`);
  });

  test("what is offered can be written as it is, and current models come first", async () => {
    const page = await open(
      `${HEAD}storyboard: 1
title: 
extends: 
styles:
  film: 
shots:
  - id: one
    model: 
    duration: 
    first_frame: 
    prompt: 
    camera: 
    use: 
    skip: 
    style: 
    cfg_scale: 
`,
      "yaml",
    );
    const fields = ["title", "extends", "film", "model", "duration", "first_frame", "prompt", "camera", "use", "skip", "style"];
    for (const field of [...fields, "cfg_scale"]) {
      const labels = [...(await page.complete(`${field}: |\n`)).keys()];
      const odd = labels.filter((label) => label === "null" || label.includes("object"));
      assert.deepEqual(odd, [], `${field} offers ${labels}`);
    }
    for (const free of ["title", "extends", "film", "first_frame", "prompt"]) {
      const labels = [...(await page.complete(`${free}: |\n`)).keys()];
      assert.deepEqual(labels, [], `${free} offers somebody else's text`);
    }
    const models = [...(await page.complete("model: |\n")).keys()];
    assert.deepEqual(models.slice(0, 3), ["kling-v3", "kling-v3-turbo", "kling-v2-6"]);
    offers(await page.complete("camera: |\n"), ["in words", "move along an axis", "ready-made move"]);
    offers(await page.complete("use: |\n"), ["from the start", "in and out"]);
  });

  test("each error underlines the word that is wrong", async () => {
    const page = await open(
      `${HEAD}storyboard: 1
titel: The Last Ferry
defaults:
  model: kling-v9
  cfg_scale: 2
cast:
  mara:
    voice: 829877809978941442
shots:
  - id: a b
    first_frame: ftp://a.example/x.png
    duration: five
    image: x.png
    camera: { zoom: 40 }
    cuts:
      - duration: 3
        promt: x
    lines:
      - mara: 5
`,
      "yaml",
    );
    const found = page.errors().map(({ line, words, message }) => `${line} ${words}: ${message}`);
    const expected = [
      /^3 titel: Property titel is not allowed/,
      /^5 kling-v9: Value is not accepted\. Valid values: "kling-v3", .*"kling-v1"\.$/,
      /^6 2: Value is above the maximum of 1/,
      /^9 829877809978941442: A voice id is text: put its digits in quotes/,
      /^11 a b: A name has letters, digits/,
      /^12 ftp:\/\/a\.example\/x\.png: A path from this file/,
      /^13 five: Whole seconds belong here/,
      /^14 image: Property image is not allowed/,
      /^15 40: Value is above the maximum of 10/,
      /^17 .*: Missing property "prompt"/,
      /^18 promt: Property promt is not allowed/,
      /^19 lines: Not allowed with `cuts`/,
      /^20 5: A line is its words/,
    ];
    for (const wanted of expected) assert.ok(found.some((it) => wanted.test(it)), `${wanted}:\n${found.join("\n")}`);
    assert.equal(found.length, expected.length, found.join("\n"));
  });

  test("fields that exclude each other are underlined at the second one", async () => {
    const page = await open(
      `${HEAD}storyboard: 1
scenes:
  - id: harbour
    shots:
      - id: one
        prompt: She waves.
        cuts:
          - duration: 3
            prompt: Close on her hands.
      - id: two
        skip: true
        prompt: She waves.
        cuts:
          - duration: 3
            prompt: Close on her hands.
shots:
  - id: three
    prompt: She waves.
`,
      "yaml",
    );
    const found = page.errors().map(({ line, words, message }) => `${line} ${words}: ${message}`);
    assert.deepEqual(found.sort(), [
      "17 shots: A film has either `scenes` or `shots`: move these shots into a scene.",
      "7 prompt: Not allowed with `cuts`: each cut has its own prompt.",
    ]);
  });

  test("what a writer may write freely is no error", async () => {
    const page = await open(
      `${HEAD}storyboard: 1
x-mood: [grey, cold]
shots:
  - id: one
    first_frame: https://stills.example/a.png
    sound: on
    notes: { take: 3 }
    kling: { callback_url: https://a.example }
    prompt: She waves.
`,
      "yaml",
    );
    assert.deepEqual(page.errors(), []);
  });
});

describe("TOML: taplo, as in Even Better TOML", () => {
  const { open, file } = server(toml);
  const HEAD = "#:schema ./storyboard.schema.json\n";

  test("the first storyboard has no error, and its fields explain themselves", async () => {
    const page = await file("film.storyboard.toml");
    assert.match(await page.hover("cli|ps = 2"), /At most so many clips/);
    assert.match(await page.hover("model| = "), /The Kling model/);
    // Taplo says nothing on keys of `[[…]]` tables, and explains their values.
    assert.match(await page.hover('"slow |push in"'), /The camera, in words/);
    assert.deepEqual(page.errors(), []);
  });

  test("fields and models are offered", async () => {
    const page = await open(
      `${HEAD}storyboard = 1

[defaults]
model = ""

[[shots]]
id = "one"
mode = ""
prompt = "hello"

`,
      "toml",
    );
    offers(await page.complete('model = "|"'), MODELS.map((model) => `"${model}"`));
    offers(await page.complete('mode = "|"'), ['"std"', '"pro"']);
    const fields = await page.complete('"hello"\n|');
    offers(fields, ["first_frame", "last_frame", "lines", "cuts", "brush", "kling"]);
    assert.match(fields.get("cuts"), /Only models with cuts support them/);
    for (const there of ["id", "prompt"]) assert.ok(!fields.has(there), `${there} is offered again`);
  });

  test("each error underlines the words that are wrong", async () => {
    const page = await open(
      `${HEAD}storyboard = 1
titel = "The Last Ferry"

[defaults]
model = "kling-v9"
cfg_scale = 2

[[shots]]
id = "a b"
duration = 5.5
prompt = 5
`,
      "toml",
    );
    await page.untilErrors();
    const found = page.errors().map(({ line, words, message }) => `${line} ${words}: ${message}`);
    // Taplo puts an unknown field at the table that it stands in, here at each word of the film's own fields.
    const expected = [/^1 .*'titel' was unexpected/, /^6 "kling-v9": /, /^7 2: /, /^10 "a b": /, /^11 5\.5: /, /^12 5: /];
    for (const wanted of expected) assert.ok(found.some((it) => wanted.test(it)), `${wanted}:\n${found.join("\n")}`);
    const others = page.errors().filter(({ message }) => !message.includes("'titel'"));
    assert.deepEqual([...new Set(others.map(({ line }) => line))].sort(), [10, 11, 12, 6, 7]);
  });

  test("clapboard.toml is completed, explained and checked too", async () => {
    const page = await file("clapboard.toml");
    assert.match(await page.hover("api_key|_env = "), /Never the key itself/);
    offers(await page.complete('api = "|gateway"'), ['"gateway"', '"official"']);
    assert.deepEqual(page.errors(), []);
    const wrong = await open('#:schema ./clapboard.schema.json\n[target]\napi = "openai"\nkey = "x"\n', "toml");
    await wrong.untilErrors();
    const found = wrong.errors().map(({ line, message }) => `${line}: ${message}`);
    assert.ok(found.some((it) => /^3: "openai" is not one of/.test(it)), found.join("\n"));
    assert.ok(found.some((it) => /^2: .*'key' was unexpected/.test(it)), found.join("\n"));
  });
});
