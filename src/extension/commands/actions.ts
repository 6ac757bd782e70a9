import { commands, l10n, QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import type { Front } from '../front';
import { activeFolder } from '../activeFolder';

interface ActionItem extends QuickPickItem { command?: string }

/** A click on the status bar: what one would want next, the likeliest first. */
export async function showActions(front: Front): Promise<void> {
  const folder = activeFolder();
  const sandbox = folder && front.model.of(folder);
  const items = [...await nextActions(front, sandbox?.id), { label: '', kind: QuickPickItemKind.Separator }, ...otherActions(sandbox !== undefined)];
  const chosen = await window.showQuickPick<ActionItem>(items, { title: folder ? l10n.t('Sandbox of {0}', folder.name) : l10n.t('Sandbox') });
  if (chosen?.command !== undefined) await commands.executeCommand(chosen.command);
}

async function nextActions({ model, runs }: Front, sandboxId: string | undefined): Promise<ActionItem[]> {
  const items: ActionItem[] = [];
  if (runs.all.length > 0) items.push({ label: `$(debug-stop) ${l10n.t('Stop')}`, command: 'jhansi.stop' });
  const changes = sandboxId === undefined ? [] : await model.changes(sandboxId).catch(() => []);
  if (changes.length > 0) {
    const files = changes.length === 1 ? l10n.t('1 file') : l10n.t('{0} files', changes.length);
    items.push({ label: `$(checklist) ${l10n.t('Review Sandbox Changes')}`, description: files, command: 'jhansi.reviewChanges' });
  }
  const sandbox = sandboxId === undefined ? undefined : model.get(sandboxId);
  if (sandbox?.deletes_at) items.push({ label: `$(clock) ${l10n.t('Keep')}`, command: 'jhansi.extend' });
  else if (sandbox?.expires_at) items.push({ label: `$(clock) ${l10n.t('Extend')}`, command: 'jhansi.extend' });
  return items;
}

function otherActions(exists: boolean): ActionItem[] {
  return [
    { label: `$(vm-running) ${l10n.t('Run in Sandbox')}`, command: 'jhansi.runInSandbox' },
    { label: `$(debug-rerun) ${l10n.t('Run Again')}`, command: 'jhansi.runAgain' },
    { label: `$(terminal) ${l10n.t('Run Command in Sandbox…')}`, command: 'jhansi.runCommand' },
    { label: `$(vm-connect) ${l10n.t('Open Sandbox Terminal')}`, command: 'jhansi.openTerminal' },
    { label: `$(output) ${l10n.t('Show Output')}`, command: 'jhansi.showOutput' },
    ...(exists ? [
      { label: `$(sync) ${l10n.t('Sync Now')}`, command: 'jhansi.syncNow' },
      { label: `$(discard) ${l10n.t('Reset…')}`, command: 'jhansi.reset' },
      { label: `$(trash) ${l10n.t('Delete…')}`, command: 'jhansi.delete' },
    ] : []),
    { label: `$(list-tree) ${l10n.t('Show All Sandboxes')}`, command: 'jhansi.sandboxes.focus' },
  ];
}
