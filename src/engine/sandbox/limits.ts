import type { ChosenLimits, Limits } from '../../protocol/sandbox';

const MiB = 1024 * 1024;

/** Enough for a test suite, little enough that a runaway program leaves the machine usable. */
export const DEFAULT_LIMITS: Limits = {
  cpus: 2, memory_bytes: 2048 * MiB, pids: 512, disk_bytes: 10_240 * MiB, disk_files: 1_000_000, seconds: 3600, output_bytes: 1024 * MiB,
};

/** The later one wins, key by key; undefined keys say nothing. */
export function mergeLimits(...layers: Array<Partial<Limits> | undefined>): Limits {
  const merged: Record<string, number> = { ...DEFAULT_LIMITS };
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer ?? {})) if (value !== undefined) merged[key] = value;
  }
  return merged as Limits;
}

/** What a sandbox has chosen after a change: null takes a limit back to its default, an absent one stays. */
export function chooseLimits(before: Partial<Limits>, change: ChosenLimits): Partial<Limits> {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null && value !== undefined));
}
