import type { DependencySettings } from '../../protocol/sandbox';

/** What was chosen, with what is chosen now; null takes a choice back, an absent key says nothing. */
export function mergeDependencySettings(before: DependencySettings, change: DependencySettings = {}): DependencySettings {
  const merged = { ...before, ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)) as DependencySettings;
}
