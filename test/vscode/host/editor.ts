import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';

interface TestHooks { readonly output: readonly string[] }

/** The folder the window has open. */
export function folder(): vscode.WorkspaceFolder {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first, 'the window has a folder open');
  return first;
}

export function inFolder(path: string): vscode.Uri {
  return vscode.Uri.joinPath(folder().uri, path);
}

export function extension(): vscode.Extension<TestHooks> {
  const found = vscode.extensions.getExtension<TestHooks>('jhansi.jhansi');
  assert.ok(found, 'the extension is loaded');
  return found;
}

/** Everything the channel shows so far. */
export async function shown(): Promise<string> {
  return (await extension().activate()).output.join('');
}

export async function openFile(path: string, text: string): Promise<vscode.TextEditor> {
  await vscode.workspace.fs.writeFile(inFolder(path), Buffer.from(text));
  return vscode.window.showTextDocument(inFolder(path), { preview: false });
}

/** Replaces the open file's text as typing would: unsaved. */
export async function type(editor: vscode.TextEditor, text: string): Promise<void> {
  const all = new vscode.Range(0, 0, editor.document.lineCount, 0);
  await editor.edit((edit) => edit.replace(all, text));
}

/** Runs the active file to its end; answers what the channel shows of it, without what still came of the run before. */
export async function runInSandbox(): Promise<string> {
  const before = (await shown()).length;
  await vscode.commands.executeCommand('jhansi.runInSandbox');
  return (await shown()).slice(before).replace(/^(\[Changed in the sandbox[^\n]*\n)?\n?/, '');
}

export async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (await check()) return;
    await sleep(100);
  }
  assert.fail(`${what}: not within a minute`);
}

export async function exists(path: string): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(inFolder(path));
    return true;
  } catch {
    return false;
  }
}
