// `clapboard lsp` behind the client that VS Code's extensions build on: a session of edits, each answer looked at. $CLAPBOARD names
// the program.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const {
  CodeActionRequest, CompletionRequest, createProtocolConnection, DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification, DocumentDiagnosticRequest, ExitNotification, HoverRequest, InitializedNotification,
  InitializeRequest, InlayHintRequest, LSPErrorCodes, RegistrationRequest, RenameRequest, ShutdownRequest,
  StreamMessageReader, StreamMessageWriter, CancellationTokenSource,
} = require("vscode-languageserver-protocol/node");
const { TextDocument } = require("vscode-languageserver-textdocument");

const FILM = `storyboard: 1
cast: { mara: { look: a woman } }
shots:
  - id: harbour-010
    model: kling-v3
    first_frame: frames/wide.png
    promt: 渡🚢 $mara waits.
`;

let folder, program, connection, registered, exited;
let document;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "clapboard-lsp-"));
  cpSync(fileURLToPath(new URL("../stage", import.meta.url)), folder, { recursive: true });
  program = spawn(process.env.CLAPBOARD, ["lsp", "--stdio"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  exited = new Promise((resolve) => program.on("exit", resolve));
  connection = createProtocolConnection(new StreamMessageReader(program.stdout), new StreamMessageWriter(program.stdin));
  registered = new Promise((resolve) => connection.onRequest(RegistrationRequest.type, resolve));
  connection.listen();
  const result = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "film" }],
    capabilities: {
      textDocument: {
        diagnostic: { relatedDocumentSupport: true },
        completion: { completionItem: { snippetSupport: true } },
      },
      workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
    },
  });
  assert.equal(result.serverInfo.name, "clapboard");
  await connection.sendNotification(InitializedNotification.type, {});
  document = TextDocument.create(pathToFileURL(join(folder, "film.storyboard.yaml")).href, "yaml", 1, FILM);
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri: document.uri, languageId: "yaml", version: 1, text: FILM },
  });
});

after(() => {
  program.kill();
  rmSync(folder, { recursive: true });
});

/** Edits the document here and there. */
async function edit(edits) {
  const changes = edits.map(({ range, newText }) => ({ range, text: newText }));
  document = TextDocument.update(document, changes, document.version + 1);
  await connection.sendNotification(DidChangeTextDocumentNotification.type, {
    textDocument: { uri: document.uri, version: document.version },
    contentChanges: changes,
  });
}

const codes = async () => {
  const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: document.uri } });
  return report.items.map(({ code }) => code);
};

const at = (words) => document.positionAt(document.getText().indexOf(words));

test("a session of edits", async () => {
  const { registrations } = await registered;
  assert.equal(registrations[0].method, "workspace/didChangeWatchedFiles");
  assert.deepEqual(await codes(), ["unknown-field"]);

  const range = { start: at("promt"), end: at(": 渡") };
  const actions = await connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: document.uri }, range, context: { diagnostics: [], only: ["quickfix"] },
  });
  assert.equal(actions[0].title, "Rename `promt` to `prompt`");
  await edit(actions[0].edit.changes[document.uri]);
  assert.deepEqual(await codes(), []);

  const hover = await connection.sendRequest(HoverRequest.type, { textDocument: { uri: document.uri }, position: at("mara waits") });
  assert.match(hover.contents.value, /a woman/);

  const renamed = await connection.sendRequest(RenameRequest.type, {
    textDocument: { uri: document.uri }, position: at("mara:"), newName: "anna",
  });
  await edit(renamed.changes[document.uri].toReversed());
  assert.match(document.getText(), /cast: \{ anna: [^]*渡🚢 \$anna waits\./);
  assert.deepEqual(await codes(), []);

  await edit([{ range: { start: at("    prompt"), end: at("    prompt") }, newText: "    duration: \n" }]);
  const position = document.positionAt(document.getText().indexOf("duration: ") + "duration: ".length);
  const items = await connection.sendRequest(CompletionRequest.type, { textDocument: { uri: document.uri }, position });
  assert.ok(items.some(({ label, detail }) => label === "5" && /units/.test(detail)), JSON.stringify(items));

  const hints = await connection.sendRequest(InlayHintRequest.type, {
    textDocument: { uri: document.uri }, range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
  });
  assert.deepEqual(hints.map(({ label }) => label), ["1 shot · 5 s · 3 units ($0.42)", "5 s · 3 units"]);
});

test("a burst of edits and cancelled requests is answered in full", async () => {
  const pending = [];
  for (let round = 0; round < 200; round += 1) {
    await edit([{ range: { start: at("waits."), end: at("waits.") }, newText: "very " }]);
    const cancel = new CancellationTokenSource();
    const params = { textDocument: { uri: document.uri } };
    pending.push(connection.sendRequest(DocumentDiagnosticRequest.type, params, cancel.token).then(
      () => "answered",
      (error) => {
        assert.equal(error.code, LSPErrorCodes.RequestCancelled);
        return "cancelled";
      },
    ));
    if (round % 2 === 0) cancel.cancel();
  }
  const outcomes = await Promise.all(pending);
  assert.equal(outcomes.length, 200);
  assert.ok(outcomes.filter((outcome) => outcome === "answered").length >= 100);
});

test("files that change on disk are looked at again", async () => {
  const bible = join(folder, "bible.storyboard.yaml");
  await edit([{ range: { start: at("cast:"), end: at("cast:") }, newText: "extends: bible.storyboard.yaml\n" }]);
  assert.deepEqual(await codes(), ["extends-not-found"]);
  writeFileSync(bible, "storyboard: 1\nstyles: { film: grain }\n");
  await connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: pathToFileURL(bible).href, type: 1 }] });
  assert.deepEqual(await codes(), []);
});

test("it ends when it is told to", async () => {
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  assert.equal(await exited, 0);
});
