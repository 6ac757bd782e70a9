import type { Clock } from '../../../src/engine/ports/clock';

/** Timers at least this long wait for `turn`; shorter ones belong to the engine's real pace. */
const LONG_MS = 5000;

/** Real time that a test can turn forward, the wall clock apart from the monotonic one. */
export class TurnableClock implements Clock {
  private wall = 0;
  private mono = 0;
  private readonly waiting = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return Date.now() + this.wall;
  }

  monotonic(): number {
    return performance.now() + this.mono;
  }

  after(ms: number, callback: () => void): () => void {
    if (ms < LONG_MS) {
      const timer = setTimeout(callback, ms);
      timer.unref();
      return () => clearTimeout(timer);
    }
    const entry = { at: this.monotonic() + ms, callback };
    this.waiting.add(entry);
    return () => void this.waiting.delete(entry);
  }

  /** Both clocks go on, and what is due is called, as often as it asks to be. */
  turn(ms: number): void {
    const step = Math.min(ms, 30_000);
    for (let passed = 0; passed < ms; passed += step) {
      this.wall += step;
      this.mono += step;
      for (const entry of [...this.waiting]) {
        if (entry.at > this.monotonic()) continue;
        this.waiting.delete(entry);
        entry.callback();
      }
    }
  }

  /** The machine slept, or somebody set the clock: only the wall clock moves. */
  step(ms: number): void {
    this.wall += ms;
  }
}
