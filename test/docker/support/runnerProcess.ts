import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Petri } from '../../../src/sdk/typescript/petri';
import { pathsOf } from '../../../src/sdk/typescript/localFiles';
import type { Sandbox } from '../../../src/sdk/typescript/sandbox';
import type { ContainerEngine, Labels } from '../../../src/engine/ports/containerEngine';
import { LABEL } from '../../../src/engine/container/spec';
import { dockerEngine } from '../../../src/runner/docker/dockerEngine';
import { ownSurroundings } from '../../../src/runner/docker/endpoints/surroundings';
import { eventually } from './eventually';
import { REPOSITORY } from './petri';

/** What lies on the engine under one label. */
export interface OnEngine { containers: string[]; networks: string[]; volumes: string[] }

/** A user of the real runner process: a home of their own, and the SDK to reach or start the runner as any client does. */
export class RunnerHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'petri-home-'));
  readonly entry = join(REPOSITORY, 'dist', 'runner', 'petri.cjs');
  readonly env: Record<string, string | undefined>;
  readonly engine: ContainerEngine & { close(): void };
  private readonly clients: Petri[] = [];
  private readonly sandboxes = new Set<string>();

  constructor(env: Record<string, string | undefined> = {}) {
    const engine = process.env['PETRI_TEST_ENGINE'];
    this.env = { ...process.env, ...(engine && { DOCKER_HOST: engine }), ...env, PETRI_HOME: this.folder };
    // The engine itself, also where the runner sees it through a proxy.
    this.engine = dockerEngine(ownSurroundings(), engine);
  }

  get paths() {
    return pathsOf({ env: this.env });
  }

  get log(): string {
    return readFileSync(this.paths.runnerLog, 'utf8');
  }

  /** Finds the runner or starts it. */
  async connect(client = 'test'): Promise<Petri> {
    const petri = await Petri.connect({ env: this.env, entry: this.entry, version: '0.0.0', client });
    this.clients.push(petri);
    return petri;
  }

  /** A runner of which nobody has heard yet. */
  start(): ChildProcess {
    return spawn(process.execPath, [this.entry, 'runner'], { env: this.env, stdio: 'ignore', cwd: this.folder });
  }

  /** A folder's sandbox, remembered for `remove`. */
  async sandbox(petri: Petri, folder: string): Promise<Sandbox> {
    const sandbox = await petri.create({ folder });
    this.sandboxes.add(sandbox.id);
    return sandbox;
  }

  async onEngine(labels: Labels): Promise<OnEngine> {
    const { engine } = this;
    const [containers, networks, volumes] = await Promise.all([engine.listContainers(labels), engine.listNetworks(labels), engine.listVolumes(labels)]);
    return { containers: containers.map(({ name }) => name), networks: networks.map(({ name }) => name), volumes: volumes.map(({ name }) => name) };
  }

  ofSandbox(id: string): Promise<OnEngine> {
    return this.onEngine({ [`${LABEL}sandbox`]: id });
  }

  async pid(): Promise<number | undefined> {
    const petri = await Petri.find({ env: this.env }).catch(() => undefined);
    const status = await petri?.status().catch(() => undefined);
    petri?.close();
    return status?.pid;
  }

  /** Stops the runner and takes away whatever is left of it, whatever a test did. */
  async remove(): Promise<void> {
    for (const client of this.clients) client.close();
    const pid = await this.pid();
    if (pid) await kill(pid);
    for (const id of this.sandboxes) {
      const labels = { [`${LABEL}sandbox`]: id };
      for (const container of await this.engine.listContainers(labels)) await this.engine.removeContainer(container.id);
      for (const network of await this.engine.listNetworks(labels)) await this.engine.removeNetwork(network.id);
      for (const volume of await this.engine.listVolumes(labels)) await this.engine.removeVolume(volume.name);
    }
    this.engine.close();
    // A runner that was starting when its client gave up may still write.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** kill -9, and waits until the process is no more. */
export async function kill(pid: number): Promise<void> {
  if (alive(pid)) process.kill(pid, 'SIGKILL');
  await eventually(() => !alive(pid), `process ${pid} survived kill -9`);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie that waits for its parent is dead enough.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
