import { randomBytes } from 'node:crypto';
import type { Limits } from '../../protocol/sandbox';
import type { Clock } from '../ports/clock';
import type { Attachment, ContainerEngine, EngineInfo, ImageInfo } from '../ports/containerEngine';
import type { Store } from '../ports/store';
import { foldersArchive } from './foldersArchive';
import { Launcher } from './launcher';
import type { RunContainer } from './runContainer';
import { buildSpec, type Role } from './spec';
import { TerminalContainer } from './terminalContainer';

export interface WarmContainer extends RunContainer {
  launcher: Launcher;
  /** Monotonic ms at which it was ready. */
  startedAt: number;
}

export interface WarmWish {
  sandboxId: string; volume: string; uid: number; limits: Limits; image: ImageInfo; engineInfo: EngineInfo;
  runtime: string | undefined;
  /** The volume is new: give it its folders before anything runs. */
  seed: boolean;
  /** The sandbox's own container that this one is to stand in for, still there. */
  outgoing?: WarmContainer;
}

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
      const started = await this.startAt(wish, outgoing.id).catch(() => undefined);
      if (started) return started;
    }
    return this.startAt(alone);
  }

  private startAt(wish: WarmWish, successorOf?: string): Promise<WarmContainer> {
    return this.open(wish, { role: 'warm', runId: '', successorOf }, async (container, attachment) => (
      { ...container, launcher: new Launcher(container.id, attachment, this.clock), startedAt: this.clock.monotonic() }));
  }

  /** Not kept for later: a terminal is made for its run. */
  startTerminal(wish: WarmWish, runId: string): Promise<TerminalContainer> {
    return this.open(wish, { role: 'terminal', runId }, (container, attachment) => TerminalContainer.ready(container, attachment, this.engine, this.clock));
  }

  private async open<T>(wish: WarmWish, { role, runId, successorOf }: { role: Role; runId: string; successorOf?: string }, ready: (container: RunContainer, attachment: Attachment) => Promise<T>): Promise<T> {
    const name = `petri-${wish.sandboxId.slice(3, 15)}-${randomBytes(5).toString('hex')}`;
    const tty = role === 'terminal';
    const spec = buildSpec({
      installId: this.store.installId, sandboxId: wish.sandboxId, runId, role, imageId: wish.image.id, uid: wish.uid,
      mounts: [{ volume: wish.volume, target: '/sandbox' }], limits: wish.limits, launcher: tty ? this.scripts.terminal : this.scripts.launcher, tty,
      successorOf, runtime: wish.runtime, engine: wish.engineInfo,
    });
    this.store.insertIntent({ name, sandboxId: wish.sandboxId, createdAt: this.clock.now() });
    this.held.add(name);
    try {
      const id = await this.engine.createContainer(name, spec);
      if (wish.seed) await this.engine.seed(id, '/sandbox', await foldersArchive(FOLDERS, wish.uid));
      const attachment = await this.engine.attach(id, tty);
      try {
        await this.engine.startContainer(id);
        this.store.removeIntent(name);
        return await ready({ name, id, imageId: wish.image.id, runtime: wish.runtime ?? wish.engineInfo.defaultRuntime }, attachment);
      } catch (error) {
        attachment.destroy();
        throw error;
      }
    } catch (error) {
      await this.remove(name);
      throw error;
    }
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

/** The volume's root stays root's, so that user code can neither rename nor replace the three folders in it. */
const FOLDERS = [['workspace', 0o755], ['home', 0o700], ['state', 0o700]] as const;
