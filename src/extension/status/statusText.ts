import { l10n, MarkdownString } from 'vscode';
import type { Sandbox } from '../../protocol/sandbox';
import { overText } from '../output/runText';
import { clockText, minutesText } from '../output/timeText';
import type { LastEnd, WindowRun } from '../runs/windowRuns';

/** What the status bar shows. Words and icon tell the state; colour only adds to them. */
export interface StatusText { icon: string; parts: string[]; warning: boolean; lines: string[] }

/** What is known about one folder's sandbox. */
export interface StatusFacts {
  /** What people call it: its language, or where there are several folders, its folder. */
  name: string;
  sandbox: Sandbox | undefined;
  run: WindowRun | undefined;
  last: LastEnd | undefined;
  minutesLeft: number | undefined;
  /** What is wrong with the engine, if anything is known to be. */
  engineError: string | undefined;
}

/** With so little of its time to live left somebody may want to extend it: a quarter, and no more than this. */
const NEAR_END_MINUTES = 5;
const DAY_MINUTES = 24 * 60;

export function statusText(facts: StatusFacts): StatusText {
  const { name, sandbox, run, last, minutesLeft, engineError } = facts;
  if (run) {
    const state = run.phase === 'starting' ? l10n.t('starting') : l10n.t('running');
    return { icon: 'loading~spin', parts: [name, state], warning: false, lines: [l10n.t('{0}: {1}', state, run.text)] };
  }
  if (sandbox && sandbox.active_runs > 0) {
    return { icon: 'loading~spin', parts: [name, l10n.t('running')], warning: false, lines: [l10n.t('Running from another window or terminal')] };
  }
  if (engineError !== undefined) return { icon: 'warning', parts: [name, l10n.t('no engine')], warning: false, lines: [...endLines(last), engineError] };
  const failed = last && (!last.done || (last.done.exit_code !== 0 && last.done.reason !== 'cancelled'));
  const near = minutesLeft !== undefined && sandbox !== undefined && minutesLeft <= Math.max(1, Math.min(NEAR_END_MINUTES, sandbox.ttl_seconds / 60 / 4));
  const parts = [name, ...(failed ? [endWord(last)] : []), ...timeParts(sandbox, minutesLeft, near)];
  const icon = near || deletion(sandbox) ? 'warning' : failed ? 'error' : sandbox?.status === 'running' ? 'vm' : 'vm-outline';
  return { icon, parts, warning: near, lines: [...endLines(last), ...timeLines(sandbox)] };
}

/** For the eye that has time; with links where the trust of the text allows them. */
export function statusTooltip(title: string, { lines }: StatusText, near: boolean): MarkdownString {
  const text = new MarkdownString();
  text.isTrusted = { enabledCommands: ['jhansi.extend'] };
  text.appendMarkdown('**').appendText(title).appendMarkdown('**\n\n');
  for (const line of lines) text.appendText(line).appendMarkdown('\n\n');
  if (near) text.appendMarkdown(`[${l10n.t('Extend')}](command:jhansi.extend)`);
  return text;
}

function endWord({ done }: LastEnd): string {
  if (!done) return l10n.t('did not run');
  return done.reason === 'exited' ? l10n.t('exit {0}', done.exit_code ?? '?') : l10n.t('failed');
}

function endLines(last: LastEnd | undefined): string[] {
  if (!last) return [];
  return [last.done ? l10n.t('{0}: {1}', overText(last.done), last.text) : l10n.t('Did not run: {0}', last.text)];
}

function timeParts(sandbox: Sandbox | undefined, minutesLeft: number | undefined, near: boolean): string[] {
  if (!sandbox) return [];
  const deleted = deletion(sandbox);
  if (deleted !== undefined) return [l10n.t('deleted in {0}', minutesText(deleted))];
  if (sandbox.status === 'error') return [l10n.t('error')];
  if (minutesLeft !== undefined) return [near ? l10n.t('{0} left', minutesText(minutesLeft)) : minutesText(minutesLeft)];
  return sandbox.status === 'stopped' ? [l10n.t('stopped')] : [];
}

function timeLines(sandbox: Sandbox | undefined): string[] {
  if (!sandbox) return [];
  if (sandbox.error) return [sandbox.error.message];
  const { expires_at: expires, deletes_at: deletes, status } = sandbox;
  if (deletes !== null) return [l10n.t('Not used for long: it is deleted on {0} unless you keep it.', new Date(deletes).toLocaleString())];
  if (expires !== null) return [l10n.t('Stopped at {0} if nothing happens. Its files are kept.', clockText(expires))];
  return status === 'stopped' ? [l10n.t('Stopped. Its files are kept; the next run wakes it.')] : [];
}

/** Minutes until it is deleted, when that was announced. */
function deletion(sandbox: Sandbox | undefined): number | undefined {
  if (!sandbox?.deletes_at) return undefined;
  return Math.min(365 * DAY_MINUTES, Math.max(0, Math.ceil((Date.parse(sandbox.deletes_at) - Date.now()) / 60_000)));
}
