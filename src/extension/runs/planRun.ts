import { posix } from 'node:path';
import { FileType, Uri, window, workspace, type TextDocument, type WorkspaceFolder } from 'vscode';
import { commandFor, commandForText, isRunnable } from './commandFor';
import type { PlannedRun } from './plannedRun';

/** The active editor's document, when it can be run. */
export function activeRunnable(): TextDocument | undefined {
  const document = window.activeTextEditor?.document;
  // What the output panel shows is a document too.
  return document && document.uri.scheme !== 'output' && isRunnable(document.languageId) ? document : undefined;
}

/** Saves the document and says how to run it; undefined when the user did not want it saved. */
export async function planDocument(document: TextDocument): Promise<PlannedRun | undefined> {
  const folder = folderOnDisk(document.uri);
  if (!folder) return planText(document);
  if (document.isDirty && !await document.save()) return undefined;
  const path = posix.relative(folder.uri.path, document.uri.path);
  const command = await commandFor(document.languageId, path, (other) => exists(Uri.joinPath(folder.uri, other)));
  return command && { place: { folder }, name: posix.basename(path), command: command.argv, cwd: command.cwd, language: command.language };
}

/** The folder whose sandbox gets the file, if it is in one and the runner can read it. */
export function folderOnDisk(uri: Uri): WorkspaceFolder | undefined {
  const folder = uri.scheme === 'file' ? workspace.getWorkspaceFolder(uri) : undefined;
  return folder?.uri.scheme === 'file' ? folder : undefined;
}

/** What is new and unsaved, or lies outside every folder: its content is run as it is. New text sees the one folder's modules. */
function planText(document: TextDocument): PlannedRun | undefined {
  const command = commandForText(document.languageId);
  if (!command) return undefined;
  const [first, ...others] = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const folder = document.isUntitled && others.length === 0 ? first : undefined;
  return {
    place: folder ? { folder } : { alone: command.language ?? 'python' }, name: posix.basename(document.uri.path),
    command: command.argv, cwd: '', language: command.language, stdin: document.getText(),
  };
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.File) !== 0;
  } catch {
    return false;
  }
}
