import type { Done } from '../../protocol/run';
import type { RunContainer, Stdin } from '../container/runContainer';
import type { Clock } from '../ports/clock';
import type { ContainerEngine } from '../ports/containerEngine';
import type { StopReason } from './outcome';

/** How long a program may take to end by itself after SIGTERM. */
const GRACE_MS = 2000;
/** How long the engine may take to deliver that SIGTERM: a fork bomb leaves no process number for it. */
const SIGNAL_MS = 1000;

/** A shell at a terminal ignores SIGTERM; what it is told when its terminal goes away is SIGHUP. */
const ASK_TO_END = { program: 'kill -TERM -1', terminal: 'kill -HUP -1; kill -TERM -1' };

/** A command in its container, from start to end: how it is stopped and fed. */
export class ActiveRun {
  stopped: StopReason | undefined;
  /** Its end, for those who follow it; undefined when it never started. */
  readonly done = Promise.withResolvers<Done | undefined>();
  private over = false;
  /** Input that came before the command would be read by the launcher. */
  private readonly sent = Promise.withResolvers<void>();
  private readonly timers: Array<() => void> = [];

  constructor(readonly id: string, readonly kind: 'program' | 'terminal', readonly container: RunContainer, readonly stdin: Stdin,
    private readonly engine: ContainerEngine, private readonly clock: Clock) {}

  /** SIGTERM to every process in the container, SIGKILL to the container when that was not enough. The first reason counts. */
  stop(reason: StopReason): void {
    if (this.stopped || this.over) return;
    this.stopped = reason;
    const kill = () => {
      if (!this.over) void this.engine.killContainer(this.container.id, 'SIGKILL').catch(() => undefined);
    };
    const stuck = this.clock.after(SIGNAL_MS, kill);
    this.timers.push(stuck);
    // Not the engine's own kill: it reaches the init process alone, and that one's direct child at best.
    this.engine.exec(this.container.id, ['/bin/sh', '-c', ASK_TO_END[this.kind]]).then(
      () => {
        stuck();
        this.timers.push(this.clock.after(GRACE_MS, kill));
      },
      kill,
    );
  }

  limitTime(seconds: number): void {
    if (seconds > 0) this.timers.push(this.clock.after(seconds * 1000, () => this.stop('timed-out')));
  }

  commandSent(): void {
    this.sent.resolve();
  }

  /** Resolves when the container took it; after the run's end it goes nowhere. */
  async writeInput(chunk: Uint8Array): Promise<void> {
    await this.sent.promise;
    if (!this.over) await this.stdin.writeInput(chunk);
  }

  async endInput(): Promise<void> {
    await this.sent.promise;
    if (!this.over) this.stdin.endInput();
  }

  end(): void {
    this.over = true;
    this.sent.resolve();
    for (const cancel of this.timers) cancel();
  }
}
