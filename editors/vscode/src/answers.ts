import * as vscode from "vscode";

const SCHEME = "clapboard";

export interface Answer {
  title: string;
  language: string;
  text: string;
}

/** What the server answers to commands, as documents that cannot be edited. */
export class Answers implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  readonly onDidChange = this.#changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path) ?? "";
  }

  /** Shows an answer beside the text; Markdown as it is meant to be read. */
  async show({ title, language, text }: Answer): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${title}.${language === "markdown" ? "md" : "jsonc"}` });
    this.#texts.set(uri.path, text);
    this.#changed.fire(uri);
    if (language === "markdown") {
      await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
      return;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, language);
    const options = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true };
    await vscode.window.showTextDocument(document, options);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
