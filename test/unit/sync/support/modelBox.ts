import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import type { BoxSide, Entry, Index, IndexEntry } from '../../../../src/engine/sync/entry';
import { afterCutOff, entryOf, NOTHING_INTENDED, type Intended } from '../../../../src/engine/sync/halfDone';
import type { PackedDelta } from '../../../../src/engine/sync/packDelta';
import type { SyncPlan } from '../../../../src/engine/sync/plan';

export interface Held { type: 'file' | 'folder' | 'symlink'; mode: number; bytes: Buffer }

/** As a kill of the runner would do it. */
export class CutOff extends Error {}

/** A workspace in memory, as strict as a real one: renaming over a folder, a child without parent, rmdir of a full folder throw. */
export class ModelBox {
  readonly held = new Map<string, Held>();
  /** So many more steps until all stops; a file that is being written then is left half written. */
  stepsLeft = Infinity;

  write(path: string, bytes: string | Buffer, mode = 0o644): void {
    this.put(path, { type: 'file', mode, bytes: Buffer.from(bytes) });
  }

  folder(path: string, mode = 0o755): void {
    this.put(path, { type: 'folder', mode, bytes: Buffer.alloc(0) });
  }

  link(path: string, target: string): void {
    this.put(path, { type: 'symlink', mode: 0o777, bytes: Buffer.from(target) });
  }

  chmod(path: string, mode: number): void {
    this.step();
    this.held.get(path)!.mode = mode;
  }

  /** With everything below. */
  remove(path: string): void {
    for (const known of [...this.held.keys()]) if (known === path || known.startsWith(`${path}/`)) this.held.delete(known);
  }

  async apply(plan: SyncPlan, packed: PackedDelta): Promise<void> {
    for (const { from, to } of plan.keeps) this.rename(from, to);
    const staged = plan.moves.map(({ from }) => this.take(from));
    for (const path of plan.deletes) {
      if (this.held.get(path)?.type === 'folder') throw new Error(`rm of a folder: ${path}`);
      this.take(path);
    }
    for (const path of plan.deleteFolders) {
      if (this.below(path).length > 0) throw new Error(`rmdir of a full folder: ${path}`);
      this.take(path);
    }
    await this.unpack(packed);
    plan.moves.forEach(({ to, mode }, i) => this.put(to, { ...staged[i]!, mode }));
    for (const { path, mode } of plan.chmods) {
      if (!this.held.has(path)) throw new Error(`chmod of nothing: ${path}`);
      this.chmod(path, mode);
    }
  }

  entries(): Map<string, Entry> {
    return new Map([...this.held].map(([path, { type, mode, bytes }]) => [path, {
      type, mode, size: type === 'file' ? bytes.length : 0,
      content: type === 'file' ? createHash('sha256').update(bytes).digest('hex') : type === 'symlink' ? bytes.toString() : '',
    }]));
  }

  /** What a launcher's scan does to the index: after a run, or after a sync that was cut off. */
  lookedAt(index: Index, intended: Intended = NOTHING_INTENDED): void {
    const found = this.entries();
    for (const path of new Set([...index.keys(), ...found.keys()])) {
      const entry = found.get(path);
      const box: BoxSide | undefined = entry && { ...entry, stat: 'seen' };
      const known = index.get(path);
      record(index, [[path, intended.has(path) ? afterCutOff(known, intended.get(path), box) : entryOf(known?.host, box)]]);
    }
  }

  private async unpack({ content }: PackedDelta): Promise<void> {
    const reader = extract();
    Readable.from(Buffer.isBuffer(content) ? [content] : copies(content)).pipe(reader as unknown as NodeJS.WritableStream);
    for await (const entry of reader) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      const { name, type, mode, linkname } = entry.header;
      const path = name.replace(/\/$/, '');
      if (type === 'directory' && this.held.get(path)?.type === 'folder') this.chmod(path, mode!);
      else if (type === 'directory') this.folder(path, mode!);
      else if (type === 'symlink') this.link(path, linkname!);
      else this.write(path, Buffer.concat(chunks), mode!);
    }
  }

  private rename(from: string, to: string): void {
    if (this.held.has(to)) throw new Error(`kept over something: ${to}`);
    this.step();
    const moving = [from, ...this.below(from)].map((path): [string, Held] => [to + path.slice(from.length), this.held.get(path)!]);
    this.remove(from);
    for (const [path, held] of moving) this.held.set(path, held);
  }

  private step(): void {
    if (--this.stepsLeft < 0) throw new CutOff();
  }

  private put(path: string, held: Held): void {
    const slash = path.lastIndexOf('/');
    if (slash > 0 && this.held.get(path.slice(0, slash))?.type !== 'folder') throw new Error(`no folder for ${path}`);
    if (this.held.get(path)?.type === 'folder' && held.type !== 'folder') throw new Error(`over a folder: ${path}`);
    if (this.stepsLeft === 0 && held.type === 'file') this.held.set(path, { ...held, bytes: held.bytes.subarray(0, held.bytes.length / 2) });
    this.step();
    this.held.set(path, held);
  }

  private take(path: string): Held {
    const held = this.held.get(path);
    if (!held) throw new Error(`nothing at ${path}`);
    this.step();
    this.held.delete(path);
    return held;
  }

  private below(folder: string): string[] {
    return [...this.held.keys()].filter((path) => path.startsWith(`${folder}/`));
  }
}

export function record(index: Index, changes: Iterable<[string, IndexEntry | undefined]>): void {
  for (const [path, entry] of changes) {
    if (entry) index.set(path, entry);
    else index.delete(path);
  }
}

/** The pipe reads ahead of what it has passed on. */
async function* copies(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}
