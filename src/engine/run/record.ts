import type { Done, ExecParsed } from '../../protocol/run';
import type { Limits } from '../../protocol/sandbox';
import type { RunContainer } from '../container/runContainer';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { RunEnd } from './launch';

type Recorded = Pick<ExecParsed, 'command' | 'cwd' | 'agent' | 'created_by'>;

/** Before the command is sent: a crash from here on leaves a row that reads `interrupted` at the next start. */
export function recordIntent(live: LiveSandbox, runId: string, request: Recorded, limits: Limits, receipt: string, container: RunContainer): void {
  const { store, clock } = live.deps;
  store.insertRun({
    id: runId, sandboxId: live.id, command: request.command, cwd: request.cwd, agent: request.agent ?? live.row.agent, createdBy: request.created_by,
    status: 'running', reason: null, exitCode: null, receipt, imageId: container.imageId, runtime: container.runtime, container: container.name, limits,
    startedAt: clock.now(), endedAt: null, durationMs: null, stdoutBytes: 0, stderrBytes: 0, truncated: false, files: null,
  });
  live.deps.news.tell({ kind: 'run', id: runId });
}

/** The end, on disk before the client hears of it. */
export function recordEnd(live: LiveSandbox, runId: string, end: RunEnd): Done {
  const { outcome, output, durationMs } = end;
  live.deps.store.updateRun(runId, {
    status: 'finished', reason: outcome.reason, exitCode: outcome.exitCode, endedAt: live.deps.clock.now(), durationMs,
    stdoutBytes: output.stdoutBytes, stderrBytes: output.stderrBytes, truncated: output.truncated,
  });
  live.deps.news.tell({ kind: 'run', id: runId });
  return {
    run_id: runId, exit_code: outcome.exitCode, reason: outcome.reason, duration_ms: durationMs,
    stdout_bytes: output.stdoutBytes, stderr_bytes: output.stderrBytes, truncated: output.truncated, error: outcome.error,
  };
}
