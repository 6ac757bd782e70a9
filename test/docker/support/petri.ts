import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Exec, type Done, type Notice, type Run, type Started } from '../../../src/protocol/run';
import type { CreateSandbox, Language } from '../../../src/protocol/sandbox';
import type { Clock } from '../../../src/engine/ports/clock';
import type { ContainerEngine } from '../../../src/engine/ports/containerEngine';
import type { Deps } from '../../../src/engine/deps';
import type { Petri } from '../../../src/engine/petri';
import type { Store } from '../../../src/engine/ports/store';
import { LABEL } from '../../../src/engine/container/spec';
import { dockerEngine } from '../../../src/runner/docker/dockerEngine';
import { ownSurroundings } from '../../../src/runner/docker/endpoints/surroundings';
import { assemble } from '../../../src/runner/assemble';
import { makeFolder, type Folder } from './folder';
import type * as z from 'zod';

/** The repository; test bundles lie in dist/test/…, and mocha is started at its top. */
export const REPOSITORY = resolve('.');

export interface Result { done: Done; stdout: Buffer; stderr: Buffer; started: Started | undefined; notices: Notice[]; progress: string[]; /** What installs said. */ installed: string }

/** A whole Petri in this process, on a real engine, with a state folder of its own that `close` removes. */
export interface Bench {
  petri: Petri; store: Store; deps: Deps; stateFolder: string; log: string[];
  sandbox(request: Partial<z.output<typeof CreateSandbox>>): Promise<string>;
  /** A folder with these files and its sandbox; `close` removes both. */
  folderSandbox(files: Record<string, string>, language: Language): Promise<{ folder: Folder; sandbox: string }>;
  run(sandboxId: string, command: string | string[], options?: Partial<z.input<typeof Exec>> & { signal?: AbortSignal; onOutput?: (text: string) => void; onStarted?: (started: Started) => void }): Promise<Result>;
  record(runId: string): Run;
  /** Containers, networks and volumes with this installation's label. */
  onEngine(): Promise<{ containers: string[]; networks: string[]; volumes: string[] }>;
  engine: ContainerEngine;
  /** Waits until nothing happens behind the user's back any more. */
  settled(sandboxId: string): Promise<void>;
  close(): Promise<void>;
}

export async function openBench(options: { env?: Record<string, string>; wrapEngine?: (engine: ContainerEngine) => ContainerEngine; stateFolder?: string; clock?: Clock } = {}): Promise<Bench> {
  const stateFolder = options.stateFolder ?? mkdtempSync(join(tmpdir(), 'petri-bench-'));
  mkdirSync(join(stateFolder, 'runs'), { recursive: true });
  const log: string[] = [];
  const env = { ...process.env, ...(process.env.PETRI_TEST_ENGINE && { DOCKER_HOST: process.env.PETRI_TEST_ENGINE }), ...options.env };
  const { petri, store, deps } = await assemble({
    database: join(stateFolder, 'petri.db'), runsFolder: join(stateFolder, 'runs'), version: '0.0.0-test',
    imagesFolder: join(REPOSITORY, 'dist', 'images'), env, log: (line) => log.push(line), wrapEngine: options.wrapEngine, clock: options.clock,
  });
  const made = new Set<string>();
  const folders: Folder[] = [];
  const sandbox = async (request: Partial<z.output<typeof CreateSandbox>>) => {
    const created = await petri.createSandbox({ created_by: 'test', ...request });
    made.add(created.sandbox.id);
    return created.sandbox.id;
  };
  const engine = dockerEngine({ ...ownSurroundings(), env });
  return {
    engine,
    async onEngine() {
      const mine = { [`${LABEL}install`]: store.installId };
      const [containers, networks, volumes] = await Promise.all([engine.listContainers(mine), engine.listNetworks(mine), engine.listVolumes(mine)]);
      return { containers: containers.map((one) => one.name), networks: networks.map((one) => one.name), volumes: volumes.map((one) => one.name) };
    },
    petri, store, deps, stateFolder, log,
    sandbox,
    async folderSandbox(files, language) {
      const folder = makeFolder(files);
      folders.push(folder);
      return { folder, sandbox: await sandbox({ folder: folder.path, language }) };
    },
    async run(sandboxId, command, { signal, onOutput, onStarted, ...more } = {}) {
      const out: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
      const result: Omit<Result, 'done' | 'stdout' | 'stderr'> = { started: undefined, notices: [], progress: [], installed: '' };
      const done = await petri.exec(sandboxId, Exec.parse({ command, ...more }), (event) => {
        if (event.event === 'output') {
          out[event.stream].push(Buffer.from(event.chunk));
          onOutput?.(event.chunk.toString('utf8'));
        } else if (event.event === 'started') {
          result.started = event.data;
          onStarted?.(event.data);
        } else if (event.event === 'notice') result.notices.push(event.data);
        else if (event.event === 'install') result.installed += event.data.text;
        else result.progress.push(event.data.message);
      }, signal ?? new AbortController().signal);
      return { ...result, done, stdout: Buffer.concat(out.stdout), stderr: Buffer.concat(out.stderr) };
    },
    record: (runId) => petri.getRun(runId),
    async settled(sandboxId) {
      const newest = petri.listRuns(sandboxId, { limit: 1, offset: 0 })[0];
      for (let waited = 0; newest && waited < 200; waited += 1) {
        if (petri.getRun(newest.id).files) return;
        await new Promise((r) => setTimeout(r, 50));
      }
    },
    async close() {
      for (const id of made) await petri.deleteSandbox(id).catch(() => undefined);
      await petri.shutdown('now');
      for (const folder of folders) folder.remove();
      // Of no sandbox: what gateways keep.
      if (!options.stateFolder) for (const { name } of await engine.listVolumes({ [`${LABEL}install`]: store.installId })) await engine.removeVolume(name);
      engine.close();
      if (!options.stateFolder) rmSync(stateFolder, { recursive: true, force: true });
    },
  };
}
