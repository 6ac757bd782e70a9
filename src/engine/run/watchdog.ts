import type { Limits } from '../../protocol/sandbox';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { ActiveRun } from './activeRun';

/** How often free space is asked while a run is active. Asking how much is used costs a walk, so only when it may matter. */
const LOOK_MS = 500;

/**
 * Volumes have no quota on most file systems: a second container of the same sandbox, with no user code in it, looks at the
 * volume while the run goes on, and ends the run when it has grown past the limit. Answers the function that ends the watch.
 */
export function watchDisk(live: LiveSandbox, active: ActiveRun, limits: Limits): () => void {
  let stop = () => {};
  let over = false;
  let free: { bytes: number; files: number } | undefined;
  // A sandbox that is already over its limit may still run what makes it smaller.
  const most = { bytes: Math.max(limits.disk_bytes, live.usage?.bytes ?? 0), files: Math.max(limits.disk_files, live.usage?.files ?? 0) };

  const look = async () => {
    const ask = async (call: string) => live.whenIdle((launcher) => launcher.call(call, [], undefined, { timeoutMs: 60_000 }));
    const space = numbers(await ask('space'));
    if (!space) return;
    const now = { bytes: space[0] ?? 0, files: space[1] ?? 0 };
    const used = live.usage;
    const grown = free ? { bytes: free.bytes - now.bytes, files: free.files - now.files } : undefined;
    if (used && grown && used.bytes + grown.bytes <= most.bytes && used.files + grown.files <= most.files) return;
    const usage = numbers(await ask('usage'));
    if (!usage) return;
    free = now;
    live.usage = { bytes: usage[0] ?? 0, files: usage[1] ?? 0 };
    if (!over && (live.usage.bytes > most.bytes || live.usage.files > most.files)) active.stop('disk-full');
  };
  const next = () => {
    stop = live.deps.clock.after(LOOK_MS, () => {
      look().catch((error: unknown) => live.deps.log(`${active.id}: disk watch: ${String(error)}`)).finally(() => {
        if (!over) next();
      });
    });
  };
  next();
  return () => {
    over = true;
    stop();
  };
}

/** The first number of each line: what `df --output` and `du` print. */
function numbers(output: Buffer | undefined): number[] | undefined {
  const words = output?.toString('utf8').trim().split(/\n/).flatMap((line) => line.trim().split(/\s+/)).filter((word) => /^\d+$/.test(word)).map(Number);
  return words && words.length >= 2 ? words : undefined;
}
