import { createHash } from 'node:crypto';
import { l10n, Range, Uri, window, workspace, WorkspaceEdit, type WorkspaceFolder } from 'vscode';
import type { ManifestEdit } from '../../protocol/missing';
import { PetriClientError } from '../../sdk/typescript/errors';
import type { Front } from '../front';
import { StartProgress } from '../output/startProgress';
import type { MissingFix } from './missingFixes';
import type { MissingImports } from './missingImports';

/** Adds the package to the manifest, where the user sees it and can undo it, installs it, and looks again. */
export async function addMissing(front: Front, problems: MissingImports, given: unknown): Promise<void> {
  const { folder, missing } = (given as MissingFix).diagnostic;
  const wanted = missing.package ?? await askForPackage(missing.import);
  if (wanted === undefined || wanted === '') return;
  const sandbox = await front.sandboxes.of(folder);
  const edit = await sandbox.addDependency({ package: wanted }).catch((error: unknown) => {
    // Named there already, and not installed yet: that is what is left to do.
    if (error instanceof PetriClientError && error.code === 'conflict') return undefined;
    throw error;
  });
  if (edit) await applyEdit(folder, edit);
  const stop = new AbortController();
  const progress = new StartProgress(() => stop.abort());
  try {
    await sandbox.installDependencies({ signal: stop.signal, onProgress: (event) => progress.report(event) });
  } finally {
    progress.dispose();
    await problems.update(folder);
  }
}

/** Nobody vouches for a guess: a model invents names, and attackers register them. */
function askForPackage(name: string): Thenable<string | undefined> {
  return window.showInputBox({
    title: l10n.t('Add the package that has {0}', name), prompt: l10n.t('The name is not known here. Look it up: packages with guessed names can be traps.'),
    placeHolder: l10n.t('name of the package'), ignoreFocusOut: true,
  });
}

/** As one step that can be undone. Refuses when the file is not what the edit was made for. */
export async function applyEdit(folder: WorkspaceFolder, { path, package: name, before, edit }: ManifestEdit): Promise<void> {
  const uri = Uri.joinPath(folder.uri, path);
  const change = new WorkspaceEdit();
  if (before === null) {
    change.createFile(uri, { contents: Buffer.from(edit.text) });
  } else {
    const document = await workspace.openTextDocument(uri);
    if (document.isDirty) throw new Error(l10n.t('{0} has unsaved changes. Save it, and try again.', path));
    const now = createHash('sha256').update(await workspace.fs.readFile(uri)).digest('hex');
    if (now !== before) throw new Error(l10n.t('{0} changed meanwhile. Try again.', path));
    const { start, end, text } = edit;
    change.replace(uri, new Range(start.line, start.character, end.line, end.character), text);
  }
  if (!await workspace.applyEdit(change)) throw new Error(l10n.t('{0} could not be changed.', path));
  const document = await workspace.openTextDocument(uri);
  if (document.isDirty && !await document.save()) throw new Error(l10n.t('{0} could not be saved.', path));
  const show = l10n.t('Show');
  void window.showInformationMessage(l10n.t('{0} was added to {1}.', name, path), show).then((chosen) => {
    if (chosen === show) return window.showTextDocument(document);
  });
}
