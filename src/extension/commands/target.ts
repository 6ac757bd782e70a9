import { commands, l10n, Uri, window, workspace, type WorkspaceFolder } from 'vscode';
import type { Sandbox } from '../../sdk/typescript/sandbox';
import type { FolderSandboxes } from '../folderSandboxes';
import type { RunnerClient } from '../runnerClient';

/** What a command in the view's menus is given: the sandbox that its row stands for. */
export interface SandboxRow { sandboxId: string }

/** The folder a command is meant for: that of what it was called on, the active editor's, the only one, or the one the user picks. */
export async function chosenFolder(given?: unknown): Promise<WorkspaceFolder | undefined> {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const document = given instanceof Uri ? given : window.activeTextEditor?.document.uri;
  const active = document && workspace.getWorkspaceFolder(document);
  if (active && folders.includes(active)) return active;
  if (folders.length === 0) tellNoFolder();
  return folders.length > 1 ? window.showWorkspaceFolderPick({ placeHolder: l10n.t('Which folder’s sandbox?') }) : folders[0];
}

/** The sandbox a command is meant for, and the name people know it by. undefined when there is none; the user has been told. */
export async function chosenSandbox(runner: RunnerClient, sandboxes: FolderSandboxes, given: unknown): Promise<{ sandbox: Sandbox; name: string } | undefined> {
  if (isRow(given)) {
    const sandbox = await (await runner.connect()).sandbox(given.sandboxId);
    return { sandbox, name: sandboxName(sandbox.info.folder) };
  }
  const folder = await chosenFolder(given);
  const sandbox = folder && await sandboxes.find(folder);
  if (folder && !sandbox) tellNoSandbox(folder);
  return sandbox && { sandbox, name: folder!.name };
}

export function isRow(given: unknown): given is SandboxRow {
  return typeof (given as Partial<SandboxRow> | undefined)?.sandboxId === 'string';
}

/** What people call a sandbox: its folder's name. */
export function sandboxName(folder: string | null): string {
  return folder === null ? l10n.t('No Folder') : folder.split(/[\\/]/).filter((part) => part !== '').at(-1) ?? folder;
}

/** Without waiting for the answer: nobody may ever give one. */
function tellNoFolder(): void {
  const [virtual] = workspace.workspaceFolders ?? [];
  if (virtual) {
    void window.showInformationMessage(l10n.t('{0} is not on a disk, where a sandbox takes its files from. Run in Sandbox runs single files of it.', virtual.name));
    return;
  }
  const open = l10n.t('Open Folder…');
  void window.showInformationMessage(l10n.t('Open a folder first. A sandbox belongs to a folder.'), open).then((chosen) => {
    if (chosen === open) return commands.executeCommand('workbench.action.files.openFolder');
  });
}

function tellNoSandbox(folder: WorkspaceFolder): void {
  const run = l10n.t('Run in Sandbox');
  void window.showInformationMessage(l10n.t('{0} has no sandbox yet. The first run makes it.', folder.name), run).then((chosen) => {
    if (chosen === run) return commands.executeCommand('jhansi.runInSandbox');
  });
}
