import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Folder { path: string; write(name: string, content: string | Buffer, mode?: number): void; remove(): void }

/** A real folder with these files, as a user would have it open. */
export function makeFolder(files: Record<string, string> = {}): Folder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'petri-folder-')));
  const folder: Folder = {
    path,
    write(name, content, mode) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), content, mode === undefined ? {} : { mode });
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
  for (const [name, content] of Object.entries(files)) folder.write(name, content);
  return folder;
}
