/** A place in the film, as the page and the text tell it each other: a shot by its id. */
export interface Place {
  shot?: unknown;
}

/** Shows the card of the shot that is named, and says which card's name was clicked. */
const WIRES = `
  const editor = acquireVsCodeApi();
  const names = () => [...document.querySelectorAll("article.card h4")];
  for (const name of names()) {
    name.title = "Show in the text";
    name.addEventListener("click", () => editor.postMessage({ shot: name.textContent }));
  }
  addEventListener("message", ({ data }) => {
    names().find((name) => name.textContent === data.shot)?.closest("article").scrollIntoView({ block: "nearest" });
  });
`;

/** The page with the wires to the editor, which its own policy lets through by their nonce alone. */
export function wired(page: string, nonce: string): string {
  const allowed = page.replace(/(<meta http-equiv="Content-Security-Policy" content="[^"]*script-src )/, `$1'nonce-${nonce}' `);
  if (allowed === page) throw new Error("the page has no policy for scripts");
  const end = allowed.lastIndexOf("</body>");
  const at = end < 0 ? allowed.length : end;
  return `${allowed.slice(0, at)}<script nonce="${nonce}">${WIRES}</script>${allowed.slice(at)}`;
}
