import { createHash } from 'node:crypto';
import type { ManifestFile } from '../adapter';
import type { PythonPlan } from './plan';
import { readToml, table, tables, text, texts } from './toml';

export const LOCK = 'pylock.toml';
/** Below /sandbox/deps, where install.py leaves a new one. */
export const OFFERED = 'venv/offered-pylock.toml';

/** A lock that an install here has made and the user has taken over. It follows the manifest beside it, as other tools' locks do. */
export interface OwnLock {
  /** `madeFrom` of the plan that it came from. */
  madeFrom: string;
  /** Markers: it holds where one of them does. */
  environments: string[];
  /** `name==version` of what pip can choose by itself: what has to be built from source is no choice of its. */
  versions: string[];
}

/** undefined for a lock of somebody else's: that one is what is installed, whatever stands beside it. */
export function readOwnLock(file: ManifestFile): OwnLock | undefined {
  const lock = readToml(file);
  const madeFrom = text(table(table(lock.tool).petri)['made-from']);
  return madeFrom === undefined ? undefined : {
    madeFrom, environments: texts(lock.environments),
    versions: tables(lock.packages).filter(({ wheels }) => tables(wheels).length > 0).map((one) => `${text(one.name) ?? ''}==${text(one.version) ?? ''}`),
  };
}

/** Everything that decides what pip chooses. */
export function madeFrom({ requirements, constraints, pre, build }: PythonPlan): string {
  return `sha256:${createHash('sha256').update(JSON.stringify([requirements, constraints, pre, build?.dynamic ?? false])).digest('hex')}`;
}

/** True where a lock would say more than the manifest does, and could be told to be out of date. */
export function worthLocking({ requirements, hashed, pinned, build }: PythonPlan): boolean {
  return requirements.length > 0 && !hashed && !pinned && !(build?.dynamic ?? false);
}
