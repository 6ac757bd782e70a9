import { PetriError } from '../errors';
import type { WarmContainer } from './warmContainer';

/**
 * The one pre-started container of a sandbox. `peek` looks through its launcher's eyes (scan, verify, pull) without using
 * it up; `take` gives it to a run for good. Both start one when there is none: that is the cold path.
 */
export class WarmPool {
  private current: { key: string; promise: Promise<WarmContainer>; ready: WarmContainer | undefined } | undefined;

  constructor(private readonly discard: (container: WarmContainer) => void) {}

  /** A container that can be used at this moment without waiting, if there is one. */
  readyNow(key: string): WarmContainer | undefined {
    return this.current?.key === key ? this.readyAny() : undefined;
  }

  /** The same whatever it was started for: enough for a look at the volume. */
  readyAny(): WarmContainer | undefined {
    const ready = this.current?.ready;
    return ready?.launcher.usable ? ready : undefined;
  }

  /** There is a container, or one on its way that somebody may be waiting for. */
  get occupied(): boolean {
    return this.current !== undefined;
  }

  /** `start` gets the container that does not fit any more; it goes when its successor is there, or failed to come. */
  async peek(key: string, start: (outgoing: WarmContainer | undefined) => Promise<WarmContainer>): Promise<WarmContainer> {
    const ready = this.readyAny();
    const outgoing = this.current && this.current.key !== key ? ready : undefined;
    if (outgoing) this.current = undefined;
    else if (this.current && (this.current.key !== key || (this.current.ready && !ready))) void this.drop();
    const slot = (this.current ??= this.begin(key, () => (outgoing ? start(outgoing).finally(() => this.discard(outgoing)) : start(undefined))));
    const container = await slot.promise;
    // Dropped while it was starting: somebody else sees to its end.
    if (this.current !== slot) throw new PetriError('cancelled', 'The sandbox was stopped while its container started.', { action: 'Run again.' });
    if (!container.launcher.usable) {
      void this.drop();
      throw new PetriError('engine-failed', 'The sandbox\'s container ended by itself.', { action: 'Run again; reset the sandbox if it stays so.' });
    }
    return container;
  }

  /** The caller owns it from now on. */
  take(container: WarmContainer): void {
    if (this.current?.ready === container) this.current = undefined;
  }

  /** Settles when the container, were it only just starting, was handed to `discard`. */
  async drop(): Promise<void> {
    const dropped = this.current;
    this.current = undefined;
    await dropped?.promise.then(this.discard, () => undefined);
  }

  private begin(key: string, start: () => Promise<WarmContainer>) {
    const slot: NonNullable<typeof this.current> = { key, ready: undefined, promise: start() };
    slot.promise.then(
      (container) => {
        slot.ready = container;
        // An engine restart ends it; forget it, so that the next need starts another.
        void container.launcher.closed.then(() => {
          if (this.current === slot) void this.drop();
        });
      },
      () => {
        if (this.current === slot) this.current = undefined;
      },
    );
    return slot;
  }
}
