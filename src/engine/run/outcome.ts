import type { RunReason } from '../../protocol/run';
import type { EndReport } from '../container/launcher';

/** Why we ended a run ourselves. */
export type StopReason = 'cancelled' | 'timed-out' | 'disk-full';

export interface Outcome { reason: RunReason; exitCode: number | null; error: string | null }

/**
 * What a run's end means. `report` is the launcher's in-band word, a hint; `engine` is what the engine says of the
 * container, undefined when it was not asked or could not tell. Nothing at all is `unknown`, never a success. `marked`: a
 * launcher was there to mark the end; at a terminal there is none, and the engine's word is all there is.
 */
export function judge(end: { stopped?: StopReason; report?: EndReport; engine?: { exitCode: number; oomKilled: boolean }; marked?: boolean }): Outcome {
  const { stopped, report, engine, marked = true } = end;
  const exitCode = report?.exitCode ?? engine?.exitCode ?? null;
  const because = (reason: RunReason, error = sentenceOf(reason, exitCode)): Outcome => ({ reason, exitCode, error });
  if (stopped) return because(stopped);
  if (exitCode === null) return because('unknown');
  // The launcher ends by itself only after it has marked the end: what came last was lost on the way, the mark among it.
  if (!report && marked && exitCode <= 128) {
    return { reason: 'unknown', exitCode: null, error: 'The connection to the run was lost before its end; the last of its output may be missing.' };
  }
  if (report?.why === 'command-not-found' || report?.why === 'not-executable') return because(report.why);
  if (report?.why === 'no-folder') return because('failed-to-start', 'The folder to run in does not exist in the workspace.');
  if ((report && report.oomKills > 0) || engine?.oomKilled) return because('out-of-memory');
  if (report?.fullDisk && exitCode !== 0) {
    return because('disk-full', report.fullDisk === '/tmp' ? 'The temporary folder /tmp is full.' : 'The disk that holds the workspace is full.');
  }
  return because(exitCode > 128 && exitCode < 160 ? 'killed' : 'exited');
}

/** What a person is told of a run's end, as far as its record knows; null where the exit code says all. */
export function sentenceOf(reason: RunReason, exitCode: number | null): string | null {
  if (reason === 'killed') return exitCode === null ? 'Ended by a signal.' : `Ended by signal ${exitCode - 128}.`;
  return SENTENCES[reason];
}

const SENTENCES: Record<Exclude<RunReason, 'killed'>, string | null> = {
  'exited': null,
  'cancelled': 'The run was cancelled.',
  'timed-out': 'The run reached its time limit and was ended.',
  'disk-full': 'The run was ended: the sandbox reached its disk limit.',
  'out-of-memory': 'A process was ended because the run used up its memory limit.',
  'command-not-found': 'The command was not found in the sandbox.',
  'not-executable': 'The command is a file that may not be executed.',
  'failed-to-start': 'The run did not start.',
  'interrupted': 'Petri ended while the run was active, and the run with it.',
  'unknown': 'The engine lost the run; how it ended is not known.',
};

/** Must the engine be asked before the outcome is told? Only where the launcher's word could hide a kill for memory. */
export function needsEngine(report: EndReport | undefined): boolean {
  return report === undefined || (report.exitCode === 137 && report.oomKills === 0);
}

export function sameOutcome(a: Outcome, b: Outcome): boolean {
  return a.reason === b.reason && a.exitCode === b.exitCode;
}
