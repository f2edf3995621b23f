// The page: an editor on the left; what is wrong, what is sent and what it costs on the right.

import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { basicSetup, EditorView } from "codemirror";

import { start } from "./engine.js";
import { pack, unpack } from "./link.js";

/** How long the text has to be left alone before it is checked, in milliseconds. */
const PAUSE = 60;
/** The largest picture that is taken in: ten times what Kling takes. */
const LARGEST = 100e6;

const find = (id) => document.getElementById(id);
const language = new Compartment();
const LANGUAGES = { yaml: () => yaml(), toml: () => StreamLanguage.define(toml) };

let engine;
let view;
let examples;
let format = "yaml";
let timer;
let last;
/** The example that is on its way. */
let wanted;

/** An element with a text in it. Nothing of a storyboard is ever read as HTML. */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

/** A message, with what is between backticks as code. */
function marked(text) {
  const parts = text.split("`");
  const isPaired = parts.length % 2 === 1;
  return parts.map((part, index) => (isPaired && index % 2 === 1 ? element("code", { textContent: part }) : part));
}

const fileName = () => `film.storyboard.${format}`;
const about = () => ({ name: fileName(), text: view.state.doc.toString(), target: find("target").value });

function check() {
  // What is checked now need not be checked again after the pause: a new list would close what a reader has opened.
  clearTimeout(timer);
  const begun = performance.now();
  last = engine.ask({ ask: "check", ...about() });
  const spent = performance.now() - begun;
  document.documentElement.dataset.checked = String(spent);
  view.dispatch(setDiagnostics(view.state, last.diagnostics.map(underlined)));
  show();
}

function underlined(found) {
  const length = view.state.doc.length;
  const clamp = (place) => Math.min(place, length);
  return {
    from: clamp(found.from),
    to: clamp(found.to),
    severity: found.severity,
    source: found.code,
    message: found.message + (found.help ? `\n${found.help}` : ""),
    actions: found.fix ? [{ name: fixName(found.fix), apply: () => apply(found.fix) }] : [],
  };
}

const fixName = ({ message, safety }) => message + (safety === "unsafe" ? " (may change what is bought)" : "");

function apply(fix) {
  view.dispatch({ changes: fix.edits });
  view.focus();
}

function show() {
  const { diagnostics, elsewhere, requests, totals } = last;
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  find("sum").replaceChildren(
    element("strong", { textContent: `${totals.shots} ${totals.shots === 1 ? "shot" : "shots"}` }), ` · ${totals.seconds} s · `,
    element("strong", { textContent: `${totals.units} ${totals.units === 1 ? "unit" : "units"}` }), ` · $${totals.usd.toFixed(2)}`,
    totals.unpriced ? ` and ${totals.unpriced} without a price` : "",
  );
  find("verdict").textContent = diagnostics.length === 0
    ? "Nothing is wrong."
    : `${errors} ${errors === 1 ? "error" : "errors"}, ${diagnostics.length - errors} ${diagnostics.length - errors === 1 ? "warning" : "warnings"}`;
  find("verdict").className = errors ? "error" : diagnostics.length ? "warning" : "good";
  find("fix").hidden = !diagnostics.some(({ fix }) => fix?.safety === "safe");
  find("findings").replaceChildren(
    ...diagnostics.slice(0, 200).map(finding),
    ...elsewhere.map(({ file, severity, message }) => element("li", { className: severity }, element("p", {}, `${file}: `, ...marked(message)))),
  );
  find("requests").replaceChildren(...requests.map(request));
  find("no-requests").hidden = requests.length > 0;
}

function finding(found) {
  const place = element("button", { className: "place", textContent: `line ${found.line}`, title: "Show in the text" });
  place.onclick = () => {
    view.dispatch({ selection: { anchor: found.from, head: found.to }, scrollIntoView: true });
    view.focus();
  };
  const rule = element("button", { className: "rule", textContent: found.code, title: "Explain this rule" });
  rule.onclick = () => explain(found.code);
  const item = element("li", { className: found.severity },
    element("p", { className: "head" }, element("b", { textContent: found.severity }), " ", place, " ", rule),
    element("p", { className: "message" }, ...marked(found.message)),
    found.help && element("p", { className: "help" }, ...marked(found.help)));
  if (found.fix) {
    const fix = element("button", { className: "fix" }, ...marked(fixName(found.fix)));
    fix.onclick = () => apply(found.fix);
    item.append(fix);
  }
  return item;
}

function request({ shot, path, units, body }) {
  const price = units === null ? "no listed price" : `${units} ${units === 1 ? "unit" : "units"}`;
  return element("details", {},
    element("summary", {}, element("b", { textContent: shot }), ` · ${price}`),
    path && element("p", { className: "path", textContent: `POST ${path}` }),
    element("pre", { textContent: body, tabIndex: 0 }));
}

