import {
  chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, symlinkSync, utimesSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A real folder for one test. */
export class TempFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'petri-sync-'));

  at(path: string): string {
    return join(this.path, path);
  }

  write(path: string, content: string | Buffer, options: { mode?: number; mtime?: Date } = {}): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), content);
    if (options.mode !== undefined) chmodSync(this.at(path), options.mode);
    if (options.mtime) utimesSync(this.at(path), options.mtime, options.mtime);
  }

  folder(path: string): void {
    mkdirSync(this.at(path), { recursive: true });
  }

  link(path: string, target: string): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    symlinkSync(target, this.at(path));
  }

  remove(path: string): void {
    rmSync(this.at(path), { recursive: true, force: true });
  }

  read(path: string): string {
    return readFileSync(this.at(path), 'utf8');
  }

  /** Everything in it as `type mode content`, by path: what a reader would see. */
  snapshot(under = ''): Map<string, string> {
    const found = new Map<string, string>();
    for (const name of readdirSync(this.at(under))) {
      const path = under ? `${under}/${name}` : name;
      const stat = lstatSync(this.at(path));
      const mode = (stat.mode & 0o777).toString(8);
      if (stat.isSymbolicLink()) found.set(path, `l ${readlinkSync(this.at(path))}`);
      else if (stat.isDirectory()) {
        found.set(path, `d ${mode}`);
        for (const [child, text] of this.snapshot(path)) found.set(child, text);
      } else if (!stat.isFile()) found.set(path, 'other');
      else found.set(path, `f ${mode} ${readFileSync(this.at(path)).toString('base64')}`);
    }
    return found;
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
