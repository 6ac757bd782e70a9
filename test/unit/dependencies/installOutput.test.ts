import assert from 'node:assert/strict';
import type { InstallStep } from '../../../src/engine/dependencies/adapter';
import { InstallOutput, INSTALL_LOG_BYTES } from '../../../src/engine/dependencies/installOutput';
import { pipRemark } from '../../../src/engine/dependencies/python/explain';
import type { RunEvent } from '../../../src/engine/service';

const STEP: InstallStep = { title: 'Downloading', network: true, script: '', environment: {}, remark: pipRemark };

function opened() {
  const events: RunEvent[] = [];
  const kept: Buffer[] = [];
  const log = { append: (_stream: string, chunk: Buffer) => void kept.push(chunk), close: async () => undefined };
  const clock = { now: () => 0, monotonic: () => 0, after: () => () => undefined };
  const output = new InstallOutput('dep_1', (event) => void events.push(event), log as never, clock);
  return { output, kept: () => Buffer.concat(kept), notices: () => events.flatMap((one) => (one.event === 'notice' ? [one.data.message] : [])), told: () => events.flatMap((one) => (one.event === 'install' ? [one.data.text] : [])) };
}

describe('what an install says', () => {
  it('is kept up to a limit, and the end says that it was one; what comes after is still there to explain a failure by', () => {
    const { output, kept, told } = opened();
    const chunk = Buffer.alloc(2 ** 22, 'x');
    for (let written = 0; written < 2 * INSTALL_LOG_BYTES; written += chunk.length) void output.take(STEP, 'stdout', chunk);
    void output.take(STEP, 'stdout', Buffer.from('the last words\n'));
    assert.ok(kept().length <= INSTALL_LOG_BYTES && kept().length > INSTALL_LOG_BYTES - 2 * chunk.length, String(kept().length));
    assert.match(kept().subarray(-60).toString(), /\n--- What else the install said is dropped\.\n$/);
    assert.equal(told().join('').length, kept().length);
    assert.match(output.tail, /the last words\n$/);
    assert.ok(output.tail.length <= 64 * 1024);
  });

  it('and has to be told to the user is, each once and the first few, wherever a chunk ends', () => {
    const { output, notices } = opened();
    for (const part of ['petri: one and t', 'wo overwrite each other\npetri: x\nCollecting petri: y\n', 'petri: x\r\n']) void output.take(STEP, 'stdout', Buffer.from(part));
    assert.deepEqual(notices(), ['one and two overwrite each other', 'x']);
    void output.take(STEP, 'stdout', Buffer.from(Array.from({ length: 1000 }, (_, at) => `petri: ${at} ${'y'.repeat(2000)}\n`).join('')));
    assert.equal(notices().length, 11);
    assert.ok(notices().every((message) => message.length <= 1000));
    assert.equal(notices().at(-1), 'There is more like this: petri deps --log shows all.');
  });
});
