import { l10n, window, type QuickPickItem } from 'vscode';
import type { CleanupItem } from '../../protocol/runner';
import type { Front } from '../front';
import { sizeText } from '../output/units';
import { plainLabel } from '../plainLabel';
import { sandboxName } from './target';

interface CleanupRow extends QuickPickItem { item: CleanupItem }

/** What could go and how big it is; only what the user ticks goes. */
export async function cleanUp({ runner, log }: Front): Promise<void> {
  const petri = await runner.connect();
  const items = await petri.cleanupPreview();
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t('There is nothing to clean up.'));
    return;
  }
  const rows = items.map(rowOf).sort((a, b) => (b.item.bytes ?? 0) - (a.item.bytes ?? 0));
  const picked = await window.showQuickPick(rows, {
    title: l10n.t('Clean Up: {0} in All', sizeText(items.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0))),
    placeHolder: l10n.t('Tick what to remove. A sandbox goes with what your folder does not have.'), canPickMany: true, matchOnDescription: true, matchOnDetail: true,
  });
  if (!picked || picked.length === 0) return;
  const remove = l10n.t('Remove');
  const size = sizeText(picked.reduce((sum, { item }) => sum + (item.bytes ?? 0), 0));
  const sandboxes = picked.filter(({ item }) => item.kind === 'sandbox').map(({ item }) => sandboxName(item.name));
  const detail = sandboxes.length === 0 ? undefined : l10n.t('Files that only these sandboxes have are lost: {0}.', sandboxes.join(', '));
  const answer = await window.showWarningMessage(l10n.t('Remove {0} things ({1})?', picked.length, size), { modal: true, detail }, remove);
  if (answer !== remove) return;
  const { removed, failed } = await petri.cleanup(picked.map(({ item }) => item.id));
  for (const { id, reason } of failed) log.warn(`clean-up of ${id}: ${reason}`);
  const done = l10n.t('{0} things were removed.', removed.length);
  if (failed.length === 0) void window.showInformationMessage(done);
  else void window.showWarningMessage(l10n.t('{0} {1} could not be: {2}', done, failed.length, failed[0]!.reason));
}

function rowOf(item: CleanupItem): CleanupRow {
  const names: Record<CleanupItem['kind'], string> = {
    sandbox: l10n.t('Sandbox of {0}', sandboxName(item.name.startsWith('sb_') ? null : item.name)),
    volume: l10n.t('Volume {0}', item.name), image: l10n.t('Image {0}', item.name), log: l10n.t('Log of a deleted run'),
  };
  return {
    item, label: plainLabel(names[item.kind]), description: item.bytes === null ? l10n.t('size not known') : sizeText(item.bytes),
    detail: item.kind === 'sandbox' ? plainLabel(`${item.name} (${item.why})`) : item.why,
  };
}
