// The two language servers, each behind the same few questions that an editor asks.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { isAbsolute } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);

/** How long a server may take for one answer, in milliseconds: far beyond what it needs. */
const PATIENCE = 300_000;

/** What VS Code's extensions send, as far as it matters: no schema comes from the network. */
const SETTINGS = {
  yaml: { validate: true, hover: true, completion: true, yamlVersion: "1.2", schemaStore: { enable: false } },
  http: {},
  editor: { tabSize: 2 },
  evenBetterToml: { schema: { enabled: true, catalogs: [], cache: {} }, completion: { maxKeys: 5 } },
};

/** A conversation with a language server. `send` passes a message on; `receive` takes what comes back. */
class Editor {
  #next = 1;
  #waiting = new Map();
  #told = new Map();
  #listeners = [];

  constructor(send, close) {
    this.send = send;
    this.close = close;
  }

  receive(message) {
    if (message.method === undefined) {
      const { resolve, reject } = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      message.error ? reject(new Error(message.error.message)) : resolve(message.result);
    } else if (message.method === "textDocument/publishDiagnostics") {
      this.#told.set(message.params.uri, message.params.diagnostics);
      this.#listeners.forEach((listener) => listener());
    } else if (message.id !== undefined) {
      this.send({ jsonrpc: "2.0", id: message.id, result: this.#answer(message) });
    }
  }

  #answer({ method, params }) {
    if (method !== "workspace/configuration") return null;
    return params.items.map(({ section }) => SETTINGS[section] ?? {});
  }

  ask(method, params) {
    const id = this.#next++;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.send({ jsonrpc: "2.0", id, method, params });
    return inTime(answer, method);
  }

  tell(method, params) {
    this.send({ jsonrpc: "2.0", method, params });
  }

  async start(folder) {
    const rootUri = pathToFileURL(folder).href;
    await this.ask("initialize", {
      processId: process.pid,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: "film" }],
      capabilities: {
        textDocument: {
          completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown", "plaintext"] } },
          hover: { contentFormat: ["markdown", "plaintext"] },
          publishDiagnostics: {},
        },
        workspace: { configuration: true, workspaceFolders: true },
      },
      initializationOptions: { configurationSection: "evenBetterToml", cachePath: null },
    });
    this.tell("initialized", {});
    this.tell("workspace/didChangeConfiguration", { settings: SETTINGS });
    return this;
  }

  /** Opens a file with `text` in it, and waits until the server has said what is wrong with it. */
  async open(path, text) {
    const uri = pathToFileURL(path).href;
    const languageId = path.endsWith(".toml") ? "toml" : "yaml";
    const said = new Promise((resolve) => {
      this.#listeners.push(() => this.#told.has(uri) && resolve());
    });
    this.tell("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text } });
    await inTime(said, `diagnostics of ${path}`);
    return new Page(this, uri, text);
  }

  told(uri) {
    return this.#told.get(uri);
  }

  /** Waits until something is said to be wrong with a file: the first word may come before the schema is read. */
  untilErrors(uri) {
    const said = new Promise((resolve) => {
      const look = () => this.#told.get(uri)?.length && resolve();
      this.#listeners.push(look);
      look();
    });
    return inTime(said, `errors of ${uri}`);
  }
}

/** An open file. A place is a text that stands in it once, with `|` where the cursor is. */
class Page {
  constructor(editor, uri, text) {
    Object.assign(this, { editor, uri, text });
  }

  #position(place) {
    const before = place.indexOf("|");
    const words = place.replace("|", "");
    const at = this.text.indexOf(words);
    if (at < 0 || this.text.indexOf(words, at + 1) >= 0) throw new Error(`\`${words}\` does not stand there once`);
    const lines = this.text.slice(0, at + before).split("\n");
    return { line: lines.length - 1, character: lines.at(-1).length };
  }

  async hover(place) {
    const params = { textDocument: { uri: this.uri }, position: this.#position(place) };
    const hover = await this.editor.ask("textDocument/hover", params);
    const contents = hover?.contents ?? "";
    return typeof contents === "string" ? contents : (contents.value ?? "");
  }

  /** What is offered, by label. */
  async complete(place) {
    const params = { textDocument: { uri: this.uri }, position: this.#position(place) };
    const list = await this.editor.ask("textDocument/completion", params);
    const items = Array.isArray(list) ? list : (list?.items ?? []);
    return new Map(items.map((item) => [item.label, item.documentation?.value ?? item.documentation ?? ""]));
  }

  untilErrors() {
    return this.editor.untilErrors(this.uri);
  }

  /** The text that each error underlines, with what is said. */
  errors() {
    const lines = this.text.split("\n");
    return this.editor.told(this.uri).map(({ range: { start, end }, message }) => ({
      words: start.line === end.line ? lines[start.line].slice(start.character, end.character) : lines[start.line],
      line: start.line + 1,
      message,
    }));
  }
}

function inTime(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in time: ${what}`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The server of VS Code's YAML extension, over standard input and output. */
export async function yaml(folder) {
  const { StreamMessageReader, StreamMessageWriter } = require("vscode-jsonrpc/node");
  const program = fileURLToPath(new URL("node_modules/yaml-language-server/bin/yaml-language-server", import.meta.url));
  const child = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const writer = new StreamMessageWriter(child.stdin);
  const editor = new Editor((message) => writer.write(message), () => child.kill());
  new StreamMessageReader(child.stdout).listen((message) => editor.receive(message));
  return editor.start(folder);
}

/** The server of the extension Even Better TOML, which is WebAssembly and takes its messages directly. */
export async function toml(folder) {
  const { TaploLsp } = require("@taplo/lsp");
  const environment = {
    now: () => new Date(),
    envVar: () => undefined,
    envVars: () => [],
    stdErrAtty: () => false,
    stdin: async () => new Uint8Array(),
    stdout: async (bytes) => bytes.length,
    stderr: async (bytes) => bytes.length,
    glob: () => [],
    readFile: (path) => readFile(path),
    writeFile: async () => {},
    // It has a workspace of its own, `root:///`, for files outside of any.
    urlToFilePath: (url) => (url.startsWith("file:") ? fileURLToPath(url) : new URL(url).pathname),
    isAbsolute,
    cwd: () => folder,
    findConfigFile: (from) => [".taplo.toml", "taplo.toml"].map((name) => `${from}/${name}`).find(existsSync),
    fetch: { fetch, Headers, Request, Response },
  };
  let editor;
  const server = await TaploLsp.initialize(environment, { onMessage: (message) => editor.receive(message) });
  editor = new Editor((message) => server.send(message), () => server.dispose());
  return editor.start(folder);
}
