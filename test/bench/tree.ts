import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES_A_FOLDER = 100;

/** A folder of equal files with content of their own, named so that the order of their making is the order of their names. */
export class Tree {
  readonly paths: string[] = [];
  /** sha256 of all content in the order of names, as it was made. */
  readonly digest: string;

  /** Makes it; `path` must not exist. */
  constructor(readonly path: string, count: number, readonly fileBytes: number) {
    const whole = createHash('sha256');
    for (let index = 0; index < count; index += 1) {
      const folder = `d${String(Math.floor(index / FILES_A_FOLDER)).padStart(4, '0')}`;
      if (index % FILES_A_FOLDER === 0) mkdirSync(join(path, folder), { recursive: true });
      const file = `${folder}/f${String(index % FILES_A_FOLDER).padStart(2, '0')}.txt`;
      const content = filler(`file ${index}`, fileBytes);
      writeFileSync(join(path, file), content);
      whole.update(content);
      this.paths.push(file);
    }
    this.digest = whole.digest('hex');
  }

  /** Gives one file other content of the same length, and answers both. */
  edit(index: number, token: string): { file: string; content: string } {
    const file = this.paths[index % this.paths.length]!;
    const content = filler(token, this.fileBytes);
    writeFileSync(join(this.path, file), content);
    return { file, content };
  }
}

/** Lines that no compression makes small and that a token decides. */
export function filler(token: string, bytes: number): string {
  let text = '';
  for (let part = 0; text.length < bytes; part += 1) text += `${createHash('sha512').update(`${token} ${part}`).digest('base64url').slice(0, 79)}\n`;
  return `${text.slice(0, bytes - 1)}\n`;
}

/** A command line that prints one file and then the digest of them all: what `Tree.digest` is. */
export function readerScript(firstFile: string): string {
  return `cat ${firstFile} && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 cat | sha256sum`;
}
