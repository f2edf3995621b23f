// As much of VS Code as the extension touches when it starts. What is not here is a thing that can be called, made, read and
// listened to, and does nothing.

import { createRequire } from "node:module";
import Module from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);

/** Anything: a function, a class, a module. */
function anything(name) {
  const parts = new Map();
  function Thing() {}
  return new Proxy(Thing, {
    get(target, part) {
      if (part === "prototype") return target.prototype;
      if (part === "then" || typeof part === "symbol") return undefined;
      if (!parts.has(part)) parts.set(part, anything(`${name}.${part}`));
      return parts.get(part);
    },
    set: (_, part, value) => parts.set(part, value) && true,
    apply: () => ({ dispose() {} }),
    construct: (target, given, made) => Reflect.construct(target, given, made),
  });
}

class Uri {
  constructor(url) { this.url = url; }
  static parse(text) { return new Uri(new URL(text)); }
  static file(path) { return new Uri(pathToFileURL(path)); }
  static from({ scheme, path }) { return new Uri(new URL(`${scheme}:${path}`)); }
  get scheme() { return this.url.protocol.slice(0, -1); }
  get path() { return decodeURIComponent(this.url.pathname); }
  get fsPath() { return this.path; }
  toString() { return this.url.href; }
}

class CodeActionKind {
  static Empty = new CodeActionKind("");
  constructor(value) { this.value = value; }
  append(part) { return new CodeActionKind(this.value ? `${this.value}.${part}` : part); }
}

class EventEmitter {
  #listeners = new Set();
  event = (listener) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  fire(value) { this.#listeners.forEach((listener) => listener(value)); }
  dispose() {}
}

/** What else the extension imports by name. */
const NAMES = ["StatusBarAlignment", "ViewColumn", "SymbolKind", "Selection", "TextEditorRevealType"];

/** Loads the extension's bundle into a host with one document open. Gives the module and what it did to the host. */
export function load(bundle, document, settings = {}) {
  const seen = { commands: new Map(), contexts: new Map(), errors: [], diagnostics: new Map(), statusBar: { show() {}, hide() {}, dispose() {} } };
  const part = (name, own) => new Proxy(anything(name), {
    get: (target, key) => (key in own ? own[key] : target[key]),
    // A bundle copies the names of a module that it imports.
    ownKeys: () => [...new Set([...Object.keys(own), ...NAMES, "prototype"])],
  });
  const commands = {
    registerCommand(name, work) {
      seen.commands.set(name, work);
      return { dispose: () => seen.commands.delete(name) };
    },
    async executeCommand(name, ...given) {
      if (name === "setContext") return void seen.contexts.set(...given);
      return seen.commands.get(name)?.(...given);
    },
  };
  const textDocument = { uri: document.uri, languageId: "yaml", version: 1, isUntitled: false, getText: () => document.text };
  const configuration = { get: (key, fallback) => settings[key] ?? fallback, has: () => false, inspect: () => undefined };
  const collection = { set: (uri, found) => seen.diagnostics.set(String(uri), found), delete() {}, clear() {}, has: () => false, dispose() {} };
  const fake = part("vscode", {
    Uri, CodeActionKind, EventEmitter, version: "1.91.0",
    commands: part("commands", commands),
    workspace: part("workspace", {
      textDocuments: [textDocument], notebookDocuments: [], workspaceFolders: [{ uri: document.folder, name: "film", index: 0 }],
      getConfiguration: () => configuration,
    }),
    window: part("window", {
      activeTextEditor: { document: textDocument }, visibleTextEditors: [], tabGroups: { all: [], onDidChangeTabs: () => ({ dispose() {} }) },
      createStatusBarItem: () => seen.statusBar,
      createOutputChannel: () => ({ append() {}, appendLine() {}, show() {}, dispose() {} }),
      showErrorMessage: async (message) => void seen.errors.push(message),
    }),
    languages: part("languages", { match: () => 10, createDiagnosticCollection: () => collection }),
    env: part("env", { appName: "host", language: "en" }),
  });
  const original = Module._load;
  Module._load = function (request, ...rest) {
    return request === "vscode" ? fake : original.call(this, request, ...rest);
  };
  // Each host has an extension of its own.
  delete require.cache[require.resolve(bundle)];
  try {
    return { extension: require(bundle), seen, Uri };
  } finally {
    Module._load = original;
  }
}

export { Uri };
