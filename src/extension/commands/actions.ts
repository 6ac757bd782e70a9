import { commands, l10n, QuickPickItemKind, ThemeIcon, window, type QuickPickItem } from 'vscode';
import type { Front } from '../front';
import { activeFolder } from '../activeFolder';

/** Icons stand beside the label, not in it: there a screen reader would say their names. */
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
  if (runs.all.length > 0) items.push({ iconPath: new ThemeIcon('debug-stop'), label: l10n.t('Stop'), command: 'jhansi.stop' });
  const changes = sandboxId === undefined ? [] : await model.changes(sandboxId).catch(() => []);
  if (changes.length > 0) {
    const files = changes.length === 1 ? l10n.t('1 file') : l10n.t('{0} files', changes.length);
    items.push({ iconPath: new ThemeIcon('checklist'), label: l10n.t('Review Sandbox Changes'), description: files, command: 'jhansi.reviewChanges' });
  }
  const sandbox = sandboxId === undefined ? undefined : model.get(sandboxId);
  if (sandbox?.deletes_at) items.push({ iconPath: new ThemeIcon('clock'), label: l10n.t('Keep'), command: 'jhansi.extend' });
  else if (sandbox?.expires_at) items.push({ iconPath: new ThemeIcon('clock'), label: l10n.t('Extend'), command: 'jhansi.extend' });
  return items;
}

function otherActions(exists: boolean): ActionItem[] {
  return [
    { iconPath: new ThemeIcon('vm-running'), label: l10n.t('Run in Sandbox'), command: 'jhansi.runInSandbox' },
    { iconPath: new ThemeIcon('debug-rerun'), label: l10n.t('Run Again'), command: 'jhansi.runAgain' },
    { iconPath: new ThemeIcon('terminal'), label: l10n.t('Run Command in Sandbox…'), command: 'jhansi.runCommand' },
    { iconPath: new ThemeIcon('vm-connect'), label: l10n.t('Open Sandbox Terminal'), command: 'jhansi.openTerminal' },
    { iconPath: new ThemeIcon('output'), label: l10n.t('Show Output'), command: 'jhansi.showOutput' },
    ...(exists ? [
      { iconPath: new ThemeIcon('sync'), label: l10n.t('Sync Now'), command: 'jhansi.syncNow' },
      { iconPath: new ThemeIcon('discard'), label: l10n.t('Reset…'), command: 'jhansi.reset' },
      { iconPath: new ThemeIcon('trash'), label: l10n.t('Delete…'), command: 'jhansi.delete' },
    ] : []),
    { iconPath: new ThemeIcon('list-tree'), label: l10n.t('Show All Sandboxes'), command: 'jhansi.sandboxes.focus' },
  ];
}
