import { l10n, window } from 'vscode';
import type { Front } from '../front';
import { activeFolder } from '../activeFolder';
import { placeName } from '../runs/place';
import type { RunRow } from '../views/runLog';
import type { WindowRun } from '../runs/windowRuns';

/** The one run there is, or those that the user picks. Resolves when they have been told; they end by themselves. */
export async function stop({ runs }: Front): Promise<void> {
  const all = runs.all;
  const chosen = all.length > 1 ? await pick(all) : all;
  for (const run of chosen) run.stop.abort();
}

/** Any run, also another window's. */
export async function stopRun({ runner }: Front, { run }: RunRow): Promise<void> {
  await (await runner.connect()).cancelRun(run.id);
}

async function pick(runs: WindowRun[]): Promise<WindowRun[]> {
  const folder = activeFolder();
  const items = runs.map((run) => ({
    label: run.text, description: placeName(run.place), picked: run.place.folder !== undefined && run.place.folder === folder, run,
  }));
  const picked = await window.showQuickPick(items, { title: l10n.t('Stop Runs'), placeHolder: l10n.t('Tick what to stop'), canPickMany: true });
  return (picked ?? []).map(({ run }) => run);
}
