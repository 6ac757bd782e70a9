import { l10n, QuickPickItemKind, ThemeIcon, window, type QuickPickItem } from 'vscode';
import type { Change } from '../../protocol/changes';
import { hasText, kindText } from './changeDiffs';

interface ChangeItem extends QuickPickItem { change?: Change }

const ICON: Record<Change['kind'], string> = { created: 'diff-added', changed: 'diff-modified', deleted: 'diff-removed' };

/** What the user may look at while choosing. */
export interface ChangeViewer {
  open(change: Change): Promise<void>;
  openAll(): Promise<void>;
}

/** Resolves to the changes to apply: all, some or none. undefined when the list was left. */
export function pickChanges(folderName: string, changes: readonly Change[], viewer: ChangeViewer): Promise<Change[] | undefined> {
  const picker = window.createQuickPick<ChangeItem>();
  const diff = { iconPath: new ThemeIcon('diff-single'), tooltip: l10n.t('Open Diff') };
  const allDiffs = { iconPath: new ThemeIcon('diff-multiple'), tooltip: l10n.t('Open All Diffs') };
  picker.title = l10n.t('Sandbox Changes: {0}', folderName);
  picker.placeholder = l10n.t('Tick what to apply to your folder. The rest stays in the sandbox.');
  picker.canSelectMany = true;
  picker.matchOnDescription = true;
  // Looking at a diff must not close the list.
  picker.ignoreFocusOut = true;
  picker.buttons = [allDiffs];
  picker.items = changeItems(changes, diff);
  return new Promise((resolve) => {
    picker.onDidTriggerItemButton(({ item }) => { if (item.change) void viewer.open(item.change); });
    picker.onDidTriggerButton(() => void viewer.openAll());
    picker.onDidChangeSelection((selected) => {
      // A quick pick cannot lock an item.
      const possible = selected.filter(({ change }) => change?.pullable);
      if (possible.length < selected.length) picker.selectedItems = possible;
    });
    picker.onDidAccept(() => {
      resolve(picker.selectedItems.flatMap(({ change }) => (change?.pullable ? [change] : [])));
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

function changeItems(changes: readonly Change[], diff: NonNullable<QuickPickItem['buttons']>[number]): ChangeItem[] {
  const item = (change: Change): ChangeItem => ({
    label: `$(${ICON[change.kind]}) ${change.path}`, description: kindText(change), change,
    detail: change.pullable ? undefined : change.why_not, buttons: hasText(change) ? [diff] : [],
  });
  const refused = changes.filter(({ pullable }) => !pullable).map(item);
  const separator = { label: l10n.t('Cannot be applied'), kind: QuickPickItemKind.Separator };
  return [...changes.filter(({ pullable }) => pullable).map(item), ...(refused.length > 0 ? [separator, ...refused] : [])];
}
