import { invalid } from './requirements';
import type { LockedPlan } from './uvLock';

/**
 * Every package of a lock has its version, and either all have hashes or none has: anything between would be neither exact nor refused.
 * Throws manifest-invalid. Answers what is to be said of a lock without any.
 */
export function checkExact(path: string, { requested, lines, hashed }: LockedPlan): string[] {
  const withHash = lines.some((line) => line.includes(' --hash='));
  for (const [at, { name, version, line = 1 }] of requested.entries()) {
    if (version === '==') throw invalid(path, line, `${name} has no version`);
    if (withHash && !lines[at]!.includes(' --hash=')) throw invalid(path, line, `${name} has no hash, and others have`);
  }
  return hashed || lines.length === 0 ? [] : [`${path} has no hashes: that what is installed is what was locked, nobody can tell.`];
}
