// clapboard as WebAssembly: texts go in, answers come out.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Starts it from the module's bytes or from the answer of a server that has them. */
export async function start(source) {
  const module = await (source instanceof Response ? WebAssembly.compileStreaming(source) : WebAssembly.compile(source));
  const instance = await WebAssembly.instantiate(module, imports(module, () => instance.exports.memory));
  return new Engine(instance.exports);
}

/** What the module takes from outside: seeds for its hash tables. What else a library's glue names is called for objects alone. */
function imports(module, memory) {
  const seed = (at, size) => void crypto.getRandomValues(new Uint8Array(memory().buffer, at, size));
  const taken = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const refuse = () => {
      throw new Error(`the module called ${name}`);
    };
    (taken[from] ??= {})[name] = name.startsWith("__wbg_getRandomValues") ? seed : refuse;
  }
  return taken;
}

class Engine {
  #wasm;

  constructor(wasm) {
    this.#wasm = wasm;
  }

  /** Takes bytes over: their place and size. */
  #write(bytes) {
    const at = this.#wasm.room(bytes.length);
    new Uint8Array(this.#wasm.memory.buffer, at, bytes.length).set(bytes);
    return [at, bytes.length];
  }

  /** Puts a file there: a picture, or another storyboard. */
  put(path, bytes) {
    this.#wasm.put(...this.#write(encoder.encode(path)), ...this.#write(bytes));
  }

  clear() {
    this.#wasm.clear();
  }

  ask(question) {
    const size = this.#wasm.ask(...this.#write(encoder.encode(JSON.stringify(question))));
    return JSON.parse(decoder.decode(new Uint8Array(this.#wasm.memory.buffer, this.#wasm.answer(), size)));
  }
}
