import assert from 'node:assert/strict';
import { Countdown } from '../../../src/extension/status/countdown';

const MINUTE = 60_000;

/** Time that a test turns, as a machine that works and one that sleeps would. */
class TurnedWatch {
  wall = 1_000_000;
  mono = 0;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  now = () => this.wall;
  monotonic = () => this.mono;
  after = (ms: number, callback: () => void) => {
    const timer = { at: this.mono + ms, callback };
    this.#timers.add(timer);
    return { dispose: () => void this.#timers.delete(timer) };
  };

  get waiting(): number {
    return this.#timers.size;
  }

  pass(ms: number): void {
    for (const end = this.mono + ms; ;) {
      const next = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      const step = (next?.at ?? end) - this.mono;
      this.mono += step;
      this.wall += step;
      if (!next) return;
      this.#timers.delete(next);
      next.callback();
    }
  }

  sleep(ms: number): void {
    this.wall += ms;
  }
}

function started(minutes: number) {
  const watch = new TurnedWatch();
  const seen: (number | undefined)[] = [];
  let jumps = 0;
  const countdown: Countdown = new Countdown(watch, () => seen.push(countdown.minutes), () => { jumps += 1; });
  countdown.start(watch.now() + minutes * MINUTE);
  return { watch, seen, countdown, jumps: () => jumps };
}

describe('The minutes left', () => {
  it('are counted down one by one, with one timer at a time and none at the end', () => {
    const { watch, seen, countdown } = started(3);
    assert.equal(countdown.minutes, 3);
    watch.pass(10 * MINUTE);
    assert.deepEqual(seen, [2, 1, 0]);
    assert.equal(watch.waiting, 0);
  });

  it('change at the full minute, wherever the count was begun', () => {
    const { watch, seen, countdown } = started(2.5);
    assert.equal(countdown.minutes, 3);
    watch.pass(0.5 * MINUTE);
    assert.deepEqual(seen, [2]);
    watch.pass(MINUTE);
    assert.deepEqual(seen, [2, 1]);
  });

  it('are asked for anew after the machine slept, once, and not while it was awake', () => {
    const { watch, countdown, jumps } = started(60);
    watch.pass(5 * MINUTE);
    countdown.look();
    assert.equal(jumps(), 0);
    watch.sleep(30 * MINUTE);
    countdown.look();
    countdown.look();
    assert.equal(jumps(), 1);
    assert.equal(countdown.minutes, 25);
  });

  it('notice a sleep by their own timer too', () => {
    const { watch, jumps } = started(60);
    watch.sleep(10 * MINUTE);
    watch.pass(MINUTE);
    assert.equal(jumps(), 1);
  });

  it('are nothing, and cost nothing, while a run is active or the sandbox is stopped', () => {
    const { watch, countdown } = started(5);
    countdown.start(undefined);
    assert.equal(countdown.minutes, undefined);
    assert.equal(watch.waiting, 0);
  });
});
