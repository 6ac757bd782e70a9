import type { Clock } from '../ports/clock';
import type { LiveSandbox } from './liveSandbox';

/** The longest time between two looks, and the time after which what could not be done is tried again. */
const LOOK_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Two steps for a folder's sandbox: idle past its TTL → stopped; stopped past its retention → announced, and a day later at
 * the earliest deleted. A sandbox that belongs to an API caller has no second step: idle → deleted, as the contract has it.
 */
export class Reaper {
  private cancel = () => {};
  private ended = false;

  constructor(private readonly clock: Clock, private readonly sandboxes: () => Iterable<LiveSandbox>, private readonly remove: (live: LiveSandbox) => Promise<void>,
    private readonly log: (message: string) => void) {}

  stop(): void {
    this.ended = true;
    this.cancel();
  }

  /** Looks now and, from then on, when the next one is due. To be called again when something was made due sooner. */
  look(): void {
    if (this.ended) return;
    this.cancel();
    for (const live of [...this.sandboxes()]) {
      try {
        this.lookAt(live);
      } catch (error) {
        this.log(`reaper: ${live.id}: ${String(error)}`);
      }
    }
    const due = [...this.sandboxes()].map((live) => this.dueIn(live)).filter((ms) => ms > 0);
    this.cancel = this.clock.after(Math.min(LOOK_MS, ...due), () => this.look());
  }

  /** Ms until there may be something to do. */
  private dueIn(live: LiveSandbox): number {
    const { status, deletesAt } = live.row;
    if (status === 'running' || status === 'created') return live.idleLeft;
    return status === 'stopped' && deletesAt !== null ? deletesAt - this.clock.now() : Infinity;
  }

  private lookAt(live: LiveSandbox): void {
    const { row } = live;
    const now = this.clock.now();
    if (row.status === 'running' || row.status === 'created') {
      if (live.idleLeft > 0 || live.workspaceLock.busy) return;
      this.log(`reaper: ${live.id} idle for ${row.ttlSeconds} s`);
      if (row.folder === null) this.delete(live);
      else live.stop();
      return;
    }
    if (row.status !== 'stopped') return;
    const due = (row.stoppedAt ?? row.lastActivityAt) + row.retentionSeconds * 1000;
    if (row.deletesAt === null) {
      if (now >= due - DAY_MS) live.change({ deletesAt: Math.max(due, now + DAY_MS) });
    } else if (now >= row.deletesAt) {
      this.log(`reaper: ${live.id} past its retention`);
      this.delete(live);
    }
  }

  private delete(live: LiveSandbox): void {
    this.remove(live).catch((error: unknown) => this.log(`reaper: ${live.id}: ${String(error)}`));
  }
}
