import type { Clock } from './ports/clock';

/** Long enough to tell what one step changes as one, short enough for a person. */
const MOMENT_MS = 30;

export type Changed = { kind: 'engine' } | { kind: 'sandbox' | 'run'; id: string };

/** Which things have changed, for those who watch; costs nothing while nobody does, and nothing while nothing changes. */
export class News {
  private readonly listeners = new Set<(changed: Changed) => void>();
  private readonly pending = new Map<string, Changed>();
  private waiting = false;

  constructor(private readonly clock: Clock) {}

  tell(changed: Changed): void {
    if (this.listeners.size === 0) return;
    this.pending.set(JSON.stringify(changed), changed);
    if (this.waiting) return;
    this.waiting = true;
    this.clock.after(MOMENT_MS, () => this.flush());
  }

  /** The returned function ends it. */
  subscribe(listener: (changed: Changed) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private flush(): void {
    this.waiting = false;
    const told = [...this.pending.values()];
    this.pending.clear();
    for (const changed of told) for (const listener of this.listeners) listener(changed);
  }
}
