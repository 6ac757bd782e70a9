import { createHash } from 'node:crypto';
import type { Found, MetadataReader } from '../../../src/engine/sbom/metadataReader';

/** A set that exists in memory only: path → content, or where a link leads. What find's expression means is for the real engine's tests. */
export class MemoryReader implements MetadataReader {
  readonly leftOut: string[] = [];
  readonly asked: string[] = [];
  private readonly files: Map<string, { content: Buffer; target: string; size: number }>;

  constructor(files: Record<string, string | Buffer | { link: string } | { size: number }>) {
    this.files = new Map(Object.entries(files).map(([path, file]) => {
      if (typeof file === 'string' || Buffer.isBuffer(file)) return [path, { content: Buffer.from(file), target: '', size: Buffer.byteLength(file) }];
      if ('link' in file) return [path, { content: Buffer.alloc(0), target: file.link, size: 0 }];
      return [path, { content: Buffer.alloc(0), target: '', size: file.size }];
    }));
  }

  async list(roots: readonly string[]): Promise<Found[]> {
    return [...this.files].filter(([path]) => roots.some((root) => path === root || path.startsWith(`${root}/`)))
      .map(([path, { target, size }]): Found => ({ path, type: target === '' ? 'file' : 'link', size, target })).sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async read(files: readonly Found[], mostBytes: number): Promise<Map<string, Buffer>> {
    const readable = files.filter((file) => {
      if (file.type === 'file' && file.size > mostBytes) this.leftOut.push(`${file.path} has ${file.size} bytes and was not read.`);
      return file.type === 'file' && file.size <= mostBytes;
    });
    this.asked.push(...readable.map(({ path }) => path));
    return new Map(readable.map(({ path }) => [path, this.files.get(path)!.content]));
  }

  async digests(files: readonly Found[]): Promise<Map<string, string>> {
    return new Map(files.map(({ path }) => [path, createHash('sha256').update(this.files.get(path)!.content).digest('hex')]));
  }
}
