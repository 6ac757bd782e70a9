import { l10n, window, workspace, type WorkspaceFolder } from 'vscode';
import type { Pulled } from '../../protocol/changes';
import { belongsTo } from '../folderSandboxes';
import type { Front } from '../front';
import { openAllDiffs, openDiff, type Review } from '../views/changeDiffs';
import { pickChanges } from '../views/changePicker';
import { setContext } from './contexts';
import { chosenFolder, chosenSandbox, isRow } from './target';

/** What runs changed, as diffs; only what the user picks reaches the disk. */
export class ReviewChanges {
  /** What was ticked when the user left a sandbox's list to look at a diff. The diff's title bar has a button back to it. */
  readonly #ticked = new Map<string, ReadonlySet<string>>();

  constructor(private readonly front: Front) {}

  /** Resolves when the list is gone: what was ticked is applied, a diff is open, or it was left. */
  async review(given?: unknown): Promise<void> {
    const folder = isRow(given) ? await this.#folderOf(given) : await chosenFolder(given);
    if (!folder) return;
    const sandbox = await this.front.sandboxes.of(folder);
    const { changes, receipt } = await sandbox.changes();
    if (changes.length === 0) {
      void window.showInformationMessage(l10n.t('No run changed anything in {0} that is not on your disk.', folder.name));
      return;
    }
    const review: Review = { folder, sandboxId: sandbox.id, version: receipt ?? String(Date.now()) };
    const ticked = this.#ticked.get(sandbox.id) ?? new Set();
    this.#ticked.delete(sandbox.id);
    const answer = await pickChanges(folder.name, changes, ticked);
    if (answer?.kind === 'look') {
      this.#ticked.set(sandbox.id, new Set(answer.ticked.map(({ path }) => path)));
      await (answer.look ? openDiff(review, answer.look) : openAllDiffs(review, changes));
    }
    setContext('jhansi.reviewing', answer?.kind === 'look');
    if (answer?.kind !== 'apply' || answer.ticked.length === 0) return;
    this.#tell(folder, await sandbox.pull(answer.ticked.map(({ path }) => path)));
  }

  /** Changes go to a folder that is open here. */
  async #folderOf(row: unknown): Promise<WorkspaceFolder | undefined> {
    const chosen = await chosenSandbox(this.front.runner, this.front.sandboxes, row);
    return chosen && (workspace.workspaceFolders ?? []).find((folder) => belongsTo(chosen.sandbox.info, folder));
  }

  #tell(folder: WorkspaceFolder, { applied, refused }: Pulled): void {
    const done = applied.length === 1 ? l10n.t('1 change applied.') : l10n.t('{0} changes applied.', applied.length);
    if (refused.length === 0) {
      void window.showInformationMessage(done);
      return;
    }
    const { channel, output } = this.front.outputs.of({ folder });
    for (const { path, reason } of refused) output.line(`[${l10n.t('Not applied: {0}: {1}', path, reason)}]`);
    output.flush();
    const [first] = refused;
    const message = refused.length === 1 && first
      ? l10n.t('{0} {1} was not applied: {2}', done, first.path, first.reason)
      : l10n.t('{0} {1} were not applied.', done, refused.length);
    const reasons = l10n.t('Show Reasons');
    void window.showWarningMessage(message, reasons).then((button) => { if (button === reasons) channel.show(true); });
  }
}
