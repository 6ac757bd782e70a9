import { window, workspace, type WorkspaceFolder } from 'vscode';

/** The folder that what is shown should be about: the active editor's, else the only one. */
export function activeFolder(): WorkspaceFolder | undefined {
  const document = window.activeTextEditor?.document.uri;
  const active = document && workspace.getWorkspaceFolder(document);
  const folders = workspace.workspaceFolders ?? [];
  return active ?? (folders.length === 1 ? folders[0] : undefined);
}
