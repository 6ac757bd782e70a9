import type { Run } from '../../protocol/run';
import type { Sandbox } from '../../protocol/sandbox';
import type { RunRow } from '../ports/store';
import type { LiveSandbox } from './liveSandbox';

/** Rows as clients see them. */
export function wireSandbox(live: LiveSandbox): Sandbox {
  const { row, deps } = live;
  // Without end while a run or an install is active.
  const left = live.idleLeft;
  const expires = row.status === 'running' && Number.isFinite(left) ? deps.clock.now() + Math.max(left, 0) : null;
  return {
    id: row.id, folder: row.folder, language: row.language, image: deps.images.reference(row), status: row.status, agent: row.agent,
    created_by: row.createdBy, created_at: iso(row.createdAt), last_activity_at: iso(row.lastActivityAt),
    expires_at: expires === null ? null : iso(expires), deletes_at: row.deletesAt === null ? null : iso(row.deletesAt),
    ttl_seconds: row.ttlSeconds, retention_seconds: row.retentionSeconds, limits: live.limits, allow: row.allow, dependencies: row.dependencies,
    generation: live.workspace.generation, receipt: live.workspace.seeded ? live.workspace.receipt : null, active_runs: live.activeRuns.size, error: row.error,
  };
}

export function wireRun(row: RunRow): Run {
  return {
    id: row.id, sandbox_id: row.sandboxId, command: row.command, cwd: row.cwd, agent: row.agent, created_by: row.createdBy,
    status: row.status, reason: row.reason, exit_code: row.exitCode, receipt: row.receipt, image_id: row.imageId, runtime: row.runtime,
    limits: row.limits, started_at: iso(row.startedAt), ended_at: row.endedAt === null ? null : iso(row.endedAt), duration_ms: row.durationMs,
    stdout_bytes: row.stdoutBytes, stderr_bytes: row.stderrBytes, truncated: row.truncated, dependency_set: row.dependencySet,
    sbom: row.imageId === null ? null : `/v1/runs/${row.id}/sbom`, missing: row.missing, files: row.files,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
