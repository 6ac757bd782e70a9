import { randomBytes } from 'node:crypto';
import { pack } from 'tar-stream';
import type { Limits } from '../../protocol/sandbox';
import type { Clock } from '../ports/clock';
import type { ContainerEngine, EngineInfo, ImageInfo } from '../ports/containerEngine';
import type { Store } from '../ports/store';
import { Launcher } from './launcher';
import { buildSpec } from './spec';

export interface WarmContainer {
  name: string; id: string; imageId: string; runtime: string; launcher: Launcher;
  /** Monotonic ms at which it was ready. */
  startedAt: number;
}

export interface WarmWish {
  sandboxId: string; volume: string; uid: number; limits: Limits; image: ImageInfo; engineInfo: EngineInfo;
  runtime: string | undefined;
  /** The volume is new: give it its folders before anything runs. */
  seed: boolean;
}

/** Starts launchers. An intent row stands before the engine is asked, so that a crash in between leaves nothing unknown. */
export class WarmContainers {
  /** Names of what this process started and has not removed: never a dead runner's. */
  readonly held = new Set<string>();

  /** `onLost`: the engine did not do as told; whoever keeps the gate has to look at it again. */
  constructor(private readonly engine: ContainerEngine, private readonly store: Store, private readonly clock: Clock, private readonly launcherText: string,
    private readonly onLost: () => void) {}

  async start(wish: WarmWish): Promise<WarmContainer> {
    const name = `petri-${wish.sandboxId.slice(3, 15)}-${randomBytes(5).toString('hex')}`;
    const spec = buildSpec({
      installId: this.store.installId, sandboxId: wish.sandboxId, runId: '', role: 'warm', imageId: wish.image.id, uid: wish.uid,
      mounts: [{ volume: wish.volume, target: '/sandbox' }], limits: wish.limits, launcher: this.launcherText, tty: false,
      runtime: wish.runtime, engine: wish.engineInfo,
    });
    this.held.add(name);
    this.store.insertIntent({ name, sandboxId: wish.sandboxId, createdAt: this.clock.now() });
    try {
      const id = await this.engine.createContainer(name, spec);
      if (wish.seed) await this.engine.seed(id, '/sandbox', await seedArchive(wish.uid));
      const attachment = await this.engine.attach(id);
      const launcher = new Launcher(id, attachment, this.clock);
      await this.engine.startContainer(id).catch((error: unknown) => {
        attachment.destroy();
        throw error;
      });
      this.store.removeIntent(name);
      return { name, id, imageId: wish.image.id, runtime: wish.runtime ?? wish.engineInfo.defaultRuntime, launcher, startedAt: this.clock.monotonic() };
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

/** The volume's root stays root's, so that user code can neither rename nor replace the three folders in it. */
async function seedArchive(uid: number): Promise<Buffer> {
  const archive = pack();
  for (const [name, mode] of [['workspace', 0o755], ['home', 0o700], ['state', 0o700]] as const) {
    archive.entry({ name, type: 'directory', mode, uid, gid: uid });
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
