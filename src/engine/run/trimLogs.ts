import type { Deps } from '../deps';

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
