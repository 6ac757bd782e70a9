import { FileType, l10n, Uri, window, workspace, type TextDocument } from 'vscode';
import type { Front } from '../front';
import { isRunnable } from '../runs/commandFor';
import { activeFolder } from '../activeFolder';
import { activeRunnable, planDocument } from '../runs/planRun';
import { runCommand, runTyped } from './runCommand';

/** So young, the extension may not have heard yet of the editor in which somebody clicked. Ms. */
const YOUNG = 5000;
const HEARS_WITHIN = 1000;
const loaded = performance.now();

/** The file it was called on, else the active one, else the folder's own command, else the one that the user types. */
export async function runInSandbox(front: Front, given?: unknown): Promise<void> {
  if (given instanceof Uri) return runResource(front, given);
  await editorsKnown();
  const document = activeRunnable();
  if (document) return runDocument(front, document);
  const folder = activeFolder();
  const [typed] = folder ? front.memory.typed(folder) : [];
  return folder && typed ? runTyped(front, folder, typed) : runCommand(front, undefined);
}

async function editorsKnown(): Promise<void> {
  if (window.activeTextEditor || performance.now() - loaded > YOUNG) return;
  await new Promise<void>((resolve) => {
    const heard = () => {
      clearTimeout(timer);
      listening.dispose();
      resolve();
    };
    const listening = window.onDidChangeActiveTextEditor(heard);
    const timer = setTimeout(heard, HEARS_WITHIN);
  });
}

/** What ran last in the active editor's folder, else in the window. */
export async function runAgain(front: Front): Promise<void> {
  const folder = activeFolder();
  const last = (folder && front.memory.last({ folder })) ?? front.memory.last();
  if (!last) return runInSandbox(front);
  if (last.place.folder) await saveOpenFiles(last.place.folder.uri);
  return front.execution.start(last);
}

async function runResource(front: Front, uri: Uri): Promise<void> {
  // What is open need not be on a disk.
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (!open && (await workspace.fs.stat(uri)).type & FileType.Directory) return runCommand(front, uri);
  const document = open ?? await workspace.openTextDocument(uri).then((opened) => opened, () => undefined);
  if (document && isRunnable(document.languageId)) return runDocument(front, document);
  const other = l10n.t('Run a Command…');
  const name = uri.path.split('/').at(-1) ?? '';
  void window.showInformationMessage(l10n.t('{0} is no Python, JavaScript, Go, Java or shell file.', name), other).then((chosen) => {
    if (chosen === other) return runCommand(front, uri);
  });
}

async function runDocument(front: Front, document: TextDocument): Promise<void> {
  const plan = await planDocument(document);
  if (plan) await front.execution.start(plan);
}

/** What one sees in the editors is what runs. */
async function saveOpenFiles(folder: Uri): Promise<void> {
  const unsaved = workspace.textDocuments.filter(({ uri, isDirty, isUntitled }) => isDirty && !isUntitled && uri.path.startsWith(`${folder.path}/`));
  for (const document of unsaved) await document.save();
}