function explain(code) {
  const rule = engine.ask({ ask: "explain", code });
  const texts = (title, list) => [element("h3", { textContent: title }), ...list.map((text) => element("pre", { textContent: text, tabIndex: 0 }))];
  const words = (title, text) => [element("h3", { textContent: title }), element("p", {}, ...marked(text))];
  find("rule").replaceChildren(
    element("h2", { textContent: rule.code }), element("p", {}, ...marked(rule.summary)),
    ...words("What it checks", rule.what), ...words("Why it matters", rule.why),
    ...texts("Wrong", rule.wrong), ...texts("Right", rule.right), ...words("Source", rule.source),
  );
  find("explained").showModal();
}

/** Opens a text in place of the one that is there. */
function open(text, newFormat) {
  wanted = undefined;
  format = newFormat;
  find("format").value = format;
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: text },
    effects: language.reconfigure(LANGUAGES[format]()),
    selection: { anchor: 0 }, scrollIntoView: true,
  });
  check();
}

async function openExample(name) {
  const example = examples[name];
  wanted = name;
  const take = async (file) => (await fetch(`examples/${example.folder}/${file}`)).arrayBuffer();
  const [film, ...files] = await Promise.all([example.film, ...example.files].map(take));
  // Another example was chosen while this one was on its way.
  if (wanted !== name) return;
  engine.clear();
  find("pictures").replaceChildren();
  example.files.forEach((file, index) => engine.put(file, new Uint8Array(files[index])));
  open(new TextDecoder().decode(film), example.film.endsWith(".toml") ? "toml" : "yaml");
  document.documentElement.dataset.example = name;
}

/** Takes pictures and bibles in. They are read here and stay here. A picture gets the place where the text looks for its name. */
async function takeIn(files) {
  for (const file of files) {
    const isText = /\.(ya?ml|toml)$/.test(file.name);
    if (file.size > LARGEST) {
      note(file.name, "too large to be a frame");
      continue;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (isText && files.length === 1) {
      open(new TextDecoder().decode(bytes), file.name.endsWith(".toml") ? "toml" : "yaml");
      return;
    }
    const missing = last.pictures.filter((path) => path.split("/").at(-1) === file.name);
    const places = missing.length ? missing : [file.webkitRelativePath || file.name];
    for (const place of places) engine.put(place, bytes);
    note(places.join(", "), `${(file.size / 1000).toFixed(0)} kB`);
  }
  check();
}

function note(name, what) {
  find("pictures").append(element("li", {}, element("code", { textContent: name }), ` ${what}`));
}

async function share() {
  const { text, target } = about();
  history.replaceState(null, "", await pack({ text, format, target }));
  const isCopied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
  find("shared").textContent = isCopied ? "The address with the storyboard in it is copied." : "The address bar has the storyboard in it.";
}

function watch() {
  find("format").onchange = ({ target }) => {
    format = target.value;
    view.dispatch({ effects: language.reconfigure(LANGUAGES[format]()) });
    check();
  };
  find("target").onchange = check;
  find("example").onchange = ({ target }) => target.value && openExample(target.value);
  find("share").onclick = share;
  find("close").onclick = () => find("explained").close();
  find("fix").onclick = () => {
    const { text } = engine.ask({ ask: "fix", ...about(), all: false });
    if (text !== undefined) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  };
  find("add").onchange = ({ target }) => takeIn([...target.files]);
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    void takeIn([...event.dataTransfer.files]);
  }, true);
  addEventListener("hashchange", openLink);
}

async function openLink() {
  const film = await unpack(location.hash);
  if (!film) return false;
  if ([...find("target").options].some(({ value }) => value === film.target)) find("target").value = film.target;
  open(film.text, film.format);
  return true;
}

async function main() {
  const [module, list] = await Promise.all([fetch("clapboard.wasm"), fetch("examples.json")]);
  // A file server may not know the type of WebAssembly.
  engine = await start(module.headers.get("content-type") === "application/wasm" ? module : await module.arrayBuffer());
  // A check makes the schema ready, once: better before there is a text that somebody waits for.
  engine.ask({ ask: "check", name: "film.storyboard.yaml", text: "storyboard: 1\n", target: find("target").value });
  examples = await list.json();
  find("example").append(...Object.keys(examples).map((name) => element("option", { value: name, textContent: name })));
  view = new EditorView({
    parent: find("editor"),
    state: EditorState.create({
      doc: "",
      extensions: [
        basicSetup, language.of(LANGUAGES[format]()), lintGutter(), EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": "The storyboard" }),
        EditorView.updateListener.of(({ docChanged }) => {
          if (!docChanged) return;
          clearTimeout(timer);
          timer = setTimeout(check, PAUSE);
        }),
      ],
    }),
  });
  watch();
  if (!(await openLink())) {
    const first = Object.keys(examples)[0];
    find("example").value = first;
    await openExample(first);
  }
  document.documentElement.dataset.ready = "yes";
}

main().catch((error) => {
  find("verdict").textContent = `The page cannot start: ${error.message}`;
  find("verdict").className = "error";
});
