/**
 * A run's log is a row of frames: one byte for the stream, four for the length (little endian), the bytes. A frame that a
 * crash or a full disk cut short is the last one, and is left out when reading.
 */
export type Stream = 'stdout' | 'stderr';

export const HEADER_BYTES = 5;
/** A frame is never longer: a reader holds one in memory, and takes a longer one for damage. */
export const LONGEST_FRAME = 1024 * 1024;

const NUMBERS = { stdout: 1, stderr: 2 } as const;

export function frameHeader(stream: Stream, length: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt8(NUMBERS[stream], 0);
  header.writeUInt32LE(length, 1);
  return header;
}

/** undefined when the bytes at `offset` begin no frame. */
export function parseHeader(bytes: Buffer, offset: number): { stream: Stream; length: number } | undefined {
  const number = bytes[offset];
  const stream = number === NUMBERS.stdout ? 'stdout' : number === NUMBERS.stderr ? 'stderr' : undefined;
  const length = bytes.readUInt32LE(offset + 1);
  return stream && length <= LONGEST_FRAME ? { stream, length } : undefined;
}
