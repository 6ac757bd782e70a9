import type { Clock } from '../ports/clock';
import type { LiveSandbox } from './liveSandbox';

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

  start(): void {
    this.look();
    if (!this.ended) this.cancel = this.clock.after(LOOK_MS, () => this.start());
  }

  stop(): void {
    this.ended = true;
    this.cancel();
  }

  look(): void {
    for (const live of [...this.sandboxes()]) {
      try {
        this.lookAt(live);
      } catch (error) {
        this.log(`reaper: ${live.id}: ${String(error)}`);
      }
    }
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
