import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { Demultiplexer, type Stream } from '../../../src/runner/docker/demultiplexer';

function frame(stream: Stream, content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream === 'stdout' ? 1 : 2;
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
}

function splitAtRandom(bytes: Buffer, longest: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = randomInt(1, longest + 1);
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  return parts;
}

describe('the demultiplexer', () => {
  it('gives back both streams byte for byte, wherever the chunks are cut', async () => {
    for (let round = 0; round < 200; round++) {
      const sent: Record<Stream, Buffer[]> = { stdout: [], stderr: [] };
      const got: Record<Stream, Buffer[]> = { stdout: [], stderr: [] };
      const wire: Buffer[] = [];
      for (let index = 0; index < 20; index++) {
        const stream = randomInt(2) ? 'stdout' : 'stderr';
        const content = randomBytes(randomInt(0, 300));
        sent[stream].push(content);
        wire.push(frame(stream, content));
      }
      const slow = round % 3 === 0;
      const demultiplexer = new Demultiplexer((stream, chunk) => {
        got[stream].push(Buffer.from(chunk));
        if (slow && randomInt(3) === 0) return new Promise((resolve) => { setImmediate(resolve); });
      });
      for (const part of splitAtRandom(Buffer.concat(wire), [1, 7, 9, 64, 5000][round % 5]!)) await demultiplexer.push(part);
      for (const stream of ['stdout', 'stderr'] as const) assert.deepEqual(Buffer.concat(got[stream]), Buffer.concat(sent[stream]));
    }
  });

  it('keeps the order of the two streams', () => {
    const order: string[] = [];
    const demultiplexer = new Demultiplexer((stream, chunk) => { order.push(`${stream} ${chunk.toString()}`); });
    void demultiplexer.push(Buffer.concat([frame('stdout', Buffer.from('a')), frame('stderr', Buffer.from('b')), frame('stdout', Buffer.from('c'))]));
    assert.deepEqual(order, ['stdout a', 'stderr b', 'stdout c']);
  });

  it('hands on the beginning of a frame before its end has come', () => {
    const got: string[] = [];
    const demultiplexer = new Demultiplexer((_stream, chunk) => { got.push(chunk.toString()); });
    void demultiplexer.push(frame('stdout', Buffer.from('half and half')).subarray(0, 12));
    assert.deepEqual(got, ['half']);
  });

  it('hands on nothing while the consumer is busy', async () => {
    const got: string[] = [];
    let release = () => {};
    const demultiplexer = new Demultiplexer((_stream, chunk) => {
      got.push(chunk.toString());
      return new Promise<void>((resolve) => { release = resolve; });
    });
    const pushed = demultiplexer.push(Buffer.concat([frame('stdout', Buffer.from('1')), frame('stdout', Buffer.from('2'))]));
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    assert.deepEqual(got, ['1']);
    release();
    await new Promise((resolve) => { setImmediate(resolve); });
    assert.deepEqual(got, ['1', '2']);
    release();
    await pushed;
  });

  it('passes on the failure of the consumer', async () => {
    const demultiplexer = new Demultiplexer(() => Promise.reject(new Error('full')));
    await assert.rejects(async () => demultiplexer.push(frame('stdout', Buffer.from('x'))), /full/);
  });
});
