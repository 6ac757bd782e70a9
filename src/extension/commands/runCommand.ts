import { posix } from 'node:path';
import { FileType, l10n, ThemeIcon, Uri, window, workspace, type QuickPickItem, type WorkspaceFolder } from 'vscode';
import type { Front } from '../front';
import { plainLabel } from '../plainLabel';
import type { TypedCommand } from '../runs/runMemory';
import { chosenFolder } from './target';

interface CommandItem extends QuickPickItem { typed?: TypedCommand }

/** A command as one types it in a terminal. The folder remembers it: Run in Sandbox runs it where no file can be run. */
export async function runCommand(front: Front, given: unknown): Promise<void> {
  const folder = await chosenFolder(given);
  if (!folder) return;
  const cwd = given instanceof Uri ? await folderOf(given, folder) : '';
  const typed = await askForCommand(front, folder, cwd);
  if (!typed) return;
  front.memory.rememberTyped(folder, typed);
  await runTyped(front, folder, typed);
}

export function runTyped(front: Front, folder: WorkspaceFolder, { command, cwd }: TypedCommand): Promise<void> {
  return front.execution.start({ place: { folder }, name: command, command, cwd, language: undefined });
}

/** A list of what was typed before, with a field for something new. */
function askForCommand({ memory }: Front, folder: WorkspaceFolder, cwd: string): Promise<TypedCommand | undefined> {
  const picker = window.createQuickPick<CommandItem>();
  const forget = { iconPath: new ThemeIcon('close'), tooltip: l10n.t('Forget This Command') };
  picker.title = l10n.t('Run in the Sandbox of {0}', cwd === '' ? folder.name : `${folder.name}/${cwd}`);
  picker.placeholder = l10n.t('A command, as you would type it in a terminal');
  const list = () => {
    const text = picker.value.trim();
    const earlier = memory.typed(folder).map((typed): CommandItem => ({
      label: plainLabel(typed.command), description: typed.cwd === '' ? undefined : l10n.t('in {0}', plainLabel(typed.cwd)),
      iconPath: new ThemeIcon('history'), buttons: [forget],
      // VS Code finds no `$(name)` in labels.
      alwaysShow: typed.command === text, typed,
    }));
    const known = earlier.some(({ typed }) => typed?.command === text && typed.cwd === cwd);
    const fresh: CommandItem = { label: plainLabel(text), description: l10n.t('run'), iconPath: new ThemeIcon('play'), alwaysShow: true, typed: { command: text, cwd } };
    picker.items = text === '' || known ? earlier : [fresh, ...earlier];
  };
  list();
  return new Promise((resolve) => {
    picker.onDidChangeValue(list);
    picker.onDidTriggerItemButton(({ item }) => {
      if (item.typed) memory.forget(folder, item.typed);
      list();
    });
    picker.onDidAccept(() => {
      const text = picker.value.trim();
      resolve(picker.activeItems[0]?.typed ?? (text === '' ? undefined : { command: text, cwd }));
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

/** Where in the workspace a file or folder lies: the folder to run in. */
async function folderOf(uri: Uri, { uri: root }: WorkspaceFolder): Promise<string> {
  const path = posix.relative(root.path, uri.path);
  if ((await workspace.fs.stat(uri)).type & FileType.Directory) return path;
  const parent = posix.dirname(path);
  return parent === '.' ? '' : parent;
}
