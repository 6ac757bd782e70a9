import type { Limits } from '../../protocol/sandbox';
import type { Deps } from '../deps';
import { PetriError } from '../errors';
import type { DependencySetRow } from '../ports/store';
import { setContents } from './contents';
import { imageContents } from './image';
import { LauncherReader } from './launcherReader';
import type { Contents } from './package';
import { compareWithGateway } from './sighting';

const MIB = 1024 * 1024;
/** Of the container that reads: it only walks folders and sends files. */
const LIMITS: Limits = { cpus: 2, memory_bytes: 512 * MIB, pids: 64, disk_bytes: 64 * MIB, disk_files: 1000, seconds: 0, output_bytes: 1024 };
/** No sandbox's user. */
const UID = 29_997;

/**
 * Lists what is installed: by a container that has run no user code, has no network and sees the set read-only and nothing else of
 * the sandbox. Kept beside the logs; what is listed already is not listed again. One at a time for each set and image.
 */
export class InventoryTaker {
  private readonly taking = new Map<string, Promise<Contents>>();

  constructor(private readonly deps: Pick<Deps, 'engine' | 'gate' | 'inventories' | 'options' | 'warm'>) {}

  /** What is known, without looking. */
  known(set: DependencySetRow | undefined, imageId: string): { set: Contents | undefined; image: Contents | undefined } {
    const { inventories } = this.deps;
    return { set: set && inventories.read(set.id), image: inventories.read(imageKey(imageId)) };
  }

  /** `set` has to be there, with its decisions. `goMods`: see setContents. Rejects with the engine's reason. */
  ofSet(set: DependencySetRow, imageId: string, goMods: readonly string[] = []): Promise<Contents> {
    return this.once(set.id, () => this.look(imageId, set, async (reader) => {
      const contents = await setContents(reader, set.language, goMods);
      // A set that was not fetched through the gateway was built from the project alone; there is nothing to compare.
      if (set.decisions.length > 0) compareWithGateway(contents.packages, set.decisions);
      return contents;
    }));
  }

  ofImage(imageId: string): Promise<Contents> {
    return this.once(imageKey(imageId), () => this.look(imageId, undefined, imageContents));
  }

  private async once(id: string, look: () => Promise<Contents>): Promise<Contents> {
    const kept = this.deps.inventories.read(id);
    if (kept) return kept;
    let work = this.taking.get(id);
    if (!work) {
      work = look().then(async (contents) => {
        await this.deps.inventories.write(id, contents);
        return contents;
      }).finally(() => this.taking.delete(id));
      this.taking.set(id, work);
    }
    return work;
  }

  private async look(imageId: string, set: DependencySetRow | undefined, read: (reader: LauncherReader) => Promise<Contents>): Promise<Contents> {
    const { engine, gate, options, warm } = this.deps;
    const engineInfo = await gate.open();
    const image = await engine.inspectImage(imageId);
    if (!image) throw new PetriError('image-missing', `The image ${imageId} is gone: what it holds cannot be listed any more.`);
    const container = await warm.start({
      sandboxId: set?.sandboxId ?? '', uid: UID, limits: LIMITS, image, engineInfo, runtime: options.runtime, seeds: [],
      mounts: set && set.volume !== '' ? [{ volume: set.volume, target: '/sandbox/deps', readOnly: true }] : [],
    });
    try {
      return await read(new LauncherReader(container.launcher));
    } finally {
      container.launcher.destroy();
      await warm.remove(container.name);
    }
  }
}

function imageKey(imageId: string): string {
  return `image_${imageId.replace(/^sha256:/, '')}`;
}
