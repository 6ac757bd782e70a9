import assert from 'node:assert/strict';
import { MarkedStream } from '../../../src/engine/container/markedStream';

const TAG = 'petri0123456789abcdef0123456789abcdef';

/** Feeds `bytes` cut at the given places and answers what the program is taken to have written, and the status. */
function feed(bytes: Buffer, cuts: number[]): { program: Buffer; status: string | undefined } {
  const stream = new MarkedStream(TAG);
  const program: Buffer[] = [];
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    const part = stream.push(bytes.subarray(from, to));
    if (part) program.push(part);
    from = to;
  }
  const rest = stream.flush();
  if (rest) program.push(rest);
  return { program: Buffer.concat(program), status: stream.end };
}

describe('the mark that ends a launcher\'s answer', () => {
  const mark = Buffer.from(`\0${TAG} 7 exited 0 \n`);
  const programs: Record<string, Buffer> = {
    'nothing': Buffer.alloc(0),
    'text without a newline': Buffer.from('hello'),
    'binary zeros': Buffer.alloc(70),
    'every byte value': Buffer.from(Array.from({ length: 256 }, (_, value) => value)),
    'beginnings of the mark': Buffer.from(`\0petri\0\0${TAG.slice(0, -1)}\0${TAG}\0`),
    'another call\'s mark': Buffer.from('\0petriffffffffffffffffffffffffffffffff 0\n'),
  };
  for (const [name, program] of Object.entries(programs)) {
    it(`is found behind ${name}, wherever the stream is cut`, () => {
      const bytes = Buffer.concat([program, mark]);
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        assert.deepEqual(feed(bytes, [cut]), { program, status: '7 exited 0 ' }, `cut at ${cut}`);
      }
      assert.deepEqual(feed(bytes, Array.from({ length: bytes.length }, (_, at) => at)), { program, status: '7 exited 0 ' }, 'byte by byte');
    });
    it(`is not invented after ${name}`, () => {
      assert.deepEqual(feed(program, [Math.floor(program.length / 2)]), { program, status: undefined });
    });
  }
});
