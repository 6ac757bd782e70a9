import type { Done, ExecParsed } from '../../protocol/run';
import type { Limits } from '../../protocol/sandbox';
import type { RunContainer } from '../container/runContainer';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { RunRow } from '../ports/store';
import type { RunEnd } from './launch';
import { sentenceOf } from './outcome';

type Recorded = Pick<ExecParsed, 'command' | 'cwd' | 'agent' | 'created_by'>;

/** Before the command is sent: a crash from here on leaves a row that reads `interrupted` at the next start. */
export function recordIntent(live: LiveSandbox, runId: string, request: Recorded, limits: Limits, receipt: string, container: RunContainer): void {
  const { store, clock } = live.deps;
  store.insertRun({
    id: runId, sandboxId: live.id, command: request.command, cwd: request.cwd, agent: request.agent ?? live.row.agent, createdBy: request.created_by,
    status: 'running', reason: null, exitCode: null, receipt, imageId: container.imageId, runtime: container.runtime, container: container.name, limits,
    startedAt: clock.now(), endedAt: null, durationMs: null, stdoutBytes: 0, stderrBytes: 0, truncated: false, files: null,
    dependencySet: live.dependencies.current?.id ?? null, missing: null,
  });
  live.deps.news.tell({ kind: 'run', id: runId });
}

/** The end of a run that is over, from its record. */
export function doneOf(row: RunRow): Done {
  const { id, exitCode, reason, durationMs, stdoutBytes, stderrBytes, truncated } = row;
  return {
    run_id: id, exit_code: exitCode, reason: reason ?? 'unknown', duration_ms: durationMs ?? Math.max(0, (row.endedAt ?? row.startedAt) - row.startedAt),
    stdout_bytes: stdoutBytes, stderr_bytes: stderrBytes, truncated, error: sentenceOf(reason ?? 'unknown', exitCode),
    missing: row.missing ?? [],
  };
}

const TRY_AGAIN_MS = 5000;
const MOST_TRIES = 720;

/**
 * The end, on disk before the client hears of it. Where it cannot be written now, it is tried again later: a run that is over
 * must not read as running.
 */
export function recordEnd(live: LiveSandbox, runId: string, end: RunEnd): Done {
  const { outcome, output, durationMs } = end;
  const { clock, store } = live.deps;
  const row = {
    status: 'finished' as const, reason: outcome.reason, exitCode: outcome.exitCode, endedAt: clock.now(), durationMs,
    stdoutBytes: output.stdoutBytes, stderrBytes: output.stderrBytes, truncated: output.truncated, missing: end.missing,
  };
  const write = () => {
    store.updateRun(runId, row);
    live.deps.news.tell({ kind: 'run', id: runId });
  };
  const later = (tries: number): void => {
    if (tries > 0) clock.after(TRY_AGAIN_MS, () => { try { write(); } catch { later(tries - 1); } });
  };
  try {
    write();
  } catch (error) {
    later(MOST_TRIES);
    throw error;
  }
  return doneFrom(runId, end);
}

/** What is found out about a failed run after its end is on disk; that it is not kept is no reason to fail. */
export function recordMissing(live: LiveSandbox, runId: string, end: RunEnd): void {
  if (end.missing.length === 0) return;
  try {
    live.deps.store.updateRun(runId, { missing: end.missing });
  } catch (error) {
    live.deps.log(`${runId}: its missing imports were not recorded: ${String(error)}`);
  }
}

/** The end as those hear of it who have followed it. */
export function doneFrom(runId: string, { outcome, output, durationMs, missing }: RunEnd): Done {
  return {
    run_id: runId, exit_code: outcome.exitCode, reason: outcome.reason, duration_ms: durationMs,
    stdout_bytes: output.stdoutBytes, stderr_bytes: output.stderrBytes, truncated: output.truncated, error: outcome.error, missing,
  };
}
