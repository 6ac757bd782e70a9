import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { PetriError } from '../../../src/engine/errors';
import type { Attachment } from '../../../src/engine/ports/containerEngine';
import { fakeEngine, type FakeEngine } from './fakeEngine';

describe('an attachment', () => {
  let fake: FakeEngine;
  let far: Socket;
  let attachment: Attachment;

  const attach = async (tty = false) => {
    const attached = fake.attached();
    attachment = await fake.engine.attach('c1', tty);
    far = await attached as Socket;
  };
  const send = (stream: 1 | 2, text: string) => {
    const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    far.write(Buffer.concat([header, Buffer.from(text)]));
  };

  beforeEach(async () => {
    fake = await fakeEngine();
    await attach();
  });
  afterEach(async () => {
    attachment.destroy();
    await fake.stop();
  });

  it('loses nothing that came before the consumer', async () => {
    send(1, 'early');
    await sleep(20);
    let got = '';
    attachment.onOutput((_stream, chunk) => { got += chunk.toString(); });
    far.end();
    await attachment.closed;
    assert.equal(got, 'early');
  });

  it('goes on giving output after the input has ended', async () => {
    let got = '', input = '';
    far.on('data', (chunk: Buffer) => { input += chunk.toString(); });
    const ended = new Promise((resolve) => { far.once('end', resolve); });
    attachment.onOutput((stream, chunk) => { got += `${stream}:${chunk.toString()} `; });
    await attachment.write(Buffer.from('hello'));
    attachment.endInput();
    await ended;
    assert.equal(input, 'hello');
    send(2, 'after');
    far.end();
    await attachment.closed;
    assert.equal(got, 'stderr:after ');
  });

  it('gives a terminal\'s bytes as they are', async () => {
    attachment.destroy();
    await attach(true);
    let got = '';
    attachment.onOutput((stream, chunk) => { got += `${stream}:${chunk.toString()}`; });
    far.end('\u0001raw');
    await attachment.closed;
    assert.equal(got, 'stdout:\u0001raw');
  });

  it('stops the engine while the consumer is busy', async () => {
    let release = () => {};
    let bytes = 0;
    attachment.onOutput((_stream, chunk) => {
      bytes += chunk.length;
      return new Promise<void>((resolve) => { release = resolve; });
    });
    const block = 'x'.repeat(64 * 1024);
    let accepted = 0;
    while (far.writableLength === 0 && accepted < 64 * 1024 * 1024) {
      send(1, block);
      accepted += block.length;
      await sleep(1);
    }
    assert.ok(accepted < 8 * 1024 * 1024, `${accepted} bytes went out although nobody took them`);
    assert.ok(bytes <= block.length);
    attachment.onOutput((_stream, chunk) => { bytes += chunk.length; });
    release();
    far.end();
    await attachment.closed;
    assert.equal(bytes, accepted);
  });

  it('makes a writer wait while the engine does not read', async () => {
    far.pause();
    const block = Buffer.alloc(1024 * 1024);
    const writes = [attachment.write(block), attachment.write(block), attachment.write(block)];
    const settled = await Promise.race([Promise.all(writes).then(() => true), sleep(50).then(() => false)]);
    assert.equal(settled, false);
    far.resume();
    await Promise.all(writes);
  });

  it('closes when the engine dies, and a waiting writer hears of it', async () => {
    far.pause();
    attachment.onOutput(() => undefined);
    const write = attachment.write(Buffer.alloc(8 * 1024 * 1024));
    const [error] = await Promise.all([write.then(() => undefined, (reason: unknown) => reason), fake.die(), attachment.closed]);
    assert.ok(error instanceof PetriError && error.code === 'engine-failed');
    await assert.rejects(attachment.write(Buffer.from('x')), { code: 'engine-failed' });
  });

  it('is closed only when the consumer has had everything', async () => {
    let done = false;
    attachment.onOutput(async () => {
      await sleep(50);
      done = true;
    });
    send(1, 'last words');
    far.end();
    await attachment.closed;
    assert.equal(done, true);
  });

  it('ends when the consumer fails', async () => {
    attachment.onOutput(() => { throw new Error('consumer'); });
    send(1, 'x');
    await attachment.closed;
  });
});
