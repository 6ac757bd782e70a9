import assert from 'node:assert/strict';
import { FRAMES_TYPE } from '../../../src/protocol/frames';
import { FrameParser } from '../../../src/sdk/typescript/frames';
import type { RawEvent } from '../../../src/sdk/typescript/rawEvent';
import { FakeService, RUN_ID, SANDBOX_ID, done, synced } from './fakeService';
import { serve } from './served';

const EXEC = `/v1/sandboxes/${SANDBOX_ID}/exec`;

/** What the chunks hold: output joined while its stream stays the same, other events as text. */
function read(chunks: Iterable<Buffer>): Array<[string, string]> {
  const parser = new FrameParser();
  const seen: Array<[string, string]> = [];
  for (const chunk of chunks) {
    for (const { event, data, stream } of parser.push(chunk) satisfies RawEvent[]) {
      const last = seen.at(-1);
      if (stream && last?.[0] === stream) last[1] += data.toString('latin1');
      else seen.push([stream ?? event, data.toString('latin1')]);
    }
  }
  return seen;
}

describe('events as frames', () => {
  let service: FakeService;
  let served: Awaited<ReturnType<typeof serve>>;
  beforeEach(async () => { served = await serve(service = new FakeService()); });
  afterEach(() => served.close());

  async function answered(accept?: string): Promise<{ type: string | undefined; body: Buffer }> {
    const incoming = await served.response(EXEC, { method: 'POST', body: { command: 'x' }, headers: accept === undefined ? {} : { accept } });
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    return { type: incoming.headers['content-type'], body: Buffer.concat(chunks) };
  }

  it('carry the same events in the same order, every byte as it is, however they are cut', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    const big = Buffer.alloc(200_000, 'event: done\n\n\0');
    const chunks = [['stdout', bytes], ['stdout', big], ['stderr', bytes], ['stdout', Buffer.from('x')], ['stdout', Buffer.from('y')], ['stderr', big]] as const;
    service.exec = async (_id, _request, emit) => {
      await emit({ event: 'progress', data: { stage: 'scan', message: 'Looking. é' } });
      await emit({ event: 'started', data: { ...synced, run_id: RUN_ID, warm: true } });
      for (const [stream, chunk] of chunks) await emit({ event: 'output', stream, chunk });
      return done;
    };
    const { type, body } = await answered(`${FRAMES_TYPE}, text/event-stream;q=0.5`);
    assert.equal(type, FRAMES_TYPE);
    const whole = read([body]);
    assert.deepEqual(whole.map(([name]) => name), ['progress', 'started', 'stdout', 'stderr', 'stdout', 'stderr', 'done']);
    const both = bytes.toString('latin1') + big.toString('latin1');
    assert.deepEqual(whole.slice(2, 6).map(([, data]) => data), [both, bytes.toString('latin1'), 'xy', big.toString('latin1')]);
    assert.deepEqual(JSON.parse(Buffer.from(whole[0]![1], 'latin1').toString('utf8')), { stage: 'scan', message: 'Looking. é' });
    assert.deepEqual(JSON.parse(whole.at(-1)![1]), done);
    for (const step of [1, 3, 4093]) {
      assert.deepEqual(read(Array.from({ length: Math.ceil(body.length / step) }, (_, at) => body.subarray(at * step, (at + 1) * step))), whole);
    }
  });

  it('come only to who asks for them', async () => {
    for (const accept of [undefined, '*/*', 'text/event-stream']) assert.equal((await answered(accept)).type, 'text/event-stream', accept);
  });

  it('that no runner sends are refused, and an empty one says nothing', () => {
    assert.deepEqual(read([Buffer.from([0, 0, 0, 0, 0]), Buffer.from([0, 0, 0, 0, 3, 0x61, 0x0a, 0x31])]), [['a', '1']]);
    assert.throws(() => new FrameParser().push(Buffer.from([3, 0, 0, 0, 1])), RangeError);
    assert.throws(() => new FrameParser().push(Buffer.from([0, 0xff, 0, 0, 0])), RangeError);
  });
});
