import {
  chmodSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync,
} from 'node:fs';

/** mulberry32: the same rounds every time, for a failure to be looked into. */
export function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const NAMES = [
  'a', 'b.txt', 'with space', 'new\nline', '-rf', '--help', 'ünïcode', '日本語', '𝒳', '\ue000', "quote'\"", '$(id)',
  'back\\slash', '*', 'x'.repeat(200), `${'ä'.repeat(100)}.txt`, ' lead', 'trail ', 'tab\t', '.dot', '..twodots',
];

/** Somebody who edits a folder at random: every kind of edit a sync must know. */
export class Editor {
  constructor(private readonly root: string, private readonly next: () => number) {}

  /** One random edit. Failures (a path that is taken, a folder into itself) are no edits. */
  edit(): void {
    const { folders, others } = this.list();
    const folder = this.pick(['', ...folders])!;
    const fresh = `${this.root}/${folder ? `${folder}/` : ''}${this.pick(NAMES)}${this.next() < 0.5 ? Math.floor(this.next() * 20) : ''}`;
    const other = others.length ? `${this.root}/${this.pick(others)}` : undefined;
    const actions: Array<() => void> = [
      () => this.write(fresh),
      () => this.write(fresh),
      () => mkdirSync(fresh),
      () => symlinkSync(this.pick(['a', '../b.txt', '/etc/passwd', 'nowhere', '.', 'ünïcode', 'x'.repeat(150)])!, fresh),
      () => other && !lstatSync(other).isSymbolicLink() && this.write(other),
      () => other && this.sameSizeSameTime(other),
      () => other && rmSync(other),
      () => other && renameSync(other, fresh),
      () => other && !lstatSync(other).isSymbolicLink() && chmodSync(other, this.pick([0o644, 0o755, 0o600, 0o444, 0o400])!),
      () => folder && chmodSync(`${this.root}/${folder}`, [0o755, 0o700, 0o775][Math.floor(this.next() * 3)]!),
      () => folder && this.next() < 0.3 && rmSync(`${this.root}/${folder}`, { recursive: true }),
      () => folder && renameSync(`${this.root}/${folder}`, fresh),
      () => { if (other) { rmSync(other); mkdirSync(other); writeFileSync(`${other}/inner`, this.bytes()); } },
      () => folder && this.next() < 0.3 && this.folderToFile(`${this.root}/${folder}`),
      () => { if (other) { rmSync(other); symlinkSync('a', other); } },
    ];
    try {
      actions[Math.floor(this.next() * actions.length)]!();
    } catch (error) {
      if (!/^(EEXIST|ENOTEMPTY|EINVAL|EISDIR|ENOTDIR|ENOENT|ENAMETOOLONG)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }

  private folderToFile(folder: string): void {
    rmSync(folder, { recursive: true });
    this.write(folder);
  }

  private write(file: string): void {
    writeFileSync(file, this.bytes());
    const now = new Date();
    utimesSync(file, now, now);
  }

  /** The edit that only the change time gives away. */
  private sameSizeSameTime(file: string): void {
    const stat = lstatSync(file);
    if (!stat.isFile() || stat.size === 0) return;
    const bytes = readFileSync(file);
    bytes[0]! ^= 1;
    writeFileSync(file, bytes);
    // Only whole milliseconds can be put back exactly; write() gives every file such a time.
    utimesSync(file, stat.atime, stat.mtime);
  }

  private bytes(): Buffer {
    const kind = this.next();
    const small = Math.floor(this.next() * 3000);
    const big = 300_000 + Math.floor(this.next() * 1_000_000);
    return Buffer.alloc(kind < 0.1 ? 0 : kind < 0.9 ? small : big, Math.floor(this.next() * 256));
  }

  private list(under = ''): { folders: string[]; others: string[] } {
    const found = { folders: [] as string[], others: [] as string[] };
    for (const entry of readdirSync(`${this.root}/${under}`, { withFileTypes: true })) {
      const path = under ? `${under}/${entry.name}` : entry.name;
      if (!entry.isDirectory()) { found.others.push(path); continue; }
      const below = this.list(path);
      found.folders.push(path, ...below.folders);
      found.others.push(...below.others);
    }
    return found;
  }

  private pick<T>(items: T[]): T | undefined {
    return items[Math.floor(this.next() * items.length)];
  }
}

/** What the workspace must hold, read from the disk without any of the code under test. */
export function expected(root: string, under = '', found = new Map<string, string>()): Map<string, string> {
  for (const entry of readdirSync(`${root}/${under}`, { withFileTypes: true })) {
    const path = under ? `${under}/${entry.name}` : entry.name;
    const mode = lstatSync(`${root}/${path}`).mode & 0o777;
    if (entry.isSymbolicLink()) found.set(path, `symlink 777 ${Buffer.from(readlinkSync(`${root}/${path}`)).toString('hex')}`);
    else if (entry.isDirectory()) {
      found.set(path, `folder ${(mode | 0o700).toString(8)} `);
      expected(root, path, found);
    } else found.set(path, `file ${(mode | 0o600).toString(8)} ${readFileSync(`${root}/${path}`).toString('hex')}`);
  }
  return found;
}
