// The storyboard in the address' fragment, which no browser sends to a server. Packed, since addresses should be short.

/** The longest text that is unpacked: what a fragment unfolds to is a stranger's word. */
const LONGEST = 1 << 20;

async function through(stream, bytes, longest) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > longest) {
      await reader.cancel();
      throw new Error("the address holds too long a text");
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** `{ text, format, target }` as a fragment. */
export async function pack(film) {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(JSON.stringify(film)), Infinity);
  const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return `#film=${letters.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** The film in a fragment; nothing where there is none, or one that cannot be read. */
export async function unpack(fragment) {
  const letters = /^#film=([\w-]+)$/.exec(fragment)?.[1];
  if (!letters) return undefined;
  try {
    const bytes = Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    const film = JSON.parse(new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), bytes, LONGEST)));
    const isFilm = typeof film.text === "string" && ["yaml", "toml"].includes(film.format) && typeof film.target === "string";
    return isFilm ? film : undefined;
  } catch {
    return undefined;
  }
}
