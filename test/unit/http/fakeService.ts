import { PetriError } from '../../../src/engine/errors';
import type { Emit, PetriService } from '../../../src/engine/service';
import type { StateEvent } from '../../../src/protocol/events';
import type { Done, ExecParsed, Run, Synced, TerminalParsed } from '../../../src/protocol/run';
import type { AddDependency, MissingImport } from '../../../src/protocol/missing';
import type { SbomFormat } from '../../../src/protocol/sbom';
import type { Sandbox } from '../../../src/protocol/sandbox';
import type { RunnerStatus } from '../../../src/protocol/runner';

export const SANDBOX_ID = `sb_${'0'.repeat(32)}`;
export const RUN_ID = `run_${'0'.repeat(32)}`;

export const missing: MissingImport = { language: 'python', import: 'cv2', package: 'opencv-python', path: 'a.py', line: 1, column: 8 };
export const done: Done = {
  run_id: RUN_ID, exit_code: 0, reason: 'exited', duration_ms: 1, stdout_bytes: 0, stderr_bytes: 0, truncated: false, error: null, missing: [],
};
export const synced: Synced = { receipt: 'r', generation: 1, sent_files: 1, sent_bytes: 2, deleted_files: 0, total_files: 3 };
const limits = { cpus: 1, memory_bytes: 2 ** 30, pids: 100, disk_bytes: 2 ** 30, disk_files: 1000, seconds: 0, output_bytes: 2 ** 20 };

/** Answers for one sandbox and one run; a test replaces the method it is about. Records calls as `name(arguments)`. */
export class FakeService implements PetriService {
  readonly calls: string[] = [];
  busy = false;
  /** Tells whoever watches; undefined while nobody does. */
  told: ((event: StateEvent) => void) | undefined;

  async status(): Promise<RunnerStatus> {
    return {
      version: '1.2.3', protocol: 1, pid: process.pid, started_at: '2026-01-01T00:00:00.000Z', draining: false, leases: 0, active_runs: 0,
      sandboxes: 1, engine: null, engine_error: { code: 'engine-absent', message: 'No engine.' },
    };
  }

