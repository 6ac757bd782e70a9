import { commands, l10n, window, workspace, type OutputChannel, type WorkspaceFolder } from 'vscode';
import type { Pulled } from '../../protocol/changes';
import type { FolderSandboxes } from '../folderSandboxes';
import type { ProgramOutput } from '../output/programOutput';
import { openAllDiffs, openDiff, type Review } from '../views/changeDiffs';
import { pickChanges } from '../views/changePicker';
import { showFailure } from './failures';

/** What runs changed, as diffs; only what the user picks reaches the disk. */
export class ReviewChanges {
  /** What was ticked when the user left a sandbox's list to look at a diff. The diff's title bar has a button back to it. */
  readonly #ticked = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly sandboxes: FolderSandboxes,
    private readonly channel: OutputChannel,
    private readonly output: ProgramOutput,
  ) {}

  /** Resolves when the list is gone: what was ticked is applied, a diff is open, or it was left. */
  readonly review = async (): Promise<void> => {
    const folder = await chosenFolder();
    if (!folder) return;
    try {
      await this.#reviewFolder(folder);
    } catch (error) {
      showFailure(error, () => void this.review());
    }
  };

  async #reviewFolder(folder: WorkspaceFolder): Promise<void> {
    const sandbox = await this.sandboxes.of(folder);
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
    void commands.executeCommand('setContext', 'jhansi.reviewing', answer?.kind === 'look');
    if (answer?.kind !== 'apply' || answer.ticked.length === 0) return;
    this.#tell(await sandbox.pull(answer.ticked.map(({ path }) => path)));
  }

  #tell({ applied, refused }: Pulled): void {
    const done = applied.length === 1 ? l10n.t('1 change applied.') : l10n.t('{0} changes applied.', applied.length);
    if (refused.length === 0) {
      void window.showInformationMessage(done);
      return;
    }
    for (const { path, reason } of refused) this.output.line(`[${l10n.t('Not applied: {0}: {1}', path, reason)}]`);
    this.output.flush();
    const [first] = refused;
    const message = refused.length === 1 && first
      ? l10n.t('{0} {1} was not applied: {2}', done, first.path, first.reason)
      : l10n.t('{0} {1} were not applied.', done, refused.length);
    const reasons = l10n.t('Show Reasons');
    void window.showWarningMessage(message, reasons).then((button) => { if (button === reasons) this.channel.show(true); });
  }
}

/** The active editor's folder, else the only one, else the one the user picks. */
async function chosenFolder(): Promise<WorkspaceFolder | undefined> {
  const document = window.activeTextEditor?.document.uri;
  const active = document && workspace.getWorkspaceFolder(document);
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length === 0) void window.showWarningMessage(l10n.t('Open a folder first. A sandbox belongs to a folder.'));
  return active ?? (folders.length > 1 ? window.showWorkspaceFolderPick() : folders[0]);
}
