import { FRAME_HEADER_BYTES, FRAME_KINDS, FRAMES_TYPE } from '../../protocol/frames';
import { jsonEvent, outputEvent } from './outputEvent';

/** Bytes on their way to a client, and how a text among them is encoded. */
export interface Piece { content: string | Buffer; encoding?: 'latin1' | 'utf8' }

/** How a stream of events looks on the wire. */
export interface Representation {
  contentType: string;
  event(name: string, data: unknown): Piece[];
  /** What a program wrote to one stream, in one or more chunks. */
  output(stream: 'stdout' | 'stderr', chunks: Buffer[], bytes: number): Piece[];
  ping: Piece[];
}

export const SERVER_SENT_EVENTS: Representation = {
  contentType: 'text/event-stream',
  event: (name, data) => [jsonEvent(name, data)],
  output: (stream, chunks, bytes) => [outputEvent(stream, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes))],
  ping: [{ content: ': ping\n\n', encoding: 'utf8' }],
};

/** See protocol/frames. */
export const FRAMES: Representation = {
  contentType: FRAMES_TYPE,
  event(name, data) {
    const content = Buffer.from(`${name}\n${JSON.stringify(data)}`);
    return [header('event', content.length), { content }];
  },
  output: (stream, chunks, bytes) => [header(stream, bytes), ...chunks.map((content) => ({ content }))],
  ping: [header('event', 0)],
};

/** What the client asked for; server-sent events where it did not say. */
export function representationFor(accept: string | undefined): Representation {
  return accept?.includes(FRAMES_TYPE) ? FRAMES : SERVER_SENT_EVENTS;
}

function header(kind: keyof typeof FRAME_KINDS, bytes: number): Piece {
  const content = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
  content.writeUInt8(FRAME_KINDS[kind], 0);
  content.writeUInt32BE(bytes, 1);
  return { content };
}
