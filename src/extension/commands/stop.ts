import { l10n, window, workspace } from 'vscode';
import type { Run } from '../../protocol/run';
import type { Front } from '../front';
import { activeFolder } from '../activeFolder';
import type { SandboxModel } from '../model/sandboxModel';
import { commandText } from '../output/runText';
import { plainLabel } from '../plainLabel';
import { placeName } from '../runs/place';
import type { RunRow } from '../views/runLog';
import type { WindowRun } from '../runs/windowRuns';

/** The one run there is, or those that the user picks. Resolves when they have been told; they end by themselves. */
export async function stop({ runs }: Front): Promise<void> {
  const all = runs.all;
  const chosen = all.length > 1 ? await pick(all) : all;
  for (const run of chosen) run.stop.abort();
}

/** Any run, also another window's. VS Code names no row when it was clicked while the view was redrawn: then it is the one there is, or those picked. */
export async function stopRun({ runner, model }: Front, row: RunRow | undefined): Promise<void> {
  const chosen = row ? [row.run] : await chooseRunning(model);
  const petri = await runner.connect();
  for (const { id } of chosen) await petri.cancelRun(id);
}

async function chooseRunning(model: SandboxModel): Promise<Run[]> {
  const here = (workspace.workspaceFolders ?? []).flatMap((folder) => model.of(folder) ?? []);
  const running = (await Promise.all(here.map(({ id }) => model.runs(id)))).flat().filter(({ status }) => status === 'running');
  if (running.length < 2) return running;
  const items = running.map((run) => ({ label: plainLabel(commandText(run.command)), run }));
  const picked = await window.showQuickPick(items, { title: l10n.t('Stop Runs'), placeHolder: l10n.t('Tick what to stop'), canPickMany: true });
  return (picked ?? []).map(({ run }) => run);
}

async function pick(runs: WindowRun[]): Promise<WindowRun[]> {
  const folder = activeFolder();
  const items = runs.map((run) => ({
    label: plainLabel(run.text), description: plainLabel(placeName(run.place)), picked: run.place.folder !== undefined && run.place.folder === folder, run,
  }));
  const picked = await window.showQuickPick(items, { title: l10n.t('Stop Runs'), placeHolder: l10n.t('Tick what to stop'), canPickMany: true });
  return (picked ?? []).map(({ run }) => run);
}
