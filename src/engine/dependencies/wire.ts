import type { DependencySet } from '../../protocol/dependencies';
import type { DependencySetRow } from '../ports/store';

/** A row as clients see it. */
export function wireSet(row: DependencySetRow): DependencySet {
  return {
    id: row.id, sandbox_id: row.sandboxId, language: row.language, project: row.manifest, status: row.status, packages: row.packages,
    created_at: new Date(row.createdAt).toISOString(), ended_at: row.endedAt === null ? null : new Date(row.endedAt).toISOString(), error: row.error,
  };
}
