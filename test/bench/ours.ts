import { setTimeout as sleep } from 'node:timers/promises';
import type { Limits } from '../../src/protocol/sandbox';
import type { Petri } from '../../src/sdk/typescript/petri';
import type { Sandbox } from '../../src/sdk/typescript/sandbox';
import { Stopwatch, type Outcome } from './outcome';

/** How long the runner may take to look through the workspace after a run and to have the next container ready. */
const IDLE_SECONDS = 120;

/** A run's outcome, and whether a container had been waiting for it. */
export interface OurOutcome extends Outcome { warm: boolean | undefined }

export interface OurExec {
  cwd?: string;
  limits?: Partial<Limits>;
  /** Instead of collecting stdout. */
  onOutput?: (chunk: Buffer) => void;
}

/** Petri as any client has it: the SDK over the local socket. */
export class OurSandbox {
  private lastRun: string | undefined;

  constructor(private readonly petri: Petri, readonly sandbox: Sandbox, private readonly signal: AbortSignal) {}

  /** One run from its request to its `done`. Rejects when it ends with another code than 0. */
  async exec(command: string | string[], { cwd = '', limits, onOutput }: OurExec = {}): Promise<OurOutcome> {
    const watch = new Stopwatch();
    let warm: boolean | undefined;
    let complaint = '';
    const handle = this.sandbox.exec({ command, cwd, limits }, {
      signal: this.signal,
      onStarted: (started) => { warm = started.warm; },
      onOutput: (stream, chunk) => {
        if (stream === 'stderr') complaint = (complaint + chunk.toString('utf8')).slice(-500);
        else if (onOutput) onOutput(chunk);
        else watch.take(chunk);
      },
    });
    const done = await handle.result();
    const outcome = watch.end(done.exit_code);
    this.lastRun = done.run_id;
    if (done.reason !== 'exited' || done.exit_code !== 0) throw new Error(`Petri's run: ${done.reason} ${done.exit_code}: ${done.error ?? complaint}`);
    return { ...outcome, warm };
  }

  /**
   * Until the last run's container is gone and its successor stands ready, having looked through the workspace: the run's
   * record tells. Asks the runner, never the engine.
   */
  async idle(): Promise<void> {
    if (this.lastRun === undefined) return;
    const until = performance.now() + IDLE_SECONDS * 1000;
    while ((await this.petri.run(this.lastRun)).files === null) {
      this.signal.throwIfAborted();
      if (performance.now() > until) throw new Error(`Petri has not looked through the workspace ${IDLE_SECONDS} s after a run.`);
      await sleep(20);
    }
    this.lastRun = undefined;
  }
}

/** The outcome, if its container had been started before the run was asked for. */
export function wasWarm(outcome: OurOutcome): OurOutcome {
  if (!outcome.warm) throw new Error('No container was waiting: this was no warm run.');
  return outcome;
}

/** The outcome, if no container had been waiting. */
export function wasMiss(outcome: OurOutcome): OurOutcome {
  if (outcome.warm) throw new Error('A container was waiting: this was no pool miss.');
  return outcome;
}
