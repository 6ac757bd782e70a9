import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PetriError } from '../../engine/errors';
import type { Inventories } from '../../engine/ports/inventories';
import type { Contents } from '../../engine/sbom/package';

const ID = /^(?:dep_[0-9a-f]{32}|image_[0-9a-f]{64})$/;
/** Part of the name: what an older Petri found out in another way is found out again. */
const FORMAT = 1;

/** One compressed file each, in the folder of the run logs. */
export class FileInventories implements Inventories {
  constructor(private readonly folder: string) {}

  read(id: string): Contents | undefined {
    const path = this.#path(id);
    try {
      return JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as Contents;
    } catch {
      return undefined; // absent, or cut by a crash: it is made again where that is possible
    }
  }

  async write(id: string, contents: Contents): Promise<void> {
    const path = this.#path(id);
    const temporary = `${path}.${randomBytes(6).toString('hex')}`;
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      await writeFile(temporary, gzipSync(JSON.stringify(contents)), { mode: 0o600, flag: 'wx' });
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true });
      const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
      throw new PetriError(full ? 'disk-full' : 'internal', `The list of what is installed cannot be written: ${(cause as Error).message}.`, { action: 'Free some space and run again.', cause });
    }
  }

  async remove(id: string): Promise<void> {
    await rm(this.#path(id), { force: true });
  }

  #path(id: string): string {
    if (!ID.test(id)) throw new PetriError('bad-request', `${JSON.stringify(id)} is no inventory’s id.`);
    return join(this.folder, `${id}.packages-${FORMAT}.json.gz`);
  }
}
