import { commands, l10n, Uri, type WorkspaceFolder } from 'vscode';
import type { Change } from '../../protocol/changes';
import { absentUri, sandboxUri } from './sandboxDocuments';

/** What is being reviewed: a folder's changes as they were listed at one moment. */
export interface Review { folder: WorkspaceFolder; sandboxId: string; version: string }

/** Left what is on the disk, right what applying would make of it. */
export async function openDiff(review: Review, change: Change): Promise<void> {
  const { file, host, sandbox } = sides(review, change);
  const title = l10n.t('{0} (sandbox: {1})', change.path, kindText(change));
  await commands.executeCommand('vscode.diff', host ?? absentUri(file), sandbox ?? absentUri(file), title, { preview: true });
}

/** All of them under each other, in one editor. */
export async function openAllDiffs(review: Review, changes: readonly Change[]): Promise<void> {
  const files = changes.filter(hasText).map((change) => {
    const { file, host, sandbox } = sides(review, change);
    return [file, host, sandbox];
  });
  await commands.executeCommand('vscode.changes', l10n.t('Sandbox Changes: {0}', review.folder.name), files);
}

export function hasText(change: Change): boolean {
  return change.type === 'file';
}

export function kindText(change: Change): string {
  switch (change.kind) {
    case 'created': return l10n.t('created');
    case 'changed': return l10n.t('changed');
    case 'deleted': return l10n.t('deleted');
  }
}

/** A side on which the file does not exist is undefined. */
function sides({ folder, sandboxId, version }: Review, { path, kind }: Change): { file: Uri; host: Uri | undefined; sandbox: Uri | undefined } {
  const file = Uri.joinPath(folder.uri, path);
  return {
    file, host: kind === 'created' ? undefined : file,
    sandbox: kind === 'deleted' ? undefined : sandboxUri(sandboxId, file, { path, version }),
  };
}
