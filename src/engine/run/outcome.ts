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
  if (stopped) return { reason: stopped, exitCode, error: STOP_SENTENCES[stopped] };
  if (exitCode === null) return { reason: 'unknown', exitCode, error: 'The engine lost the run; how it ended is not known.' };
  // The launcher ends by itself only after it has marked the end: what came last was lost on the way, the mark among it.
  if (!report && marked && exitCode <= 128) {
    return { reason: 'unknown', exitCode: null, error: 'The connection to the run was lost before its end; the last of its output may be missing.' };
  }
  if (report?.why === 'command-not-found') return { reason: 'command-not-found', exitCode, error: 'The command was not found in the sandbox.' };
  if (report?.why === 'not-executable') return { reason: 'not-executable', exitCode, error: 'The command is a file that may not be executed.' };
  if (report?.why === 'no-folder') return { reason: 'failed-to-start', exitCode, error: 'The folder to run in does not exist in the workspace.' };
  if ((report && report.oomKills > 0) || engine?.oomKilled) {
    return { reason: 'out-of-memory', exitCode, error: 'A process was ended because the run used up its memory limit.' };
  }
  if (report?.fullDisk && exitCode !== 0) {
    const place = report.fullDisk === '/tmp' ? 'The temporary folder /tmp is full.' : 'The disk that holds the workspace is full.';
    return { reason: 'disk-full', exitCode, error: place };
  }
  if (exitCode > 128 && exitCode < 160) return { reason: 'killed', exitCode, error: `Ended by signal ${exitCode - 128}.` };
  return { reason: 'exited', exitCode, error: null };
}

const STOP_SENTENCES: Record<StopReason, string> = {
  'cancelled': 'The run was cancelled.',
  'timed-out': 'The run reached its time limit and was ended.',
  'disk-full': 'The run was ended: the sandbox reached its disk limit.',
};

/** Must the engine be asked before the outcome is told? Only where the launcher's word could hide a kill for memory. */
export function needsEngine(report: EndReport | undefined): boolean {
  return report === undefined || (report.exitCode === 137 && report.oomKills === 0);
}

export function sameOutcome(a: Outcome, b: Outcome): boolean {
  return a.reason === b.reason && a.exitCode === b.exitCode;
}
