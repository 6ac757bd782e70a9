import { posix } from 'node:path';
import { commands, FileType, l10n, Uri, window, workspace, type WorkspaceFolder } from 'vscode';
import { commandFor, type FileCommand } from './commandFor';

/** What to run for the active editor. */
export interface ActiveFile {
  folder: WorkspaceFolder;
  name: string;
  command: FileCommand;
}

/** Saves the active file and says how to run it. undefined when there is nothing to run; the user has been told why. */
export async function activeFile(): Promise<ActiveFile | undefined> {
  const document = window.activeTextEditor?.document;
  if (!document) return tell(l10n.t('Open the file that you want to run.'));
  // A document without a file asks where to; whoever does not answer does not want to run it.
  if ((document.isDirty || document.isUntitled) && !await document.save()) return undefined;
  const saved = window.activeTextEditor?.document ?? document;
  const name = posix.basename(saved.uri.path);
  const folder = workspace.getWorkspaceFolder(saved.uri);
  if (!folder) return tell(l10n.t('{0} is outside the folder that is open. A sandbox belongs to a folder.', name), l10n.t('Open Folder…'), 'workbench.action.files.openFolder');
  if (folder.uri.scheme !== 'file') return tell(l10n.t('{0} is not on a disk that the sandbox can read.', folder.name));
  const path = posix.relative(folder.uri.path, saved.uri.path);
  const command = await commandFor(saved.languageId, path, (other) => exists(Uri.joinPath(folder.uri, other)));
  if (!command) return tell(l10n.t('{0} is no Python, JavaScript, Go or Java file: there is no command for it yet.', name));
  return { folder, name, command };
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.File) !== 0;
  } catch {
    return false;
  }
}

/** Without waiting for the answer: nobody may ever give one. */
function tell(message: string, button?: string, command?: string): undefined {
  void window.showWarningMessage(message, ...(button === undefined ? [] : [button])).then((chosen) => {
    if (chosen !== undefined && command !== undefined) return commands.executeCommand(command);
  });
  return undefined;
}
