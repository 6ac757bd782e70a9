import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setImmediate as tick, setTimeout as sleep } from 'node:timers/promises';
import { PetriError } from '../../../src/engine/errors';
import type { Emit } from '../../../src/engine/service';
import { FakeService, RUN_ID, SANDBOX_ID, done, synced } from './fakeService';
import { outputOf, serve, textOf, until } from './served';
import type { Sent } from './served';

const EXEC = `/v1/sandboxes/${SANDBOX_ID}/exec`;
const INPUT = `/v1/runs/${RUN_ID}/stdin`;
const command = (more = {}): Sent => ({ method: 'POST', body: { command: 'x', ...more } });
const out = (text: string | Buffer) => ({ event: 'output', stream: 'stdout', chunk: Buffer.from(text as string) }) as const;

describe('http streams', () => {
  let service: FakeService;
  let served: Awaited<ReturnType<typeof serve>>;
  beforeEach(async () => { served = await serve(service = new FakeService()); });
  afterEach(() => served.close());

  it('sends events in their order and ends with done', async () => {
    service.exec = async (_id, _request, emit) => {
      await emit({ event: 'progress', data: { stage: 'scan', message: 'Looking.' } });
      void emit(out('a'));
      void emit({ event: 'notice', data: { code: 'held-back', message: 'Kept.', paths: ['.env'] } });
      await emit({ event: 'started', data: { ...synced, run_id: RUN_ID, warm: true } });
      void emit(out('b'));
      return done;
    };
    const events = await served.events(EXEC, command());
    assert.deepEqual(events.map(({ event }) => event), ['progress', 'output', 'notice', 'started', 'output', 'done']);
    assert.deepEqual(events.at(-1)!.data, done);
    assert.deepEqual(events[2]!.data, { code: 'held-back', message: 'Kept.', paths: ['.env'] });
  });

  it('carries every byte, on its stream, text where it is text', async () => {
    const pieces = [
      Buffer.from('plain "quoted"\n\r\u2028\0\x1b[31m é😀'), Buffer.from([0xff, 0xfe, 0]), Buffer.from('😀').subarray(0, 2), Buffer.from('😀').subarray(2),
      Buffer.alloc(200_000, 'data: x\n\nevent: done\n'), Buffer.from('\uFEFFbom'), Buffer.alloc(40_000, 0x80), Buffer.alloc(5000, 'z'),
    ];
    for (const pause of [false, true]) {
      service.exec = async (_id, _request, emit) => {
        for (const [at, chunk] of pieces.entries()) {
          await emit({ event: 'output', stream: at % 3 === 2 ? 'stderr' : 'stdout', chunk });
          if (pause) await tick();
        }
        return done;
      };
      const events = await served.events(EXEC, command());
      const sent = (stderr: boolean) => Buffer.concat(pieces.filter((_, at) => (at % 3 === 2) === stderr));
      assert.ok(outputOf(events, 'stdout').equals(sent(false)));
      assert.ok(outputOf(events, 'stderr').equals(sent(true)));
      for (const { event, data } of events) {
        if (event === 'output') assert.equal(Number('text' in data) + Number('base64' in data), 1);
      }
      assert.equal(events.filter(({ event }) => event === 'done').length, 1);
    }
    assert.equal((await served.events(EXEC, command())).find(({ data }) => String(data['text']).startsWith('plain'))?.event, 'output');
  });

  it('sends small chunks of one tick together', async () => {
    service.exec = async (_id, _request, emit) => {
      for (let at = 0; at < 1000; at++) {
        const wait = emit(out(`${at}\n`));
        if (wait) await wait;
      }
      return done;
    };
    const events = await served.events(EXEC, command());
    assert.equal(outputOf(events, 'stdout').toString(), Array.from({ length: 1000 }, (_, at) => `${at}\n`).join(''));
    assert.ok(events.length < 20, `${events.length} events`);
  });

  it('delivers at once what is printed alone', async () => {
    let release!: () => void;
    service.exec = async (_id, _request, emit) => {
      await emit(out('prompt> '));
      await new Promise<void>((resolve) => { release = resolve; });
      return done;
    };
    const response = await served.response(EXEC, command());
    const [first] = await once(response, 'data') as [Buffer];
    assert.match(first.toString(), /prompt> /);
    release();
    assert.match(await textOf(response), /event: done/);
  });

  it('holds the run back while the reader does not read', async () => {
    let sent = 0;
    service.exec = async (_id, _request, emit) => {
      for (; sent < 200; sent++) await emit(out(Buffer.alloc(262_144)));
      return done;
    };
    const response = await served.response(EXEC, command());
    response.pause();
    await sleep(300);
    const stuckAt = sent;
    assert.ok(stuckAt < 50, `${stuckAt} chunks went to nobody`);
    await sleep(100);
    assert.equal(sent, stuckAt);
    const text = await textOf(response);
    assert.equal(sent, 200);
    assert.match(text, /event: done\n.*\n\n$/);
  });

  it('answers with a status what fails before the first event, with the error event what fails after', async () => {
    service.exec = async (_id, request, emit) => {
      if (request.command === 'late') await emit({ event: 'progress', data: { stage: 'engine', message: 'Starting.' } });
      throw new PetriError('engine-stopped', 'The engine is not running.', { action: 'Start it.' });
    };
    assert.equal((await served.call(EXEC, command())).status, 503);
    assert.equal((await served.call('/v1/sandboxes/sb_x/sync', { method: 'POST' })).status, 404);
    const events = await served.events(EXEC, command({ command: 'late' }));
    assert.deepEqual(events.map(({ event }) => event), ['progress', 'error']);
    assert.deepEqual(events[1]!.data, { error: { code: 'engine-stopped', message: 'The engine is not running.', action: 'Start it.' } });
  });

  it('cancels a run whose client went away, unless it is to continue', async () => {
    for (const [on_disconnect, starts, goesOn] of [
      ['cancel', true, false], ['continue', false, true], ['continue-once-started', false, false], ['continue-once-started', true, true],
    ] as const) {
      let aborted = false;
      let finished = false;
      let goOn = false;
      service.exec = async (_id, _request, emit, signal) => {
        signal.onabort = () => { aborted = true; };
        if (starts) await emit({ event: 'started', data: { ...synced, run_id: RUN_ID, warm: true } });
        while (!aborted && !goOn) {
          await emit(out(Buffer.alloc(100_000)));
          await tick();
        }
        // A detached run goes on at its own speed: its events are dropped.
        for (let at = 0; at < 500; at++) await emit(out(Buffer.alloc(100_000)));
        finished = true;
        return done;
      };
      const response = await served.response(EXEC, command({ on_disconnect }));
      await once(response, 'data');
      response.destroy();
      if (goesOn) {
        await until(() => served.active() === 0);
        assert.equal(aborted, false);
        goOn = true;
      }
      await until(() => finished);
      assert.equal(aborted, !goesOn, on_disconnect);
    }
    assert.deepEqual(served.log, []);
  });

  it('does not take the normal end of a run for a disconnect', async () => {
    let aborted = false;
    service.exec = async (_id, _request, _emit, signal) => {
      signal.onabort = () => { aborted = true; };
      return done;
    };
    await served.events(EXEC, command());
    await sleep(30);
    assert.equal(aborted, false);
  });

  it('streams sync and verify', async () => {
    const progress = async (emit: Emit) => { await emit({ event: 'progress', data: { stage: 'verify', message: 'Hashing.', done: 1, total: 2, unit: 'files' } }); };
    const { sync, verify } = service;
    service.sync = async (...given) => { await progress(given[1]); return sync.apply(service, given); };
    service.verify = async (...given) => { await progress(given[1]); return verify.apply(service, given); };
    const synced_ = await served.events(`/v1/sandboxes/${SANDBOX_ID}/sync`, { method: 'POST' });
    assert.deepEqual(synced_.at(-1), { event: 'done', data: synced });
    const verified = await served.events(`/v1/sandboxes/${SANDBOX_ID}/verify`);
    assert.deepEqual(verified.map(({ event }) => event), ['progress', 'done']);
    assert.partialDeepStrictEqual(verified[1]!.data, { same: true });
  });

  describe('stdin', () => {
    let taken: Buffer[];
    let ended: boolean;
    beforeEach(() => {
      taken = [];
      ended = false;
      service.writeInput = async (_id, chunk) => { taken.push(Buffer.from(chunk)); };
      service.endInput = () => { ended = true; };
    });

    it('arrives as it is sent, and its end ends it', async () => {
      const outgoing = served.open(INPUT, { method: 'POST' });
      outgoing.write('one');
      await until(() => Buffer.concat(taken).toString() === 'one');
      assert.equal(ended, false);
      outgoing.end(Buffer.alloc(1_000_000, 'x'));
      const [response] = await once(outgoing, 'response');
      assert.equal(response.statusCode, 204);
      assert.equal(Buffer.concat(taken).length, 1_000_003);
      assert.equal(ended, true);
    });

    it('is read no faster than the program takes it', async () => {
      let release!: () => void;
      service.writeInput = (_id, chunk) => new Promise<void>((resolve) => { taken.push(Buffer.from(chunk)); release = resolve; });
      const outgoing = served.open(INPUT, { method: 'POST' });
      let accepted = 0;
      while (accepted < 64 * 1024 * 1024 && outgoing.write(Buffer.alloc(65_536))) accepted += 65_536;
      for (let round = 0; round < 20; round++) {
        await sleep(10);
        while (!outgoing.writableNeedDrain && accepted < 64 * 1024 * 1024) { outgoing.write(Buffer.alloc(65_536)); accepted += 65_536; }
      }
      assert.equal(taken.length, 1);
      assert.ok(accepted < 4 * 1024 * 1024, `${accepted} bytes were taken for a program that reads nothing`);
      release();
      outgoing.on('error', () => {}).destroy();
    });

    it('ends for the program when the client breaks off', async () => {
      const outgoing = served.open(INPUT, { method: 'POST' }).on('error', () => {});
      outgoing.write('half a ');
      await until(() => taken.length > 0);
      outgoing.destroy();
      await until(() => ended);
      assert.deepEqual(served.log, []);
    });

    it('is answered before its end when the run is over', async () => {
      service.writeInput = async () => { throw new PetriError('conflict', 'The run is over.'); };
      const outgoing = served.open(INPUT, { method: 'POST' }).on('error', () => {});
      outgoing.write('x');
      const [response] = await once(outgoing, 'response');
      assert.equal(response.statusCode, 409);
      assert.match(await textOf(response), /The run is over/);
      assert.equal(ended, false);
      assert.equal((await served.call('/v1/runs/run_x/stdin', { method: 'POST', body: 'x' })).status, 404);
    });
  });

  describe('log', () => {
    beforeEach(() => {
      service.runLog = async function* () {
        yield { stream: 'stdout', chunk: Buffer.from('one\n') };
        yield { stream: 'stderr', chunk: Buffer.from([0xff, 1]) };
        yield { stream: 'stdout', chunk: Buffer.alloc(3_000_000, 'two\n') };
      };
    });

    it('comes as events with both streams in order', async () => {
      const events = await served.events(`/v1/runs/${RUN_ID}/log`);
      assert.ok(outputOf(events, 'stdout').equals(Buffer.concat([Buffer.from('one\n'), Buffer.alloc(3_000_000, 'two\n')])));
      assert.deepEqual(outputOf(events, 'stderr'), Buffer.from([0xff, 1]));
      assert.equal(events.at(-1)!.event, 'done');
    });

    it('comes as the bytes of one stream', async () => {
      const stdout = await served.call(`/v1/runs/${RUN_ID}/log?stream=stdout`);
      assert.equal(stdout.text.length, 3_000_004);
      assert.equal(stdout.headers['content-type'], 'application/octet-stream');
      service.runLog = async function* () {};
      assert.equal((await served.call(`/v1/runs/${RUN_ID}/log?stream=stderr`)).text, '');
    });

    it('breaks off visibly when it cannot be read to its end', async () => {
      service.runLog = async function* () {
        yield { stream: 'stdout', chunk: Buffer.from('one\n') };
        throw new PetriError('internal', 'The disk is gone.');
      };
      await assert.rejects(served.call(`/v1/runs/${RUN_ID}/log?stream=stdout`), { code: 'ECONNRESET' });
      assert.equal((await served.events(`/v1/runs/${RUN_ID}/log`)).at(-1)!.event, 'error');
    });
  });
});
