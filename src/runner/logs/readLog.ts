import { open } from 'node:fs/promises';
import { HEADER_BYTES, LONGEST_FRAME, parseHeader } from './frame';
import type { Stream } from './frame';

/**
 * The whole frames of a log in the order of arrival, read as the consumer asks. At the end of the file `more` is asked, with what it
 * answered last, whether the file has grown since; undefined says that it will not grow again.
 */
export async function* readLog(path: string, more?: (seen: number) => Promise<number | undefined>): AsyncGenerator<{ stream: Stream; chunk: Buffer }, void, undefined> {
  const file = await open(path, 'r');
  try {
    let rest: Buffer = Buffer.alloc(0);
    let seen: number | undefined = more && 0;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(LONGEST_FRAME + HEADER_BYTES));
      if (bytesRead === 0) {
        // What was written between the last look and its end is read once more.
        if (seen === undefined) return;
        seen = await more?.(seen);
        continue;
      }
      const fresh = buffer.subarray(0, bytesRead);
      const bytes: Buffer = rest.length === 0 ? fresh : Buffer.concat([rest, fresh]);
      let at = 0;
      while (at + HEADER_BYTES <= bytes.length) {
        const header = parseHeader(bytes, at);
        // What follows damage has no frame to be found by.
        if (!header) return;
        const end = at + HEADER_BYTES + header.length;
        if (end > bytes.length) break;
        yield { stream: header.stream, chunk: bytes.subarray(at + HEADER_BYTES, end) };
        at = end;
      }
      rest = bytes.subarray(at);
    }
  } finally {
    await file.close();
  }
}
