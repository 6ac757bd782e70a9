import { l10n, window, type WorkspaceFolder } from 'vscode';
import type { Change } from '../../protocol/changes';
import type { Front } from '../front';
import { openDiff } from '../views/changeDiffs';

/** A row of the view that stands for one change. */
interface ChangeRow { sandboxId: string; folder: WorkspaceFolder; change: Change }

/** Left the disk, right the sandbox. */
export async function openChange(_front: Front, given: unknown): Promise<void> {
  const { sandboxId, folder, change } = given as ChangeRow;
  await openDiff({ folder, sandboxId, version: String(Date.now()) }, change);
}

/** One change, from its row to the disk. */
export async function applyChange({ runner }: Front, given: unknown): Promise<void> {
  const { sandboxId, change } = given as ChangeRow;
  const sandbox = await (await runner.connect()).sandbox(sandboxId);
  const { refused } = await sandbox.pull([change.path]);
  const [first] = refused;
  if (first) void window.showWarningMessage(l10n.t('{0} was not applied: {1}', first.path, first.reason));
}
