import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunRow, SandboxRow } from '../../../src/engine/ports/store';
import type { IndexEntry } from '../../../src/engine/sync/entry';

/** A folder of its own, gone when the tests have run. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'petri-test-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
// One listener a folder.
process.setMaxListeners(0);

export function sandboxRow(change: Partial<SandboxRow> = {}): SandboxRow {
  return {
    id: `sb_${randomBytes(16).toString('hex')}`, folder: null, language: 'python', languageChosen: false, image: null, status: 'created',
    agent: null, createdBy: 'test', createdAt: 1, lastActivityAt: 1, stoppedAt: null, deletesAt: null, ttlSeconds: 3600,
    retentionSeconds: 604800, limits: {}, allow: [], uid: 30000, volume: 'petri-v', endpoint: 'unix:///x', generation: 0, receipt: null,
    error: null, dependencies: {}, dependencySet: null, ...change,
  };
}

export function runRow(sandboxId: string, change: Partial<RunRow> = {}): RunRow {
  return {
    id: `run_${randomBytes(16).toString('hex')}`, sandboxId, command: 'true', cwd: '', agent: null, createdBy: 'test', status: 'running',
    reason: null, exitCode: null, receipt: null, imageId: null, runtime: null, container: null,
    limits: { cpus: 1, memory_bytes: 2 ** 30, pids: 100, disk_bytes: 2 ** 30, disk_files: 1000, seconds: 0, output_bytes: 2 ** 20 },
    startedAt: 5, endedAt: null, durationMs: null, stdoutBytes: 0, stderrBytes: 0, truncated: false, files: null, dependencySet: null, missing: null, ...change,
  };
}

/** A workspace in step with its host. */
export function* entries(count: number): Generator<[string, IndexEntry]> {
  for (let at = 0; at < count; at++) {
    const same = { type: 'file', mode: 0o644, size: at, content: at.toString(16).padStart(64, 'ab') } as const;
    const path = `packages/number-${Math.floor(at / 100)}/src/some/folder/file-${at}.ts`;
    yield [path, {
      host: { ...same, mtimeMs: 1_760_000_000_123.456 + at, ctimeMs: 1_760_000_000_123.456, ino: 1_000_000 + at, racy: false },
      box: { ...same, stat: `1760000000.1234567890:1760000000.1234567890:${2_000_000 + at}:${at}:644` },
    }];
  }
}
