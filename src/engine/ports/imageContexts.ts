import type { Readable } from 'node:stream';
import type { Language } from '../../protocol/sandbox';

export type BundledImage = Language | 'gateway';

/** The Dockerfiles of images/, as build contexts. */
export interface ImageContexts {
  /** Tag by content, `petri-python:<12 hex>`: a changed Dockerfile or base is another image. */
  tag(image: BundledImage): string;
  context(image: BundledImage): Readable;
  readonly baseImage: string;
  /** What a build is told: the base, and the machine's proxies. */
  readonly buildArgs: Record<string, string>;
}
