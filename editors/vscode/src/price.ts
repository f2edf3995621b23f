import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

/** How long the text has to be left alone before the price is asked for, in milliseconds. */
const PAUSE = 300;

/** The film's price in the status bar. */
export class Price implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("clapboard.price", vscode.StatusBarAlignment.Right, 100);
  readonly #listeners: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly client: () => LanguageClient | undefined) {
    this.#item.name = "clapboard: the film's price";
    this.#item.command = "clapboard.showPreview";
    this.#listeners = [
      vscode.window.onDidChangeActiveTextEditor(() => this.update()),
      vscode.languages.onDidChangeDiagnostics(() => this.update()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === vscode.window.activeTextEditor?.document) this.update();
      }),
    ];
  }

  update(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), PAUSE);
  }

  async #ask(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const client = this.client();
    const line = document && client?.isRunning() ? await totals(client, document.uri) : undefined;
    await vscode.commands.executeCommand("setContext", "clapboard.isStoryboard", line !== undefined);
    if (line === undefined) {
      this.#item.hide();
      return;
    }
    this.#item.text = `$(device-camera-video) ${line}`;
    this.#item.tooltip = "What the film comes to by Kling's list prices. Click for the preview.";
    this.#item.show();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listeners.forEach((listener) => listener.dispose());
    this.#item.dispose();
  }
}

/** What the film comes to; nothing where the document is no storyboard. */
async function totals(client: LanguageClient, uri: vscode.Uri): Promise<string | undefined> {
  const params = { command: "clapboard.totals", arguments: [client.code2ProtocolConverter.asUri(uri)] };
  try {
    const answer = await client.sendRequest<{ line?: string }>("workspace/executeCommand", params);
    return answer.line;
  } catch {
    // Another file, or the server is on its way down.
    return undefined;
  }
}
