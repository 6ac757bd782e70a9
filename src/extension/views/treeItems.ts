import { existsSync } from 'node:fs';
import { l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, type WorkspaceFolder } from 'vscode';
import type { Change } from '../../protocol/changes';
import type { Run } from '../../protocol/run';
import type { Sandbox } from '../../protocol/sandbox';
import { sandboxName } from '../commands/target';
import { commandText, durationText } from '../output/runText';
import { agoText, clockText, minutesText } from '../output/timeText';
import { languageName } from '../runs/commandFor';
import { kindText } from './changeDiffs';

const { Collapsed, Expanded, None } = TreeItemCollapsibleState;

/** @param reachable whether there is an engine for it to run on */
export function sandboxItem(sandbox: Sandbox, folder: WorkspaceFolder | undefined, reachable: boolean): TreeItem {
  const item = new TreeItem(folder?.name ?? sandboxName(sandbox.folder), folder ? Expanded : Collapsed);
  const gone = sandbox.folder !== null && !existsSync(sandbox.folder);
  item.id = sandbox.id;
  item.description = [languageName(sandbox.language), gone ? l10n.t('its folder is gone') : stateText(sandbox, reachable)].join(' · ');
  item.iconPath = new ThemeIcon(gone || sandbox.status === 'error' || sandbox.deletes_at !== null ? 'warning' : sandbox.status === 'running' && reachable ? 'vm' : 'vm-outline');
  item.tooltip = [sandbox.folder ?? l10n.t('For files that are in no folder'), sandbox.image, sandbox.error?.message].filter((line) => line !== undefined).join('\n');
  item.contextValue = `sandbox ${sandbox.status}${folder ? ' here' : ''}`;
  return item;
}

/** @param alone whether it is the only row */
export function elsewhereItem(count: number, alone: boolean): TreeItem {
  const item = new TreeItem(l10n.t('Other Folders'), alone ? Expanded : Collapsed);
  // VS Code remembers by the id what was folded.
  item.id = alone ? 'elsewhere alone' : 'elsewhere';
  item.description = String(count);
  return item;
}

export function changesItem(sandboxId: string, changes: readonly Change[]): TreeItem {
  const item = new TreeItem(l10n.t('Changes'), Collapsed);
  item.id = `${sandboxId}/changes`;
  item.description = String(changes.length);
  item.tooltip = l10n.t('What runs changed and your folder does not have');
  item.iconPath = new ThemeIcon('request-changes');
  item.contextValue = 'changes';
  return item;
}

export function changeItem({ sandboxId, folder, change }: { sandboxId: string; folder: WorkspaceFolder | undefined; change: Change }): TreeItem {
  const parts = change.path.split('/');
  const item = new TreeItem(parts.at(-1) ?? change.path, None);
  item.id = `${sandboxId}/changes/${change.path}`;
  item.description = [kindText(change), ...parts.slice(0, -1).join('/') ? [parts.slice(0, -1).join('/')] : []].join(' · ');
  item.tooltip = change.pullable ? change.path : `${change.path}\n${change.why_not ?? ''}`;
  item.iconPath = new ThemeIcon({ created: 'diff-added', changed: 'diff-modified', deleted: 'diff-removed' }[change.kind]);
  item.contextValue = change.pullable && folder ? 'change pullable' : 'change';
  if (folder && change.type === 'file') {
    item.command = { command: 'jhansi.openChange', title: l10n.t('Open Diff'), arguments: [{ kind: 'change', sandboxId, folder, change }] };
  }
  return item;
}

export function runsItem(sandboxId: string): TreeItem {
  const item = new TreeItem(l10n.t('Runs'), Expanded);
  item.id = `${sandboxId}/runs`;
  item.iconPath = new ThemeIcon('history');
  return item;
}

export function runItem(run: Run): TreeItem {
  const item = new TreeItem(commandText(run.command), None);
  const { icon, words } = runState(run);
  item.id = run.id;
  item.description = [words, ...(run.duration_ms === null ? [] : [durationText(run.duration_ms)]), agoText(run.started_at)].join(' · ');
  item.iconPath = icon;
  item.tooltip = [item.label as string, `${words}, ${new Date(run.started_at).toLocaleString()}`, changedText(run)].filter((line) => line !== undefined).join('\n');
  item.contextValue = `run ${run.status}`;
  item.command = { command: 'jhansi.openRunLog', title: l10n.t('Open Log'), arguments: [{ kind: 'run', sandboxId: run.sandbox_id, run }] };
  return item;
}

function runState(run: Run): { icon: ThemeIcon; words: string } {
  if (run.status === 'running') return { icon: new ThemeIcon('loading~spin'), words: l10n.t('running') };
  if (run.reason === 'exited' && run.exit_code === 0) return { icon: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')), words: l10n.t('exit {0}', 0) };
  if (run.reason === 'cancelled') return { icon: new ThemeIcon('debug-stop'), words: l10n.t('stopped') };
  const words = run.reason === 'exited' ? l10n.t('exit {0}', run.exit_code ?? '?') : run.reason?.replaceAll('-', ' ') ?? '?';
  return { icon: new ThemeIcon('error', new ThemeColor('testing.iconFailed')), words };
}

function changedText({ files }: Run): string | undefined {
  const count = files ? files.created.length + files.changed.length + files.deleted.length : 0;
  return count === 0 ? undefined : l10n.t('{0} files created, changed or deleted', count.toLocaleString());
}

function stateText({ status, active_runs: active, expires_at: expires, deletes_at: deletes }: Sandbox, reachable: boolean): string {
  if (active > 0) return l10n.t('running');
  if (deletes !== null) return l10n.t('deleted in {0}', minutesText(Math.max(0, Math.round((Date.parse(deletes) - Date.now()) / 60_000))));
  if (status === 'running' && !reachable) return l10n.t('no engine');
  if (expires !== null) return l10n.t('ready until {0}', clockText(expires));
  switch (status) {
    case 'created': return l10n.t('new');
    case 'error': return l10n.t('error');
    case 'running': return l10n.t('ready');
    default: return l10n.t('stopped');
  }
}
