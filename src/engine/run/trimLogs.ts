import type { Deps } from '../deps';

/** The logs' sizes are looked at no more often than this. */
const LOOK_MS = 60_000;

/** Keeps all logs together under their limit, behind the user's back. */
export class LogTrimmer {
  /** Monotonic ms. */
  private looked = -Infinity;

  constructor(private readonly deps: Deps) {}

  /** To be called whenever there may be more of them. */
  trim(): void {
    const now = this.deps.clock.monotonic();
    if (now - this.looked < LOOK_MS) return;
    this.looked = now;
    trimLogs(this.deps).catch((error: unknown) => this.deps.log(`logs: ${String(error)}`));
  }
}

/**
 * Removes the oldest finished runs' logs while all together hold more than their limit. The newest of each sandbox stays, as do
 * those of active runs.
 */
export async function trimLogs({ logs, store, options }: Pick<Deps, 'logs' | 'store'> & { options: { logsCapBytes: number } }): Promise<void> {
  const sizes = await logs.sizes();
  let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (total <= options.logsCapBytes) return;
  const runs = [...sizes.keys()].map((id) => ({ id, run: store.getRun(id) })).sort((a, b) => (b.run?.startedAt ?? 0) - (a.run?.startedAt ?? 0));
  const seen = new Set<string>();
  const removable = runs.filter(({ run }) => {
    if (!run) return true;
    const newest = !seen.has(run.sandboxId);
    seen.add(run.sandboxId);
    return !newest && run.status === 'finished';
  });
  for (const { id } of removable.reverse()) {
    if (total <= options.logsCapBytes) return;
    await logs.remove(id);
    total -= sizes.get(id)!;
  }
}
