import { workspace } from 'vscode';
import type { Front } from '../front';

/** What earlier windows on these folders have left running is shown again, and what has ended meanwhile is told. Starts no runner. */
export async function resumeRuns({ runner, memory, execution, log }: Front): Promise<void> {
  const left = (workspace.workspaceFolders ?? []).flatMap((folder) => {
    const open = memory.open({ folder });
    return open ? [{ place: { folder }, open }] : [];
  });
  const petri = left.length > 0 ? await runner.join() : undefined;
  if (!petri) return;
  for (const { place, open } of left) execution.resume(petri, place, open).catch((error: unknown) => log.warn(`${open.id}: ${String(error)}`));
}
