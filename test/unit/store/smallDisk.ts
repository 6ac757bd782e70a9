import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from './rows';

/** A small file system that can really be full. */
export class SmallDisk {
  readonly folder: string;
  readonly #filler: string;
  readonly #base = newFolder();

  private constructor(mib: number, files: number) {
    const image = join(this.#base, 'image');
    this.folder = join(this.#base, 'disk');
    this.#filler = join(this.folder, 'filler');
    mkdirSync(this.folder);
    closeSync(openSync(image, 'w'));
    truncateSync(image, mib * 1024 * 1024);
    execFileSync('mkfs.ext4', ['-q', '-m', '0', '-N', String(files), image]);
    execFileSync('mount', ['-o', 'loop', image, this.folder]);
  }

  /** Skips the test where nobody may mount. */
  static for(test: Mocha.Context, mib = 8, files = 2048): SmallDisk {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) test.skip();
    return new SmallDisk(mib, files);
  }

  /** Takes what is left, but for `spare` bytes. */
  fill(spare = 0): void {
    const file = openSync(this.#filler, 'w');
    let size = 0;
    try {
      for (const step of [65536, 1024]) {
        try {
          for (;;) size += writeSync(file, Buffer.alloc(step));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        }
      }
    } finally {
      closeSync(file);
    }
    if (spare > 0) truncateSync(this.#filler, Math.max(0, size - spare));
  }

  free(): void {
    rmSync(this.#filler, { force: true });
  }

  unmount(): void {
    execFileSync('umount', [this.folder]);
    rmSync(this.#base, { recursive: true });
  }
}
