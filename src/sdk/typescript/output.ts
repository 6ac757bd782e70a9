import type { Output } from '../../protocol/run';
import { parseEvent } from './parseEvent';
import type { RawEvent } from './rawEvent';

/** Bytes of the program, and where it wrote them. */
export interface OutputChunk {
  stream: Output['stream'];
  chunk: Buffer;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BULKY = (['stdout', 'stderr'] as const).map((stream) => ({ stream, start: Buffer.from(`{"stream":"${stream}","base64":"`) }));

/** The bytes of an `output` event. Its bulky form is recognised by its first bytes and decoded without a detour through JSON. */
export function decodeOutput({ data, stream: raw }: RawEvent): OutputChunk {
  if (raw) return { stream: raw, chunk: data };
  for (const { stream, start } of BULKY) {
    if (data.compare(start, 0, start.length, 0, start.length) !== 0) continue;
    // The text ends with the closing quote and brace, and has no escapes.
    const end = data.length - 2;
    const plain = data.indexOf(QUOTE, start.length) === end && !data.includes(BACKSLASH, start.length);
    if (plain) return { stream, chunk: Buffer.from(data.toString('latin1', start.length, end), 'base64') };
  }
  const { stream, text, base64 } = parseEvent<Output>(data);
  return { stream, chunk: text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text, 'utf8') };
}
