import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { buildSpec, type SpecInput } from '../../../src/engine/container/spec';
import type { ContainerEngine, ContainerSpec, EngineInfo } from '../../../src/engine/ports/containerEngine';
import { dockerEngine } from '../../../src/runner/docker/dockerEngine';
import { open, request } from '../../../src/runner/docker/call';
import { createClient, type Client } from '../../../src/runner/docker/client';
import { parseAddress } from '../../../src/runner/docker/endpoints/address';
import { statusOf } from '../../../src/runner/docker/errors';
import { ownSurroundings } from '../../../src/runner/docker/endpoints/surroundings';

/** Above the uids that sandboxes get, so that what a test exhausts for a uid is missed by nobody else. */
export const UID = 39_001;
const MIB = 2 ** 20;

export interface Options {
  /** What the table would be with one defence changed or taken out. */
  weaken?: (spec: ContainerSpec) => ContainerSpec;
  uid?: number;
  image?: string;
  limits?: Partial<SpecInput['limits']>;
  tty?: boolean;
}
export interface Ended { out: string; err: string; exitCode: number; oomKilled: boolean; name: string }
export interface Running { id: string; name: string; ended: Promise<Ended>; output(): string; stop(): Promise<void> }

/**
 * A real engine, from PETRI_TEST_ENGINE or found as Petri finds it, for containers as Petri makes them. Needs an image with
 * sh and perl (Debian's has both): PETRI_TEST_IMAGE, else the base of our own. PETRI_TEST_RUNTIME chooses a runtime, as runsc.
 * Mocha's hooks: what a file made is gone after it.
 */
export class Rig {
  readonly engine: ContainerEngine & { close(): void } = dockerEngine(ownSurroundings(), process.env['PETRI_TEST_ENGINE']);
  readonly installId = `petri-test-${randomBytes(6).toString('hex')}`;
  readonly volume = `${this.installId}-ws`;
  readonly runtime = process.env['PETRI_TEST_RUNTIME'];
  readonly baseImage = process.env['PETRI_TEST_IMAGE'] ?? process.env['PETRI_BASE_IMAGE'] ?? 'debian:trixie-slim';
  info!: EngineInfo;

  constructor(uid = UID) {
    before(async function (this: Mocha.Context) { this.timeout(120_000); });
    before(() => this.open(uid));
    after(() => this.close());
  }

  /** gVisor is a kernel of its own: what Linux' own files say of seccomp or cgroups does not hold there. */
  get ownKernel(): boolean {
    return (this.runtime ?? this.info.defaultRuntime).includes('runsc');
  }

  get labels() {
    return { 'dev.jhansi.petri.install': this.installId };
  }

  /** Runs a shell script to its end, in a container like any run's but for `weaken`. */
  async run(script: string, options: Options = {}): Promise<Ended> {
    const running = await this.start(script, options);
    return running.ended.finally(() => running.stop());
  }

  async start(script: string, options: Options = {}): Promise<Running> {
    const { id, name } = await this.create(script, options);
    const attachment = await this.engine.attach(id, options.tty);
    const got = { stdout: '', stderr: '' };
    attachment.onOutput((stream, chunk) => { got[stream] += chunk.toString('latin1'); });
    await this.engine.startContainer(id);
    attachment.endInput();
    const ended = (async () => {
      const { exitCode } = await this.engine.waitContainer(id);
      await attachment.closed;
      const { oomKilled } = (await this.engine.inspectContainer(id))!;
      return { out: got.stdout, err: got.stderr, exitCode, oomKilled, name };
    })();
    ended.catch(() => undefined);
    return { id, name, ended, output: () => got.stdout, stop: () => this.engine.removeContainer(id) };
  }

  async create(script: string, options: Options = {}): Promise<{ id: string; name: string }> {
    const name = `${this.installId}-${randomBytes(4).toString('hex')}`;
    const id = await this.engine.createContainer(name, await this.spec(script, options));
    return { id, name };
  }

  async spec(script: string, { weaken = (spec) => spec, uid = UID, image = this.baseImage, limits = {}, tty = false }: Options = {}): Promise<ContainerSpec> {
    const found = await this.engine.inspectImage(image);
    if (!found) throw new Error(`these tests need the image ${image} on the engine`);
    return weaken(buildSpec({
      installId: this.installId, sandboxId: 'sb_00000000000000000000000000000000', runId: '', role: 'run', imageId: found.id, uid,
      mounts: [{ volume: this.volume, target: '/sandbox' }], launcher: script, tty, runtime: this.runtime, engine: this.info,
      limits: { cpus: 1, memory_bytes: 256 * MIB, pids: 128, disk_bytes: 64 * MIB, disk_files: 10_000, seconds: 60, output_bytes: 100 * MIB, ...limits },
    }));
  }

  /** The engine's whole record of a container, as it is sent. */
  async inspectRaw(id: string): Promise<string> {
    return JSON.stringify(await this.raw<object>(`/containers/${id}/json`));
  }

  /** How much of a container's output the engine kept. An engine that keeps none refuses to show any. */
  async logBytes(id: string): Promise<number> {
    const client = this.rawClient();
    try {
      const response = await open(client, { method: 'GET', path: `/containers/${id}/logs`, query: { stdout: 'true', stderr: 'true' } });
      return (await buffer(response)).length;
    } catch (error) {
      if ([500, 501].includes(statusOf(error) ?? 0)) return 0;
      throw error;
    } finally {
      client.close();
    }
  }

  private async raw<T>(path: string): Promise<T> {
    const client = this.rawClient();
    return request<T>(client, { method: 'GET', path }).finally(() => client.close());
  }

  /** Calls that the port does not have: only tests read logs and whole records. */
  private rawClient(): Client {
    const address = this.info.endpoint.replace(/ \(.*\)$/, '');
    return createClient(parseAddress(address, 'the test'), address);
  }

  private async open(uid: number): Promise<void> {
    this.info = await this.engine.info();
    await this.engine.createVolume(this.volume, this.labels);
    const { id } = await this.create('true');
    await this.engine.seed(id, '/sandbox', await seedArchive(uid));
    await this.engine.removeContainer(id);
  }

  private async close(): Promise<void> {
    for (const { id } of await this.engine.listContainers(this.labels)) await this.engine.removeContainer(id);
    for (const { name } of await this.engine.listVolumes(this.labels)) await this.engine.removeVolume(name);
    this.engine.close();
  }
}

/** What a new workspace volume is filled with: a root of root's, and three folders of the sandbox's own. */
export async function seedArchive(uid: number, files: Record<string, string | Buffer> = {}): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: './', type: 'directory', mode: 0o755, uid: 0, gid: 0 });
  for (const folder of ['workspace', 'home', 'state']) tar.entry({ name: `${folder}/`, type: 'directory', mode: 0o755, uid, gid: uid });
  for (const [name, content] of Object.entries(files)) tar.entry({ name, mode: 0o755, uid, gid: uid }, content);
  tar.finalize();
  return buffer(tar as unknown as Readable);
}
