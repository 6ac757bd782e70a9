import { setImmediate } from 'node:timers/promises';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { ActiveRun } from './activeRun';
import { askEngine, type RunEnd } from './launch';
import { judge, sameOutcome } from './outcome';
import { doneFrom } from './record';

/**
 * Behind the user's back, after the end was told: the next run's container is made, the engine's word is compared with the
 * launcher's, the container goes, and a fresh launcher looks through the workspace for what the run changed. Failures are logged
 * and mended by the next run's scan.
 */
export function cleanUp(live: LiveSandbox, runId: string, active: ActiveRun, end: RunEnd): void {
  live.activeRuns.delete(runId);
  active.done.resolve(doneFrom(runId, end));
  live.workspace.runEnded(runId);
  live.wake();
  const work = async () => {
    await setImmediate(); // the end is on its way first
    try {
      if (live.row.status === 'running') live.refill();
      live.touch();
      await correct(live, runId, active, end);
    } finally {
      active.stdin.destroy();
      await live.deps.warm.remove(active.container.name);
    }
    live.dependencies.sweep();
    await live.lookThrough();
  };
  live.background(work().catch((error: unknown) => live.deps.log(`${runId}: clean-up: ${String(error)}`)));
}

/** What a run says of itself is no evidence: where the engine knows better, the record follows the engine. */
async function correct(live: LiveSandbox, runId: string, active: ActiveRun, end: RunEnd): Promise<void> {
  if (!end.report) return;
  const engine = await askEngine(live, active.container);
  if (!engine) return;
  const outcome = judge({ stopped: active.stopped, report: { ...end.report, exitCode: engine.exitCode }, engine });
  if (sameOutcome(outcome, end.outcome)) return;
  live.deps.log(`${runId}: the engine says ${outcome.reason} ${outcome.exitCode}, the launcher said ${end.outcome.reason} ${end.outcome.exitCode}`);
  live.deps.store.updateRun(runId, { reason: outcome.reason, exitCode: outcome.exitCode });
  live.deps.news.tell({ kind: 'run', id: runId });
}
