import { isUtf8 } from 'node:buffer';
import type { Piece } from './representation';

/** Shorter chunks go as text, which people and curl can read. */
const SHORT = 4096;

/**
 * The `output` event. Made by hand: base64 is ASCII, so the string stays one byte a character and is copied to the socket
 * as it is; JSON.stringify and UTF-8 encoding of a megabyte cost more than all the rest of the way.
 */
export function outputEvent(stream: 'stdout' | 'stderr', chunk: Buffer): Piece {
  const start = `event: output\ndata: {"stream":"${stream}",`;
  if (chunk.length < SHORT && isUtf8(chunk)) {
    return { content: `${start}"text":${JSON.stringify(chunk.toString('utf8'))}}\n\n`, encoding: 'utf8' };
  }
  return { content: `${start}"base64":"${chunk.toString('base64')}"}\n\n`, encoding: 'latin1' };
}

export function jsonEvent(name: string, data: unknown): Piece {
  return { content: `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`, encoding: 'utf8' };
}
