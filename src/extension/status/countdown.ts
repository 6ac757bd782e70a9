/** A wall clock that has gone this much further than the monotonic one has slept or was set. */
const JUMP_MS = 5000;
const MINUTE_MS = 60_000;

/** Time as the countdown sees it; a test turns it. */
export interface Watch {
  now(): number;
  monotonic(): number;
  after(ms: number, callback: () => void): { dispose(): void };
}

/**
 * Counts the minutes to a moment by a timer of its own, one step a minute: nobody is asked. When the machine slept, or its clock was
 * set, the moment is no longer to be trusted (idleness does not count while the machine sleeps): `onJump` fetches it anew.
 */
export class Countdown {
  #until: number | undefined;
  #wallAt = 0;
  #monotonicAt = 0;
  #timer: { dispose(): void } | undefined;

  constructor(private readonly watch: Watch, private readonly onMinute: () => void, private readonly onJump: () => void) {}

  /** Full minutes left, rounded up; undefined when nothing is counted. */
  get minutes(): number | undefined {
    return this.#until === undefined ? undefined : Math.max(0, Math.ceil((this.#until - this.watch.now()) / MINUTE_MS));
  }

  /** @param until ms since the epoch */
  start(until: number | undefined): void {
    this.#until = until;
    this.#wallAt = this.watch.now();
    this.#monotonicAt = this.watch.monotonic();
    this.#next();
  }

  /** Call when somebody looks again, as after a sleep: a timer may not have noticed yet. */
  look(): void {
    if (this.#until === undefined) return;
    const drift = (this.watch.now() - this.#wallAt) - (this.watch.monotonic() - this.#monotonicAt);
    if (Math.abs(drift) > JUMP_MS) {
      this.start(this.#until);
      this.onJump();
    }
    this.onMinute();
    this.#next();
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #next(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#until === undefined) return;
    const left = this.#until - this.watch.now();
    // Past its end the runner tells what became of it.
    if (left > 0) this.#timer = this.watch.after(left % MINUTE_MS || MINUTE_MS, () => this.look());
  }
}
