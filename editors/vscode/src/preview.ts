import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";

import { type Place, wired } from "./page";

const run = promisify(execFile);

/** The film's page beside its text: made by the same program, again at each save. */
export class Preview implements vscode.Disposable {
  #panel: vscode.WebviewPanel | undefined;
  #film: vscode.Uri | undefined;
  readonly #listeners: vscode.Disposable[];

  constructor(
    private readonly program: string,
    private readonly context: vscode.ExtensionContext,
  ) {
    this.#listeners = [
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        // A bible or the config may be saved too.
        if (this.#panel && /\.(ya?ml|toml)$/.test(uri.path)) void this.#make();
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        if (textEditor.document.uri.toString() !== this.#film?.toString()) return;
        void this.#follow(selections[0].active);
      }),
    ];
  }

  async open(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || document.isUntitled) {
      void vscode.window.showInformationMessage("Save the storyboard first: its preview is made from the file.");
      return;
    }
    this.#film = document.uri;
    if (!this.#panel) {
      this.#panel = vscode.window.createWebviewPanel(
        "clapboard.preview", "Preview",
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
        { enableScripts: true, localResourceRoots: [] },
      );
      this.#panel.onDidDispose(() => (this.#panel = undefined));
      this.#panel.webview.onDidReceiveMessage((place: Place) => void this.#jump(place));
    }
    this.#panel.title = `Preview of ${vscode.workspace.asRelativePath(document.uri)}`;
    await this.#make();
  }

  async #make(): Promise<void> {
    const film = this.#film;
    const panel = this.#panel;
    if (!film || !panel) return;
    const folder = this.context.storageUri?.fsPath ?? this.context.globalStorageUri.fsPath;
    await mkdir(folder, { recursive: true });
    const page = join(folder, "preview.html");
    try {
      // Status 1: the film has errors, and the page shows them.
      await run(this.program, ["preview", "--quiet", "--output", page, film.fsPath], { cwd: dirname(film.fsPath) }).catch((error) => {
        if (error.code !== 1) throw error;
      });
      panel.webview.html = wired(await readFile(page, "utf8"), randomBytes(16).toString("base64url"));
    } catch (error) {
      const said = (error as { stderr?: string }).stderr || String(error);
      void vscode.window.showErrorMessage(`The preview cannot be made: ${said.trim()}`);
    }
  }

  /** Shows the card of the shot at a place of the text. */
  async #follow(position: vscode.Position): Promise<void> {
    const shot = (await this.#shots()).find(({ range }) => range.contains(position));
    if (shot) await this.#panel?.webview.postMessage({ shot: shot.name } satisfies Place);
  }

  /** Shows the shot of a card in the text. */
  async #jump({ shot }: Place): Promise<void> {
    const found = (await this.#shots()).find(({ name }) => name === shot);
    if (!this.#film || !found) return;
    const editor = await vscode.window.showTextDocument(this.#film, { viewColumn: vscode.ViewColumn.One });
    editor.selection = new vscode.Selection(found.selectionRange.start, found.selectionRange.start);
    editor.revealRange(found.range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  /** The shots of the text, as the language server outlines them. */
  async #shots(): Promise<vscode.DocumentSymbol[]> {
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
      "vscode.executeDocumentSymbolProvider", this.#film,
    );
    const all = (symbols ?? []).flatMap((symbol) => [symbol, ...symbol.children]);
    return all.filter(({ kind }) => kind === vscode.SymbolKind.Event);
  }

  dispose(): void {
    this.#listeners.forEach((listener) => listener.dispose());
    this.#panel?.dispose();
  }
}
