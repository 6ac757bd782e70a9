import { l10n, Uri, ViewColumn, window, workspace, type QuickPickItem } from 'vscode';
import type { Run } from '../../protocol/run';
import { sbomRows, type SbomFormat } from '../../protocol/sbom';
import type { Petri } from '../../sdk/typescript/petri';
import { chosenSandbox } from '../commands/target';
import { showFailure } from '../failures';
import type { Front } from '../front';
import { commandText } from '../output/runText';
import { agoText } from '../output/timeText';
import { plainLabel } from '../plainLabel';
import { sbomPage } from './sbomPage';

interface RunItem extends QuickPickItem { run: Run }
const MOST_RUNS = 50;

/** The bill of materials of a run: the row it was asked for, or one of the sandbox's last runs. */
export async function showSbom(front: Front, given: unknown): Promise<void> {
  const run = (given as { run?: Run } | undefined)?.run ?? await pickRun(front, given);
  if (!run) return;
  const petri = await front.runner.connect();
  const { rows, incomplete } = sbomRows(await petri.sbom(run.id));
  const name = commandOf(run);
  const panel = window.createWebviewPanel('jhansi.sbom', l10n.t('SBOM: {0}', name), { viewColumn: ViewColumn.Active }, { enableScripts: true, enableFindWidget: true, localResourceRoots: [] });
  panel.webview.onDidReceiveMessage((message: unknown) => {
    const format = (message as { save?: unknown }).save;
    if (format === 'cyclonedx' || format === 'spdx') save(petri, run, format).catch((error: unknown) => showFailure(error, () => panel.reveal()));
  });
  panel.webview.html = sbomPage({ run: name, when: new Date(run.started_at).toLocaleString(), rows, incomplete });
}

async function pickRun(front: Front, given: unknown): Promise<Run | undefined> {
  const chosen = await chosenSandbox(front.runner, front.sandboxes, given);
  if (!chosen) return undefined;
  const runs = (await chosen.sandbox.runs({ limit: MOST_RUNS })).filter(({ sbom }) => sbom !== null);
  if (runs.length === 0) {
    void window.showInformationMessage(l10n.t('{0} has no runs yet. What is installed is listed for a run.', chosen.name));
    return undefined;
  }
  if (runs.length === 1) return runs[0];
  const items = runs.map((run): RunItem => ({ label: plainLabel(commandOf(run)), description: agoText(run.started_at), run }));
  return (await window.showQuickPick(items, { title: l10n.t('Show SBOM'), placeHolder: l10n.t('Of which run?') }))?.run;
}

async function save(petri: Petri, run: Run, format: SbomFormat): Promise<void> {
  const name = format === 'spdx' ? 'sbom.spdx.json' : 'sbom.cdx.json';
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const target = await window.showSaveDialog({ ...(folder && { defaultUri: Uri.joinPath(folder, name) }), filters: { JSON: ['json'] } });
  if (target) await workspace.fs.writeFile(target, Buffer.from(await petri.sbom(run.id, format)));
}

function commandOf({ command }: Run): string {
  return commandText(command).slice(0, 60);
}
