import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineStatus } from '../../src/protocol/runner';
import type { CreateSandbox } from '../../src/protocol/sandbox';
import { Petri } from '../../src/sdk/typescript/petri';
import { EngineApi } from './engineApi';
import { OurSandbox } from './ours';
import type { Outcome } from './outcome';
import { program } from './program';
import { createContainer } from './rivals/api';
import { buildRivalImage } from './rivals/image';

export interface StageOptions {
  /** dist/runner/petri.cjs. */
  entry: string;
  version: string;
  signal: AbortSignal;
  progress: (line: string) => void;
}

const RUNNER_END_SECONDS = 30;

/** Everything the rows work on: a Petri with a home of its own, the engine it found, and what was made on both. */
export class Stage {
  /** What every name on the engine begins with; two benches at a time do not meet. */
  readonly prefix = `petri-bench-${process.pid}-`;
  readonly signal: AbortSignal;
  private readonly sandboxes = new Set<OurSandbox>();
  private counter = 0;
  private rivalImage: Promise<string> | undefined;

  private constructor(
    private readonly options: StageOptions, readonly folder: string, readonly env: NodeJS.ProcessEnv, readonly petri: Petri,
    readonly engine: EngineStatus, readonly api: EngineApi,
    /** The product's own Python image: rivals run in the same one. */
    readonly image: string,
  ) {
    this.signal = options.signal;
  }

  /** Starts a runner and lets it run a command, so that its image is there. */
  static async open(options: StageOptions): Promise<Stage> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'petri-bench-')));
    const env = { ...process.env, PETRI_HOME: join(folder, 'home'), DOCKER_CLI_HINTS: 'false' };
    try {
      options.progress('Starting Petri');
      const petri = await Petri.connect({ entry: options.entry, execPath: process.execPath, env, version: options.version, client: 'bench' });
      try {
        return await Stage.around(options, folder, env, petri);
      } catch (error) {
        await endRunner(petri, env);
        throw error;
      }
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  private static async around(options: StageOptions, folder: string, env: NodeJS.ProcessEnv, petri: Petri): Promise<Stage> {
    const workspace = join(folder, 'first');
    mkdirSync(workspace);
    const sandbox = await petri.create({ folder: workspace, language: 'python' });
    try {
      await sandbox.exec('true', { signal: options.signal, onProgress: ({ message }) => options.progress(message) }).result();
    } finally {
      await sandbox.delete();
    }
    const { engine } = await petri.status();
    if (!engine) throw new Error('Petri found no engine.');
    const address = engine.endpoint.split(' ')[0]!;
    if (!address.startsWith('unix://')) throw new Error(`The bench asks the engine over a unix socket, and ${address} is none.`);
    const api = new EngineApi(address.slice('unix://'.length), options.signal);
    return new Stage(options, folder, { ...env, DOCKER_HOST: address }, petri, engine, api, sandbox.info.image);
  }

  get cores(): number {
    return cpus().length;
  }

  progress(line: string): void {
    this.options.progress(line);
  }

  /** A name that nothing has yet, for the engine or the stage's folder. */
  name(of: string): string {
    this.counter += 1;
    return `${this.prefix}${of}-${this.counter}`;
  }

  /** An absent path in the stage's own folder. */
  path(of: string): string {
    return join(this.folder, this.name(of));
  }

  /** Our sandbox for a folder; deleted with the stage at the latest. */
  async sandbox(folder: string, settings: Partial<CreateSandbox> = {}): Promise<OurSandbox> {
    const ours = new OurSandbox(this.petri, await this.petri.create({ folder, language: 'python', ...settings }), this.signal);
    this.sandboxes.add(ours);
    return ours;
  }

  async remove(ours: OurSandbox): Promise<void> {
    this.sandboxes.delete(ours);
    await ours.sandbox.delete();
  }

  /** A rival's container that stays, with a volume of its own at /work. It has rsync where `rsync` is set. */
  async rivalContainer({ rsync = false } = {}): Promise<string> {
    const name = this.name('box');
    const image = rsync ? await this.imageWithRsync() : this.image;
    await createContainer(this.api, { name, image, command: ['sleep', 'infinity'], binds: [`${this.name('volume')}:/work`] });
    await this.api.json('POST', `/containers/${name}/start`);
    return name;
  }

  /** Its volume stays until the end. */
  async removeContainer(name: string): Promise<void> {
    await this.api.json('DELETE', `/containers/${name}?force=1&v=1`);
  }

  /** The docker command line, talking to the same engine. */
  docker(...args: string[]): Promise<Outcome> {
    return this.run(['docker', ...args]);
  }

  run(argv: readonly string[], onOutput?: (chunk: Buffer) => void): Promise<Outcome> {
    return program(argv, { env: this.env, signal: this.signal, onOutput });
  }

  private imageWithRsync(): Promise<string> {
    this.progress('Building the image with rsync');
    return this.rivalImage ??= buildRivalImage(this.api, this.image, `${this.prefix}rsync`);
  }

  /** Takes away everything that was made. Never rejects; answers what could not be taken away. */
  async close(): Promise<string[]> {
    const left: string[] = [];
    const attempt = (what: string, work: Promise<unknown>) => work.catch((error: Error) => void left.push(`${what}: ${error.message}`));
    for (const ours of this.sandboxes) await attempt(`sandbox ${ours.sandbox.id}`, ours.sandbox.delete());
    await attempt('the runner', endRunner(this.petri, this.env));
    const api = this.api.withoutSignal();
    const filters = encodeURIComponent(JSON.stringify({ name: [this.prefix] }));
    await attempt('containers', api.json<Array<{ Id: string }>>('GET', `/containers/json?all=1&filters=${filters}`)
      .then((found) => Promise.all(found.map(({ Id }) => api.json('DELETE', `/containers/${Id}?force=1&v=1`)))));
    await attempt('volumes', api.json<{ Volumes: Array<{ Name: string }> | null }>('GET', `/volumes?filters=${filters}`)
      .then(({ Volumes }) => Promise.all((Volumes ?? []).map(({ Name }) => api.json('DELETE', `/volumes/${Name}`)))));
    await attempt('image', api.json<Array<{ Id: string }>>('GET', `/images/json?filters=${encodeURIComponent(JSON.stringify({ reference: [`${this.prefix}*`] }))}`)
      .then((found) => Promise.all(found.map(({ Id }) => api.json('DELETE', `/images/${Id}?force=1`)))));
    api.close();
    this.api.close();
    rmSync(this.folder, { recursive: true, force: true });
    return left;
  }
}

/** Rejects when it is still there after half a minute. */
async function endRunner(petri: Petri, env: NodeJS.ProcessEnv): Promise<void> {
  await petri.stop('now');
  petri.close();
  for (const until = performance.now() + RUNNER_END_SECONDS * 1000; performance.now() < until; await sleep(50)) {
    const there = await Petri.find({ env });
    if (!there) return;
    there.close();
  }
  throw new Error(`The runner is still there ${RUNNER_END_SECONDS} s after it was told to stop.`);
}
