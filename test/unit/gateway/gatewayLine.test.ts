import assert from 'node:assert/strict';
import type { Attachment } from '../../../src/engine/ports/containerEngine';
import { GatewayLine } from '../../../src/engine/gateway/gatewayLine';

const decision = (path = '/') => `${JSON.stringify({ event: 'decision', decision: { at: 1, host: 'h', port: 443, address: null, method: 'GET', path, status: null, bytes: 0, sha256: null, allowed: false, rule: 'host' } })}\n`;

/** A gateway that says what a test makes it say, and ends when it is not heard any more. */
function open(): { line: GatewayLine; say(text: string | Buffer, stream?: 'stdout' | 'stderr'): void } {
  let consumer: Parameters<Attachment['onOutput']>[0] = () => undefined;
  const ended = Promise.withResolvers<void>();
  const line = new GatewayLine({
    write: async () => undefined, endInput: () => undefined, onOutput: (given) => { consumer = given; }, closed: ended.promise, destroy: () => ended.resolve(),
  });
  return { line, say: (text, stream = 'stdout') => void consumer(stream, Buffer.from(text)) };
}

describe('what a gateway says', () => {
  it('is its port and its decisions, wherever a line is cut', async () => {
    const { line, say } = open();
    const bytes = Buffer.from(`{"event":"ready","port":99}\n${decision('/\u00e9')}`);
    for (const byte of bytes) say(Buffer.from([byte]));
    assert.equal(await line.ready, 99);
    assert.deepEqual(line.decisions.map(({ path }) => path), ['/\u00e9']);
  });

  for (const [what, text] of Object.entries({
    'no JSON': 'hello\n', 'another event': '{"event":"other"}\n', 'a port that is none': '{"event":"ready","port":70000}\n', 'half a decision': '{"event":"decision","decision":{"host":"h"}}\n',
    'a hash that is none': decision().replace('"sha256":null', '"sha256":"x"'), 'a line without an end': 'x'.repeat(70_000), 'more than any install would': decision('x'.repeat(4000)).repeat(4200),
  })) {
    it(`${what}: it is lost`, async () => {
      const { line, say } = open();
      say(text);
      assert.equal((await line.lost).code, 'engine-failed');
    });
  }

  it('is not heard any more once it is lost', async () => {
    const { line, say } = open();
    say('hello\n');
    say(decision());
    await line.lost;
    assert.deepEqual(line.decisions, []);
  });
});
