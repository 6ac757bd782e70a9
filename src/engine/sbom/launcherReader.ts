import { extract } from 'tar-stream';
import { LauncherFailure, type Launcher } from '../container/launcher';
import type { Found, MetadataReader } from './metadataReader';
import { byText } from './text';

/** Bytes of one listing: some 400,000 paths. */
const LONGEST_LIST = 48 * 1024 * 1024;
/** Of all that is read for one set. */
const MOST_BYTES = 256 * 1024 * 1024;
/** One trip's share: what is held in memory twice. */
const BATCH_BYTES = 16 * 1024 * 1024;
const BATCH_FILES = 5000;
const ASK_MS = 20_000;
const TYPES: Record<string, Found['type']> = { f: 'file', d: 'folder', l: 'link' };

/** Through a launcher that no user code shared a container with; the set is mounted read-only and there is no network. */
export class LauncherReader implements MetadataReader {
  readonly leftOut: string[] = [];
  private room = MOST_BYTES;

  constructor(private readonly launcher: Launcher) {}

  async list(roots: readonly string[], expression: readonly string[]): Promise<Found[]> {
    const output = await this.launcher.call('listed', [String(LONGEST_LIST), ...roots, ...(expression.length > 0 ? ['(', ...expression, ')'] : [])]);
    const fields = output.toString('utf8').split('\0');
    if (output.length >= LONGEST_LIST) this.leftOut.push(`There are too many files below ${roots.join(', ')}: the list was cut.`);
    const found: Found[] = [];
    for (let at = 0; at + 3 < fields.length; at += 3) {
      const [type = '', size] = fields[at]!.split(' ');
      // Bytes that are no UTF-8 cannot be asked for by name.
      if (fields[at + 1]!.includes('\uFFFD')) this.leftOut.push(`A name that is no UTF-8 was left out below ${roots[0]}.`);
      else found.push({ path: fields[at + 1]!, type: TYPES[type] ?? 'other', size: Number(size), target: fields[at + 2]! });
    }
    return found.sort((a, b) => byText(a.path, b.path));
  }

  async read(files: readonly Found[], mostBytes: number): Promise<Map<string, Buffer>> {
    const contents = new Map<string, Buffer>();
    let batch: Found[] = [];
    let bytes = 0;
    for (const file of files) {
      if (file.type !== 'file') continue;
      if (file.size > mostBytes || file.size > this.room) {
        this.leftOut.push(`${file.path} has ${file.size} bytes and was not read.`);
        continue;
      }
      this.room -= file.size;
      if (batch.length > 0 && (bytes + file.size > BATCH_BYTES || batch.length >= BATCH_FILES)) {
        await this.readBatch(batch, contents);
        batch = [];
        bytes = 0;
      }
      batch.push(file);
      bytes += file.size;
    }
    if (batch.length > 0) await this.readBatch(batch, contents);
    return contents;
  }

  async digests(files: readonly Found[]): Promise<Map<string, string>> {
    const digests = new Map<string, string>();
    const payload = names(files.filter((file) => file.type === 'file'));
    if (payload.length === 0) return digests;
    const output = await this.launcher.call('digests', [String(payload.length)], payload);
    for (const line of output.toString('utf8').split('\0')) {
      const match = /^([0-9a-f]{64}) [ *](.*)$/s.exec(line);
      if (match) digests.set(`/${match[2]!}`, match[1]!);
    }
    return digests;
  }

  /** What a program of the image's says; '' when it has none, or it fails. */
  async ask(argv: readonly string[]): Promise<string> {
    const output = await this.launcher.call('ask', argv, undefined, { timeoutMs: ASK_MS }).catch((error: unknown) => {
      if (error instanceof LauncherFailure) return Buffer.alloc(0);
      throw error;
    });
    return output.toString('utf8');
  }

  private async readBatch(batch: readonly Found[], contents: Map<string, Buffer>): Promise<void> {
    const sizes = new Map(batch.map((file) => [file.path, file.size]));
    const payload = names(batch);
    const archive = await this.launcher.call('bundled', [String(payload.length)], payload);
    const entries = extract();
    entries.end(archive);
    for await (const entry of entries) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      const path = `/${entry.header.name}`;
      if (entry.header.type === 'file' && sizes.get(path) === entry.header.size) contents.set(path, Buffer.concat(chunks));
    }
  }
}

/** Relative to /, as tar and sha256sum get them, each ended by NUL. */
function names(files: readonly Found[]): Buffer {
  return Buffer.from(files.map((file) => `${file.path.slice(1)}\0`).join(''));
}
