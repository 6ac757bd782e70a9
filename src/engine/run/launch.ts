import type { MissingImport } from '../../protocol/missing';
import type { ExecParsed, Started } from '../../protocol/run';
import type { Limits } from '../../protocol/sandbox';
import { within } from '../async';
import type { EndReport } from '../container/launcher';
import type { RunContainer, Stdin } from '../container/runContainer';
import type { WarmContainer } from '../container/warmContainer';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { Emit } from '../service';
import { ActiveRun } from './activeRun';
import { judge, needsEngine, type Outcome } from './outcome';
import { RunOutput } from './runOutput';
import { watchDisk } from './watchdog';

export interface RunEnd {
  outcome: Outcome; report: EndReport | undefined; durationMs: number; output: RunOutput;
  /** Found out after the end. */
  missing: MissingImport[];
}

type Consume = (stream: 'stdout' | 'stderr', chunk: Buffer) => void | Promise<void>;

/** What is launched, and where. */
export interface Program {
  kind: 'program' | 'terminal';
  container: RunContainer;
  stdin: Stdin;
  /** `ended` settles with what the launcher reports, or with undefined where nothing in the container does. */
  start(consume: Consume): Promise<{ ended: Promise<EndReport | undefined> }>;
}

export function programOf(live: LiveSandbox, request: ExecParsed, container: WarmContainer): Program {
  const argv = typeof request.command === 'string' ? ['/bin/sh', '-c', request.command] : request.command;
  const { cwd, stdin } = request;
  const { env, ...dependencies } = live.dependencies.forRun();
  const command = { argv, cwd, stdin, env: { ...env, ...request.env }, ...dependencies };
  return { kind: 'program', container, stdin: container.launcher, start: (consume) => container.launcher.run(command, consume) };
}

/** Sends the command to the container and follows it. `ended` never rejects. */
export async function launch(live: LiveSandbox, told: Started, program: Program, limits: Limits, emit: Emit, signal: AbortSignal):
Promise<{ active: ActiveRun; ended: Promise<RunEnd> }> {
  const { clock, engine, logs, options, store } = live.deps;
  const { kind, container } = program;
  const runId = told.run_id;
  const logBytes = Math.min(limits.output_bytes, options.logCapBytes);
  const log = logs.create(runId, logBytes);
  // A terminal that shows no more is no terminal; its log has a limit all the same.
  const output = new RunOutput(emit, log, kind === 'terminal' ? Infinity : limits.output_bytes, logBytes);
  const active = new ActiveRun(runId, kind, container, program.stdin, engine, clock);
  live.activeRuns.set(runId, active);
  live.changed();
  const started = clock.monotonic();
  try {
    await emit({ event: 'started', data: told });
    const { ended } = await program.start((stream, chunk) => output.take(stream, chunk));
    active.commandSent();
    active.limitTime(limits.seconds);
    const cancel = () => active.stop('cancelled');
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    const stopWatching = watchDisk(live, active, limits);
    const finish = async (): Promise<RunEnd> => {
      const report = await ended;
      const durationMs = clock.monotonic() - started;
      const seen = needsEngine(report) ? await askEngine(live, container) : undefined;
      signal.removeEventListener('abort', cancel);
      active.end();
      stopWatching();
      await log.close();
      return { outcome: judge({ stopped: active.stopped, report, engine: seen, marked: kind === 'program' }), report, durationMs, output, missing: [] };
    };
    return { active, ended: finish() };
  } catch (error) {
    active.end();
    live.activeRuns.delete(runId);
    active.done.resolve(undefined);
    await log.close();
    void live.deps.warm.remove(container.name);
    store.updateRun(runId, { status: 'finished', reason: 'failed-to-start', endedAt: clock.now() });
    live.deps.news.tell({ kind: 'run', id: runId });
    live.changed();
    throw error;
  }
}

/** How long the engine's own exit event may lag behind the stream's end. */
const ENGINE_MS = 10_000;

/** The engine's word on a container's end; undefined when it has none. */
export async function askEngine(live: LiveSandbox, container: RunContainer): Promise<{ exitCode: number; oomKilled: boolean } | undefined> {
  const { engine, clock } = live.deps;
  try {
    if (!await within(clock, ENGINE_MS, engine.waitContainer(container.id), undefined)) return undefined;
    const info = await engine.inspectContainer(container.id);
    return info && !info.running ? { exitCode: info.exitCode, oomKilled: info.oomKilled } : undefined;
  } catch {
    live.deps.gate.close();
    return undefined;
  }
}
