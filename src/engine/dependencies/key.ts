import { createHash } from 'node:crypto';
import type { DependencyAdapter, Project } from './adapter';

/** Everything that decides what an install produces. Same key, same set: no container, no question to the engine. */
export function setKey(adapter: DependencyAdapter, project: Project, imageId: string, inputs: ReadonlyMap<string, string>, groups: readonly string[], policy: string): string {
  const sorted = [...inputs].sort(([a], [b]) => (a < b ? -1 : 1));
  return hashOf([adapter.language, adapter.version, imageId, project.root, project.manifest, sorted, [...groups].sort(), policy]);
}

export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
