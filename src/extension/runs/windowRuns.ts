import { EventEmitter, type Disposable } from 'vscode';
import type { Done } from '../../protocol/run';
import { placeKey, type Place } from './place';

/** A run from its first moment, sync and image included, to its end. */
export interface WindowRun {
  place: Place;
  /** The command as one would type it. */
  text: string;
  phase: 'starting' | 'running';
  /** Aborting stops it. */
  stop: AbortController;
  over: Promise<void>;
}

/** How a place's last run in this window ended; without `done` it never ran. */
export interface LastEnd { text: string; done: Done | undefined; place: Place }

/** What this window runs, one at a time in a place. */
export class WindowRuns implements Disposable {
  readonly #runs = new Map<string, WindowRun>();
  readonly #ends = new Map<string, LastEnd>();
  readonly #toldOf = new Set<string>();
  readonly #changed = new EventEmitter<void>();
  #latestPlace: Place | undefined;
  readonly onDidChange = this.#changed.event;

  get all(): WindowRun[] {
    return [...this.#runs.values()];
  }

  /** Where a run was begun last. */
  get latestPlace(): Place | undefined {
    return this.#latestPlace;
  }

  in(place: Place): WindowRun | undefined {
    return this.#runs.get(placeKey(place));
  }

  lastEnd(place: Place): LastEnd | undefined {
    return this.#ends.get(placeKey(place));
  }

  /** Where the last run with this id was, while it is the last one there. */
  placeOf(runId: string): Place | undefined {
    return [...this.#ends.values()].find(({ done }) => done?.run_id === runId && !this.#toldOf.has(runId))?.place;
  }

  /** What it changed was told. */
  forget(runId: string): void {
    this.#toldOf.add(runId);
  }

  /** Answers the run, and what to call when it is over. */
  begin(place: Place, text: string): { run: WindowRun; end: (done: Done | undefined) => void } {
    const key = placeKey(place);
    const { promise, resolve } = Promise.withResolvers<void>();
    const run: WindowRun = { place, text, phase: 'starting', stop: new AbortController(), over: promise };
    this.#runs.set(key, run);
    this.#latestPlace = place;
    this.#changed.fire();
    const end = (done: Done | undefined) => {
      this.#runs.delete(key);
      this.#ends.set(key, { text, done, place });
      this.#changed.fire();
      resolve();
    };
    return { run, end };
  }

  /** Its command has started. */
  started(run: WindowRun): void {
    run.phase = 'running';
    this.#changed.fire();
  }

  /** What has started goes on: the runner sees to that, and the next window finds it. */
  dispose(): void {
    this.#changed.dispose();
  }
}
