import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import CachePolicy from 'http-cache-semantics';

export interface Kept { status: number; headers: OutgoingHttpHeaders; sha256: string; bytes: number; body(): Readable }
interface Entry { url: string; policy: CachePolicy.CachePolicyObject; sha256: string; bytes: number }
interface Asked { url: string; headers: Record<string, string> }

/** What is good for less is asked for again: indexes change, artefacts do not. */
const LONG_MS = 3_600_000;

/**
 * Artefacts that any sandbox may have fetched, by the whole address they came from. Only gateways ever see this folder, and
 * what is in it came from the registry itself over TLS that was checked: an install can ask for an artefact, it cannot say what one is.
 * Kept is what HTTP's own rules let a shared cache keep for long; used is what still has the hash it came with.
 */
export class ArtefactCache {
  /** Of bodies on their way in: a hundred at once must not take more room than all that is kept. */
  private arriving = 0;

  private constructor(private readonly folder: string, private readonly mostBytes: number) {}

  static async open(folder: string, mostBytes: number): Promise<ArtefactCache> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const cache = new ArtefactCache(folder, mostBytes);
    await cache.shrink();
    return cache;
  }

  /** The artefact, whole and unchanged, or undefined. */
  async find(asked: Asked): Promise<Kept | undefined> {
    const path = this.pathOf(asked.url);
    const record = await readFile(`${path}.json`, 'utf8').then((text) => JSON.parse(text) as Entry, () => undefined);
    if (!record || record.url !== asked.url) return undefined;
    const policy = CachePolicy.fromObject(record.policy);
    if (!policy.satisfiesWithoutRevalidation(request(asked))) return undefined;
    if (await hashOf(path) !== record.sha256) {
      await this.forget(path);
      return undefined;
    }
    // Least recently used goes first.
    await utimes(path, new Date(), new Date()).catch(() => undefined);
    return { status: 200, headers: policy.responseHeaders(), sha256: record.sha256, bytes: record.bytes, body: () => createReadStream(path) };
  }

  /** A place for this answer's body, or undefined when it is none to keep. */
  keep(asked: Asked, response: IncomingMessage): Keeping | undefined {
    if (response.statusCode !== 200 || asked.headers['range'] !== undefined) return undefined;
    const length = Number(response.headers['content-length']);
    if (!(length <= this.mostBytes / 4 && this.arriving + length <= this.mostBytes / 2)) return undefined;
    const policy = new CachePolicy(request(asked), { status: 200, headers: response.headers as CachePolicy.Headers }, { shared: true });
    if (!policy.storable() || policy.timeToLive() < LONG_MS) return undefined;
    const path = this.pathOf(asked.url);
    this.arriving += length;
    const over = () => { this.arriving -= length; };
    return new Keeping(`${path}.${randomBytes(6).toString('hex')}.new`, length, over, async (file, sha256) => {
      const record: Entry = { url: asked.url, policy: policy.toObject(), sha256, bytes: length };
      // The body first: a record without its body is only a miss.
      await rename(file, path);
      await writeFile(`${file}.json`, JSON.stringify(record));
      await rename(`${file}.json`, `${path}.json`);
      await this.shrink();
    });
  }

  private pathOf(url: string): string {
    return join(this.folder, createHash('sha256').update(url).digest('hex'));
  }

  private async forget(path: string): Promise<void> {
    await rm(`${path}.json`, { force: true });
    await rm(path, { force: true });
  }

  /** Down to the limit; what an earlier gateway did not finish writing goes after an hour. */
  private async shrink(): Promise<void> {
    const files = await Promise.all((await readdir(this.folder)).filter((name) => !name.endsWith('.json')).map(async (name) => {
      const found = await stat(join(this.folder, name)).catch(() => undefined);
      return { path: join(this.folder, name), bytes: found?.size ?? 0, used: found?.mtimeMs ?? 0 };
    }));
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files.sort((a, b) => a.used - b.used)) {
      const stale = file.path.endsWith('.new') && file.used < Date.now() - LONG_MS;
      if (!stale && bytes <= this.mostBytes) continue;
      await this.forget(file.path);
      bytes -= file.bytes;
    }
  }
}

/** A body on its way into the cache. That it cannot be kept (a full disk) is no failure of the download. */
export class Keeping {
  private readonly stream: WriteStream;
  private bytes = 0;
  private failed = false;

  constructor(private readonly file: string, private readonly length: number, over: () => void, private readonly done: (file: string, sha256: string) => Promise<void>) {
    this.stream = createWriteStream(file, { mode: 0o600, flags: 'wx' });
    this.stream.on('error', () => { this.failed = true; }).once('close', over);
  }

  /** Resolves when it takes more. */
  async write(chunk: Buffer): Promise<void> {
    this.bytes += chunk.length;
    if (this.failed || this.stream.write(chunk)) return;
    const { stream } = this;
    await new Promise<void>((resolve) => {
      const go = () => {
        stream.off('drain', go).off('close', go);
        resolve();
      };
      stream.on('drain', go).on('close', go);
    });
  }

  async commit(sha256: string): Promise<void> {
    this.stream.end();
    await finished(this.stream).catch(() => undefined);
    if (this.failed || this.bytes !== this.length) return this.drop();
    await this.done(this.file, sha256).catch(() => this.drop());
  }

  async drop(): Promise<void> {
    this.failed = true;
    this.stream.destroy();
    await rm(this.file, { force: true }).catch(() => undefined);
  }
}

function request({ url, headers }: Asked): CachePolicy.Request {
  return { method: 'GET', url, headers: headers as IncomingHttpHeaders as CachePolicy.Headers };
}

async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  return pipeline(createReadStream(path), hash).then(() => hash.digest('hex'), () => undefined);
}
