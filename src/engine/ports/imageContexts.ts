import type { Readable } from 'node:stream';
import type { Language } from '../../protocol/sandbox';

/** The Dockerfiles of images/, as build contexts. */
export interface ImageContexts {
  /** Tag by content, `petri-python:<12 hex>`: a changed Dockerfile or base is another image. */
  tag(language: Language): string;
  context(language: Language): Readable;
  readonly baseImage: string;
}
