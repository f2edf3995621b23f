// The extension: starts the language server and shows what an editor alone does not: a request, a rule, the preview, the price.

import * as vscode from "vscode";
import { type ExecuteCommandSignature, LanguageClient, type ServerOptions } from "vscode-languageclient/node";

import { Answers } from "./answers";
import { Preview } from "./preview";
import { Price } from "./price";
import { program } from "./program";

const LANGUAGES = ["yaml", "toml"];

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const answers = new Answers();
  const command = program(context.extensionPath, vscode.workspace.getConfiguration("clapboard").get<string>("path"));
  const server: ServerOptions = { command, args: ["lsp"] };
  client = new LanguageClient("clapboard", "clapboard", server, {
    documentSelector: LANGUAGES.flatMap((language) => [
      { scheme: "file", language },
      { scheme: "untitled", language },
    ]),
    middleware: { executeCommand: (name, given, next) => shown(answers, name, given, next) },
  });
  // The server sends no message of what it answers: it is shown in an editor.
  client.registerFeature({
    fillClientCapabilities: (capabilities) => {
      capabilities.experimental = { ...capabilities.experimental, clapboard: { showsAnswers: true } };
    },
    initialize: () => {},
    getState: () => ({ kind: "static" }),
    clear: () => {},
  });
  const price = new Price(() => client);
  const preview = new Preview(command, context);
  const commands: [string, (...given: unknown[]) => unknown][] = [
    ["clapboard.showRequest", showRequest],
    ["clapboard.showRule", showRule],
    ["clapboard.showPreview", () => preview.open()],
    ["clapboard.restart", () => client?.restart()],
  ];
  context.subscriptions.push(
    answers, price, preview,
    ...commands.map(([name, work]) => vscode.commands.registerCommand(name, work)),
  );
  try {
    await client.start();
    price.update();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`clapboard does not start (${command}): ${reason}`);
  }
}

export function deactivate(): Thenable<void> | undefined {
  return client?.stop();
}

/** What a command of the server answers, in an editor of its own. */
async function shown(answers: Answers, name: string, given: unknown[], next: ExecuteCommandSignature): Promise<unknown> {
  const answer = await next(name, given);
  if (answer && typeof answer.text === "string") await answers.show(answer);
  return answer;
}

async function showRequest(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const { line, character } = editor.selection.active;
  await vscode.commands.executeCommand("clapboard.request", editor.document.uri.toString(), { line, character });
}

async function showRule(code?: unknown): Promise<void> {
  const here = vscode.window.activeTextEditor;
  const found = here ? vscode.languages.getDiagnostics(here.document.uri) : [];
  const codes = [...new Set(found.filter(({ source }) => source === "clapboard").map(({ code }) => codeOf(code)))];
  const wanted = typeof code === "string" ? code : await vscode.window.showQuickPick(codes, { placeHolder: "A rule that this file breaks" });
  if (wanted) await vscode.commands.executeCommand("clapboard.explain", wanted);
}

function codeOf(code: vscode.Diagnostic["code"]): string {
  return String(typeof code === "object" ? code.value : code);
}
