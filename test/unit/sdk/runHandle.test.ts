import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PetriClientError } from '../../../src/sdk/typescript/errors';
import { Petri } from '../../../src/sdk/typescript/petri';
import type { Sandbox } from '../../../src/sdk/typescript/sandbox';
import { FakeRunner, RUN_ID, errorBody, frame, json } from './fakeRunner';

describe('A run through the SDK', function () {
  this.timeout(20_000);
  let runner: FakeRunner;
  let petri: Petri;
  let sandbox: Sandbox;

  beforeEach(async () => {
    runner = await FakeRunner.start();
    petri = await Petri.connect({ env: runner.env, version: '0.1.0', client: 'test' });
    sandbox = await petri.create({ folder: '/home/ada/project' });
  });
  afterEach(async () => {
    petri.close();
    await runner.stop();
  });

  const code = (expected: string) => (error: PetriClientError) => {
    assert.equal(error.code, expected);
    return true;
  };

  it('gives its events in order, by iteration', async () => {
    runner.onExec(async (events) => {
      await events.progress({ stage: 'sync', message: 'Sending one file.' });
      await events.started();
      await events.output('stdout', 'hello\n');
      await events.output('stderr', Buffer.from([0xff, 0x00]));
      await events.done({ exit_code: 3 });
    });
    const run = sandbox.exec(['make', 'it']);
    const seen: unknown[] = [];
    for await (const event of run) seen.push(event.event === 'output' ? [event.stream, event.chunk] : event.event);
    assert.deepEqual(seen, ['progress', 'started', ['stdout', Buffer.from('hello\n')], ['stderr', Buffer.from([0xff, 0x00])], 'done']);
    assert.equal((await run.result()).exit_code, 3);
    assert.equal(run.id, RUN_ID);
    assert.deepEqual(JSON.parse(runner.bodies.at(-1)!), { created_by: 'test', command: ['make', 'it'], stdin: false });
  });

  it('keeps random bytes as they are when the stream is cut anywhere', async () => {
    const bytes = randomBytes(300_000);
    const part = (number: number) => bytes.subarray(number * 100_000, (number + 1) * 100_000).toString('base64');
    const stream = frame('started', { run_id: RUN_ID })
      + [0, 1, 2].map((number) => frame('output', { stream: 'stdout', base64: part(number) })).join('')
      + frame('output', { stream: 'stderr', text: 'grüße €\r\n\0' })
      + frame('done', { run_id: RUN_ID, exit_code: 0, reason: 'exited' });
    runner.onExec(async ({ response }) => {
      const raw = Buffer.from(stream);
      for (let start = 0; start < raw.length;) {
        const end = start + (randomInt(2) ? randomInt(1, 20) : randomInt(1, 20_000));
        response.write(raw.subarray(start, end));
        if (randomInt(3) === 0) await sleep(1);
        start = end;
      }
      response.end();
    });
    const got = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    await sandbox.exec('x', { onOutput: (stream, chunk) => void got[stream].push(chunk) }).result();
    assert.ok(Buffer.concat(got.stdout).equals(bytes));
    assert.equal(Buffer.concat(got.stderr).toString(), 'grüße €\r\n\0');
  });

  it('reads output in every form that the protocol allows', async () => {
    const forms = [
      '{"stream":"stdout","base64":"aGk="}', '{"base64":"aGk=","stream":"stdout"}', '{"stream":"stdout","base64":"aGk=","later":"field"}',
      '{"stream":"stdout","text":"hi"}', '{ "stream": "stdout", "text": "\\u0068i" }', '{"stream":"stdout","base64":"a\\u0047k="}',
    ];
    runner.onExec(async (events) => {
      await events.started();
      for (const form of forms) events.response.write(`event: output\ndata: ${form}\n\n`);
      await events.send('later', { kind: 'event' });
      await events.done();
    });
    const got: string[] = [];
    await sandbox.exec('x', { onOutput: (stream, chunk) => void got.push(`${stream} ${chunk.toString()}`) }).result();
    assert.deepEqual(got, forms.map(() => 'stdout hi'));
  });

  it('calls a connection lost in the middle unreachable, never a success', async () => {
    for (const end of ['destroy', 'end'] as const) {
      runner.onExec(async (events) => {
        await events.started();
        await events.output('stdout', 'half');
        await sleep(5);
        if (end === 'destroy') events.response.socket?.destroy();
        else events.response.end();
      });
      await assert.rejects(sandbox.exec('x').result(), code('runner-unreachable'));
      await assert.rejects(async () => {
        for await (const event of sandbox.exec('x')) void event;
      }, code('runner-unreachable'));
    }
  });

  it('tells why a run did not start, before and within the stream', async () => {
    const body = errorBody('image-missing', 'There is no image x.', { action: 'Name another.', details: ['x'] });
    runner.on(/exec$/, (response) => json(response, 409, body));
    await assert.rejects(sandbox.exec('x').result(), (error: PetriClientError) => {
      assert.deepEqual([error.code, error.action, error.details], ['image-missing', 'Name another.', ['x']]);
      return true;
    });
    runner.onExec((events) => events.send('error', body));
    const run = sandbox.exec('x');
    await assert.rejects(run.result(), code('image-missing'));
    await assert.rejects(run.started, code('image-missing'));
  });

  it('holds the runner back while its reader is slow', async () => {
    let sent = 0;
    runner.onExec(async (events) => {
      await events.started();
      for (; sent < 200; sent += 1) await events.output('stdout', Buffer.alloc(256 * 1024));
      await events.done();
    });
    let received = 0;
    let release = () => {};
    const gate = new Promise<void>((resolve) => { release = resolve; });
    const result = sandbox.exec('x', { onOutput: (_stream, chunk) => { received += chunk.length; return gate; } }).result();
    await sleep(300);
    assert.ok(sent < 20, `${sent} of 200 chunks had left the runner although nobody read`);
    release();
    assert.equal((await result).exit_code, 0);
    assert.equal(received, 200 * 256 * 1024);
  });

  it('gives up with what a handler throws', async () => {
    let disconnected = false;
    runner.onExec(async (events) => {
      events.response.on('close', () => { disconnected = true; });
      await events.started();
      await events.output('stdout', 'x');
    });
    await assert.rejects(sandbox.exec('x', { onOutput: () => { throw new Error('disk full'); } }).result(), /disk full/);
    await sleep(20);
    assert.ok(disconnected);
  });

  it('cancels through the runner once started, and waits for the end', async () => {
    const cancelled = Promise.withResolvers<void>();
    runner.on(new RegExp(`^POST /v1/runs/${RUN_ID}/cancel$`), (response) => {
      json(response, 200, {});
      cancelled.resolve();
    });
    runner.onExec(async (events) => {
      await events.started();
      await cancelled.promise;
      await events.output('stdout', 'bye');
      await events.done({ exit_code: 143, reason: 'cancelled' });
    });
    const abort = new AbortController();
    const output: string[] = [];
    const result = await sandbox.exec('x', {
      signal: abort.signal, onStarted: () => abort.abort(), onOutput: (_stream, chunk) => void output.push(chunk.toString()),
    }).result();
    assert.equal(result.reason, 'cancelled');
    assert.deepEqual(output, ['bye']);
  });

  it('gives up a run that has not started by disconnecting', async () => {
    const closed = Promise.withResolvers<void>();
    runner.onExec((events) => {
      events.response.on('close', () => closed.resolve());
      return events.progress({ stage: 'image', message: 'Building.' });
    });
    const abort = new AbortController();
    await assert.rejects(sandbox.exec('x', { signal: abort.signal, onProgress: () => abort.abort() }).result(), code('cancelled'));
    await closed.promise;
    assert.ok(!runner.requests.some((line) => line.includes('cancel')));
    await assert.rejects(sandbox.exec('x', { signal: AbortSignal.abort() }).result(), code('cancelled'));
  });

  it('carries binary stdin, from a stream and from a value, to its end', async () => {
    const bytes = randomBytes(500_000);
    for (const stdin of [Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]), bytes]) {
      const got = Promise.withResolvers<Buffer>();
      runner.on(/stdin$/, async (response, request) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        response.writeHead(204).end();
        got.resolve(Buffer.concat(chunks));
      });
      runner.onExec(async (events) => {
        await events.started();
        await got.promise;
        await events.done();
      });
      assert.equal((await sandbox.exec('cat', { stdin }).result()).exit_code, 0);
      assert.ok((await got.promise).equals(bytes));
      assert.equal(JSON.parse(runner.bodies.at(-1)!).stdin, true);
    }
  });

  it('stops reading stdin when the program does not want it', async () => {
    let read = 0;
    const endless = new Readable({ read() { read += 65_536; setImmediate(() => this.push(Buffer.alloc(65_536))); } });
    runner.on(/stdin$/, () => { /* never reads, never answers */ });
    runner.onExec(async (events) => {
      await events.started();
      await sleep(200);
      await events.done();
    });
    assert.equal((await sandbox.exec('true', { stdin: endless }).result()).exit_code, 0);
    await sleep(20);
    assert.ok(endless.destroyed);
    assert.ok(read < 4_000_000, `${read} bytes were read ahead`);
  });

  it('does not mind a program that has ended before its stdin', async () => {
    runner.on(/stdin$/, (response) => json(response, 409, errorBody('conflict', 'The run is over.')));
    runner.onExec(async (events) => {
      await events.started();
      await sleep(20);
      await events.done();
    });
    assert.equal((await sandbox.exec('true', { stdin: 'x'.repeat(1_000_000) }).result()).exit_code, 0);
  });

  it('cancels a run whose stdin cannot be read', async () => {
    const cancelled = Promise.withResolvers<void>();
    runner.on(/cancel$/, (response) => {
      json(response, 200, {});
      cancelled.resolve();
    });
    runner.on(/stdin$/, (_response, request) => request.on('error', () => {}).resume());
    runner.onExec(async (events) => {
      await events.started();
      await cancelled.promise;
      await events.done({ reason: 'cancelled' });
    });
    const broken = new Readable({ read() { this.destroy(new Error('bad sector')); } });
    await assert.rejects(sandbox.exec('cat', { stdin: broken }).result(), /bad sector/);
  });

  it('uses one open connection for run after run', async () => {
    runner.onExec(async (events) => {
      await events.started();
      await events.output('stdout', 'x');
      await events.done();
    });
    for (let round = 0; round < 20; round += 1) {
      await sandbox.exec('x').result();
      await sleep(2);
    }
    assert.equal(runner.connections, 1);
  });

  it('disconnects when its iteration is left early', async () => {
    const closed = Promise.withResolvers<void>();
    runner.onExec(async (events) => {
      events.response.on('close', () => closed.resolve());
      await events.started();
      await events.output('stdout', 'x');
    });
    const run = sandbox.exec('x');
    for await (const event of run) if (event.event === 'output') break;
    await closed.promise;
    await assert.rejects(run.result(), code('cancelled'));
  });

  it('finds the runner\'s successor when nobody listens any more', async () => {
    const home = runner.home;
    await runner.kill();
    runner = await FakeRunner.start(home);
    runner.onExec(async (events) => {
      await events.started();
      await events.done({ exit_code: 7 });
    });
    assert.equal((await sandbox.exec('x').result()).exit_code, 7);
  });

  it('tells what changes while it watches, however the bytes are cut, and lets go of what it cannot read', async () => {
    const text = 'event: sandbox-gone\ndata: {"id":"sb_1"}\n\n: ping\n\nevent: ready\ndata: {}\n\n';
    runner.on(/events$/, async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const character of text) await new Promise<void>((resolve) => response.write(character, () => resolve()));
      response.write('event: run\ndata: {broken\n\n');
    });
    const told: unknown[] = [];
    const watching = await petri.watch((event) => told.push(event));
    assert.equal(await watching.ended, 'lost');
    assert.deepEqual(told, [{ event: 'sandbox-gone', data: { id: 'sb_1' } }, { event: 'ready', data: {} }]);
  });

  it('holds a lease until it is released, and tells when it is lost', async () => {
    runner.on(/lease$/, (response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders());
    const released = await petri.lease();
    released.release();
    assert.equal(await released.ended, 'released');
    const lost = await petri.lease();
    await runner.kill();
    assert.equal(await lost.ended, 'lost');
  });
});
