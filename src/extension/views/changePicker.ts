import { l10n, QuickPickItemKind, ThemeIcon, window, type QuickPickItem } from 'vscode';
import type { Change } from '../../protocol/changes';
import { plainLabel } from '../plainLabel';
import { hasText, kindText } from './changeDiffs';

interface ChangeItem extends QuickPickItem { change?: Change }

/** What the user did with the list: applied what was ticked, or left it to look at one diff or at all (`look` undefined). */
export type PickerAnswer =
  | { kind: 'apply'; ticked: Change[] }
  | { kind: 'look'; look: Change | undefined; ticked: Change[] };

const ICON: Record<Change['kind'], string> = { created: 'diff-added', changed: 'diff-modified', deleted: 'diff-removed' };

/** Resolves to what was chosen: all, some or none. undefined when the list was left. `ticked`: paths that are ticked to begin with. */
export function pickChanges(folderName: string, changes: readonly Change[], ticked: ReadonlySet<string>): Promise<PickerAnswer | undefined> {
  const picker = window.createQuickPick<ChangeItem>();
  const diff = { iconPath: new ThemeIcon('diff-single'), tooltip: l10n.t('Open Diff') };
  const allDiffs = { iconPath: new ThemeIcon('diff-multiple'), tooltip: l10n.t('Open All Diffs') };
  picker.title = l10n.t('Sandbox Changes: {0}', folderName);
  picker.placeholder = l10n.t('Tick what to apply to your folder. The rest stays in the sandbox.');
  picker.canSelectMany = true;
  picker.matchOnDescription = true;
  // Ticks are work: a click elsewhere must not lose them.
  picker.ignoreFocusOut = true;
  picker.buttons = [allDiffs];
  picker.items = changeItems(changes, diff);
  picker.selectedItems = picker.items.filter(({ change }) => change?.pullable && ticked.has(change.path));
  const chosen = () => picker.selectedItems.flatMap(({ change }) => (change?.pullable ? [change] : []));
  return new Promise((resolve) => {
    const answer = (value: PickerAnswer) => {
      resolve(value);
      picker.hide();
    };
    // The list would cover the very lines that one wants to see.
    picker.onDidTriggerItemButton(({ item }) => answer({ kind: 'look', look: item.change, ticked: chosen() }));
    picker.onDidTriggerButton(() => answer({ kind: 'look', look: undefined, ticked: chosen() }));
    picker.onDidChangeSelection((selected) => {
      // A quick pick cannot lock an item.
      const possible = selected.filter(({ change }) => change?.pullable);
      if (possible.length < selected.length) picker.selectedItems = possible;
    });
    picker.onDidAccept(() => answer({ kind: 'apply', ticked: chosen() }));
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

function changeItems(changes: readonly Change[], diff: NonNullable<QuickPickItem['buttons']>[number]): ChangeItem[] {
  const item = (change: Change): ChangeItem => ({
    label: plainLabel(change.path), iconPath: new ThemeIcon(ICON[change.kind]), description: kindText(change), change,
    detail: change.pullable ? undefined : change.why_not, buttons: hasText(change) ? [diff] : [],
  });
  const refused = changes.filter(({ pullable }) => !pullable).map(item);
  const separator = { label: l10n.t('Cannot be applied'), kind: QuickPickItemKind.Separator };
  return [...changes.filter(({ pullable }) => pullable).map(item), ...(refused.length > 0 ? [separator, ...refused] : [])];
}
