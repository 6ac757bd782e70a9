import { randomBytes } from 'node:crypto';
import type { Limits } from '../../protocol/sandbox';
import type { Clock } from '../ports/clock';
import type { Attachment, ContainerEngine, EngineInfo, ImageInfo } from '../ports/containerEngine';
import type { Store } from '../ports/store';
import { foldersArchive } from './foldersArchive';
import { Launcher } from './launcher';
import type { RunContainer } from './runContainer';
import { buildSpec, type Mount, type SpecInput } from './spec';
import { TerminalContainer } from './terminalContainer';

export interface WarmContainer extends RunContainer {
  launcher: Launcher;
  /** Monotonic ms at which it was ready. */
  startedAt: number;
}

export interface WarmWish {
  sandboxId: string; uid: number; limits: Limits; image: ImageInfo; engineInfo: EngineInfo;
  runtime: string | undefined;
  /** The outer one first. */
  mounts: Mount[];
  /** The dependency set among them. */
  setId?: string | undefined;
  /** Volumes that are new get their folders before anything runs. */
  seeds: Seed[];
  /** The sandbox's own container that this one is to stand in for, still there. */
  outgoing?: WarmContainer;
}

/** Folders of a new volume. Its root stays root's, so that code inside can neither rename nor replace them. */
export interface Seed { target: string; folders: ReadonlyArray<readonly [name: string, mode: number]>; root?: readonly string[] }

export const WORKSPACE_SEED: Seed = {
  target: '/sandbox', folders: [['workspace', 0o755], ['home', 0o700], ['state', 0o700], ['deps', 0o755]], root: ['deps'],
};

type Purpose = Pick<SpecInput, 'role' | 'runId' | 'network' | 'successorOf'>;

/** What a container starts with, by what it is for. */
export interface Scripts { launcher: string; terminal: string }

/** Starts containers with nothing of the user's in them. An intent row stands before the engine is asked, so that a crash in between leaves nothing unknown. */
export class WarmContainers {
  /** Names of what this process started and has not removed: never a dead runner's. */
  readonly held = new Set<string>();

  /** `onLost`: the engine did not do as told; whoever keeps the gate has to look at it again. */
  constructor(private readonly engine: ContainerEngine, private readonly store: Store, private readonly clock: Clock, private readonly scripts: Scripts,
    private readonly onLost: () => void) {}

  /**
   * Where there is an outgoing container, in its network namespace, which is as empty as a new one: making one is more than half of a
   * start on engines before 28 (their hook runs the engine's own program once more).
   */
  async start(wish: WarmWish): Promise<WarmContainer> {
    const { outgoing, ...alone } = wish;
    if (outgoing && canSucceed(wish, outgoing)) {
      const started = await this.startLauncher(wish, { role: 'warm', runId: '', successorOf: outgoing.id }).catch(() => undefined);
      if (started) return started;
    }
    return this.startLauncher(alone, { role: 'warm', runId: '' });
  }

  /** One step of an install; `network` leads to its gateway. */
  startInstall(wish: WarmWish, network: SpecInput['network']): Promise<WarmContainer> {
    return this.startLauncher(wish, { role: 'install', runId: '', network });
  }

  private startLauncher(wish: WarmWish, purpose: Purpose): Promise<WarmContainer> {
    return this.open(wish, purpose, async (container, attachment) => (
      { ...container, launcher: new Launcher(container.id, attachment, this.clock), startedAt: this.clock.monotonic() }));
  }

  /** Not kept for later: a terminal is made for its run. */
  startTerminal(wish: WarmWish, runId: string): Promise<TerminalContainer> {
    return this.open(wish, { role: 'terminal', runId }, (container, attachment) => TerminalContainer.ready(container, attachment, this.engine, this.clock));
  }

  private async open<T>(wish: WarmWish, purpose: Purpose, ready: (container: RunContainer, attachment: Attachment) => Promise<T>): Promise<T> {
    if (wish.mounts.length > 1) for (const seed of wish.seeds) await this.seedApart(wish, seed);
    const seeds = wish.mounts.length > 1 ? [] : wish.seeds;
    const tty = purpose.role === 'terminal';
    const spec = this.spec(wish, purpose, wish.mounts);
    const name = this.intend(wish);
    try {
      const id = await this.engine.createContainer(name, spec);
      for (const seed of seeds) await this.engine.seed(id, seed.target, await foldersArchive(seed.folders, wish.uid, seed.root));
      const attachment = await this.engine.attach(id, tty);
      try {
        await this.engine.startContainer(id);
        this.store.removeIntent(name);
        return await ready({ name, id, imageId: wish.image.id, setId: wish.setId, runtime: wish.runtime ?? wish.engineInfo.defaultRuntime }, attachment);
      } catch (error) {
        attachment.destroy();
        throw error;
      }
    } catch (error) {
      await this.remove(name);
      throw error;
    }
  }

  /** In a container that has only this volume and is never started: an engine may take another mount, read-only, for the one that is meant. */
  private async seedApart(wish: WarmWish, seed: Seed): Promise<void> {
    const name = this.intend(wish);
    try {
      const id = await this.engine.createContainer(name, this.spec(wish, { role: 'warm', runId: '' }, wish.mounts.filter(({ target }) => target === seed.target)));
      await this.engine.seed(id, seed.target, await foldersArchive(seed.folders, wish.uid, seed.root));
    } finally {
      await this.remove(name);
    }
  }

  private intend({ sandboxId }: WarmWish): string {
    const name = `petri-${sandboxId.slice(3, 15)}-${randomBytes(5).toString('hex')}`;
    this.held.add(name);
    this.store.insertIntent({ name, sandboxId, createdAt: this.clock.now() });
    return name;
  }

  private spec(wish: WarmWish, { role, runId, network, successorOf }: Purpose, mounts: Mount[]) {
    const tty = role === 'terminal';
    return buildSpec({
      installId: this.store.installId, sandboxId: wish.sandboxId, runId, role, imageId: wish.image.id, uid: wish.uid,
      mounts, network, successorOf, limits: wish.limits, launcher: tty ? this.scripts.terminal : this.scripts.launcher, tty,
      runtime: wish.runtime, engine: wish.engineInfo,
    });
  }

  /** Absent is success. What cannot be removed now keeps its intent and goes at the next start of the runner. */
  async remove(name: string): Promise<void> {
    try {
      await this.engine.removeContainer(name);
      this.store.removeIntent(name);
    } catch {
      this.onLost(); // the next look at the engine finds it by its labels
    } finally {
      this.held.delete(name);
    }
  }
}

/** runc alone joins a namespace as it is. */
function canSucceed({ engineInfo, runtime }: WarmWish, outgoing: WarmContainer): boolean {
  return engineInfo.name === 'docker' && (runtime ?? engineInfo.defaultRuntime) === 'runc' && outgoing.runtime === 'runc' && outgoing.launcher.usable;
}