  async createSandbox(...request: unknown[]) { return this.#said('createSandbox', request, { sandbox: sandbox(), created: true }); }
  getSandbox(id: string) { return this.#sandbox('getSandbox', id, [], sandbox()); }
  listSandboxes(...options: unknown[]) { return this.#said('listSandboxes', options, [sandbox()]); }
  async updateSandbox(id: string, settings: unknown) { return this.#sandbox('updateSandbox', id, [settings], sandbox()); }
  async extendSandbox(id: string, seconds?: number) { return this.#sandbox('extendSandbox', id, [seconds], sandbox()); }
  async deleteSandbox(id: string) { this.#sandbox('deleteSandbox', id, [], undefined); }
  async resetSandbox(id: string) { return this.#sandbox('resetSandbox', id, [], sandbox()); }

  async exec(id: string, _request: ExecParsed, _emit: Emit, _signal: AbortSignal): Promise<Done> { return this.#sandbox('exec', id, [], done); }
  async terminal(id: string, request: TerminalParsed, _emit: Emit, _signal: AbortSignal): Promise<Done> { return this.#sandbox('terminal', id, [request], done); }
  async resizeTerminal(id: string, size: unknown): Promise<void> { this.#run('resizeTerminal', id, undefined, [size]); }
  async sync(id: string, _emit: Emit, _signal: AbortSignal) { return this.#sandbox('sync', id, [], synced); }
  async writeInput(_id: string, _chunk: Uint8Array): Promise<void> {}
  endInput(_id: string): void {}
  async cancelRun(id: string) { return this.#run('cancelRun', id, run()); }
  getRun(id: string) { return this.#run('getRun', id, run()); }
  listRuns(id: string, options: unknown) { return this.#sandbox('listRuns', id, [options], [run()]); }
  async followRun(id: string, from: number, _emit: Emit, _signal: AbortSignal): Promise<Done> { return this.#run('followRun', id, done, [from]); }
  runLog(id: string): ReturnType<PetriService['runLog']> { return this.#run('runLog', id, (async function* () {})()); }

  async changes(id: string) { return this.#sandbox('changes', id, [], { receipt: null, changes: [] }); }
  knownChanges(id: string) { return this.#sandbox('knownChanges', id, [], { receipt: null, changes: [] }); }
  async readFile(id: string, path: string) { return this.#sandbox('readFile', id, [path], Buffer.from([0, 255, 13, 10])); }
  async pull(id: string, paths: string[] | undefined) { return this.#sandbox('pull', id, [paths], { applied: ['a'], refused: [] }); }
  async verify(id: string, _emit: Emit, _signal: AbortSignal) {
    return this.#sandbox('verify', id, [], { same: true, host_root: 'a', sandbox_root: 'a', files: 1, bytes: 2, differences: [] });
  }

  watch(listener: (event: StateEvent) => void) {
    listener({ event: 'sandbox', data: sandbox() });
    listener({ event: 'ready', data: {} });
    this.told = listener;
    return () => { this.told = undefined; };
  }
  async dependencies(id: string) { return this.#sandbox('dependencies', id, [], { projects: [], current: null, latest: null }); }
  async installDependencies(id: string, _emit: Emit, _signal: AbortSignal) { return this.#sandbox('installDependencies', id, [], null); }
  async missingImports(id: string) { return this.#sandbox('missingImports', id, [], [missing]); }
  async addDependency(id: string, request: AddDependency) {
    return this.#sandbox('addDependency', id, [request], { path: 'r', package: 'p', before: null, edit: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 }, text: 'p\n' }, after: 'p\n' });
  }
  async sbom(id: string, format: SbomFormat) { return this.#run('sbom', id, `{"format":"${format}"}\n`); }
  installLog(id: string): ReturnType<PetriService['runLog']> { return this.#said('installLog', [id], (async function* () {})()); }

  async cleanupPreview() { return this.#said('cleanupPreview', [], [{ id: 'volume:x', kind: 'volume' as const, name: 'x', why: 'w', bytes: null }]); }
  async cleanup(ids: string[]) { return this.#said('cleanup', [ids], { removed: ids, failed: [] }); }
  async shutdown(mode: 'drain' | 'now'): Promise<void> { this.#said('shutdown', [mode], undefined); }

  #said<T>(name: string, given: unknown[], answer: T): T {
    this.calls.push(`${name}(${given.map((one) => JSON.stringify(one)).join(',')})`);
    return answer;
  }

  #sandbox<T>(name: string, id: string, given: unknown[], answer: T): T {
    if (id !== SANDBOX_ID) throw new PetriError('not-found', `There is no sandbox ${id}.`);
    return this.#said(name, given, answer);
  }

  #run<T>(name: string, id: string, answer: T, given: unknown[] = []): T {
    if (id !== RUN_ID) throw new PetriError('not-found', `There is no run ${id}.`);
    return this.#said(name, given, answer);
  }
}

export function sandbox(): Sandbox {
  const now = '2026-01-01T00:00:00.000Z';
  return {
    id: SANDBOX_ID, folder: null, language: 'python', image: 'x', status: 'running', agent: null, created_by: 'test', created_at: now,
    last_activity_at: now, expires_at: null, deletes_at: null, ttl_seconds: 1, retention_seconds: 60, limits, allow: [], dependencies: {}, generation: 0,
    receipt: null, active_runs: 0, error: null,
  };
}

function run(): Run {
  return {
    id: RUN_ID, sandbox_id: SANDBOX_ID, command: 'true', cwd: '', agent: null, created_by: 'test', status: 'running', reason: null,
    exit_code: null, receipt: null, image_id: null, runtime: null, limits, started_at: '2026-01-01T00:00:00.000Z', ended_at: null,
    duration_ms: null, stdout_bytes: 0, stderr_bytes: 0, truncated: false, dependency_set: null, sbom: null, missing: null, files: null,
  };
}
