import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import ipaddr from 'ipaddr.js';
import { pack } from 'tar-stream';
import { PetriError } from '../../engine/errors';
import type { BundledImage, ImageContexts } from '../../engine/ports/imageContexts';

const DEFAULT_BASE_IMAGE = 'debian:trixie-slim';

/** Every builder takes these without a word in the Dockerfile, and keeps them out of the image. */
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy'];

interface ContextFile { name: string; content: Buffer }

/**
 * The Dockerfiles that lie beside the bundle, `<folder>/<image>/…`. Each is read once: a tag and the context built
 * under it are always of the same bytes. PETRI_BASE_IMAGE names another base than Debian's (a mirror's, a company's own).
 */
export class BundledImages implements ImageContexts {
  readonly baseImage: string;
  readonly buildArgs: Record<string, string>;
  readonly #folder: string;
  readonly #files = new Map<BundledImage, ContextFile[]>();

  constructor(folder: string, environment: Record<string, string | undefined>) {
    this.#folder = folder;
    this.baseImage = environment.PETRI_BASE_IMAGE?.trim() || DEFAULT_BASE_IMAGE;
    this.buildArgs = { BASE_IMAGE: this.baseImage, ...proxies(environment) };
  }

  /** Throws internal when the installation lacks that Dockerfile. */
  tag(image: BundledImage): string {
    const hash = createHash('sha256').update(`${this.baseImage}\0`);
    for (const { name, content } of this.#read(image)) hash.update(`${name}\0${content.length}\0`).update(content);
    return `petri-${image}:${hash.digest('hex').slice(0, 12)}`;
  }

  /** A tar stream with the Dockerfile at its top; the same bytes for the same files. Throws as `tag` does. */
  context(image: BundledImage): Readable {
    const tar = pack();
    for (const { name, content } of this.#read(image)) tar.entry({ name, mode: 0o644, mtime: new Date(0) }, content);
    tar.finalize();
    return tar as unknown as Readable;
  }

  #read(image: BundledImage): ContextFile[] {
    const known = this.#files.get(image);
    if (known) return known;
    const folder = join(this.#folder, image);
    try {
      const files = readdirSync(folder).sort().map((name) => ({ name, content: readFileSync(join(folder, name)) }));
      this.#files.set(image, files);
      return files;
    } catch (cause) {
      throw new PetriError('internal', `The Dockerfile of the ${image} image cannot be read: ${(cause as Error).message}`, {
        action: 'Install the extension again, or name an image of your own in the sandbox\'s settings.', cause,
      });
    }
  }
}

/** This machine's way out, for the package manager of a build. What listens on its loopback address only, no build can reach. */
function proxies(environment: Record<string, string | undefined>): Record<string, string> {
  const found = PROXIES.map((name) => [name, (environment[name] ?? environment[name.toUpperCase()])?.trim() ?? ''] as const);
  return Object.fromEntries(found.filter(([name, value]) => value !== '' && (name === 'no_proxy' || !isOnLoopback(value))));
}

function isOnLoopback(proxy: string): boolean {
  const host = URL.parse(proxy.includes('://') ? proxy : `http://${proxy}`)?.hostname.replace(/^\[|\]$/g, '') ?? '';
  return host === 'localhost' || (ipaddr.isValid(host) && ipaddr.parse(host).range() === 'loopback');
}
