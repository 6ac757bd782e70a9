import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { createParser } from 'eventsource-parser';
import { SseParser } from '../../../src/sdk/typescript/sse';

/** What the reference makes of the text, in our shape. */
function reference(text: string): Array<{ event: string; data: string }> {
  const events: Array<{ event: string; data: string }> = [];
  const parser = createParser({ onEvent: ({ event, data }) => events.push({ event: event || 'message', data }) });
  parser.feed(text);
  return events;
}

function ours(bytes: Buffer, cuts: number[]): Array<{ event: string; data: string }> {
  const parser = new SseParser();
  const events: Array<{ event: string; data: string }> = [];
  let start = 0;
  for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
    for (const { event, data } of parser.push(bytes.subarray(start, cut))) events.push({ event, data: data.toString('utf8') });
    start = cut;
  }
  return events;
}

describe('SseParser', () => {
  const samples: Record<string, string> = {
    'an event and its data': 'event: output\ndata: {"a":1}\n\n',
    'no space after the colon': 'event:output\ndata:x\n\ndata:  two spaces\n\n',
    'several data lines': 'data: one\ndata: two\ndata\ndata: \n\n',
    'comments, ids and unknown fields': ': hello\nid: 7\nretry: 10\nfoo: bar\ndata: x\n\n',
    'an event without data is none': 'event: lonely\n\ndata: x\n\n',
    'CR LF line ends': 'event: a\r\ndata: 1\r\n\r\nevent: b\r\ndata: 2\r\n\r\n',
    'text past ASCII': 'event: ä€😀\ndata: ä€😀\n\n',
    'an unfinished event is none': 'data: whole\n\ndata: half\n',
  };
  for (const [name, text] of Object.entries(samples)) {
    it(`reads ${name}, wherever the bytes are split`, () => {
      const bytes = Buffer.from(text);
      const expected = reference(text);
      for (let cut = 0; cut <= bytes.length; cut += 1) assert.deepEqual(ours(bytes, [cut]), expected, `cut at ${cut}`);
      assert.deepEqual(ours(bytes, Array.from(bytes, (_, index) => index)), expected, 'byte by byte');
    });
  }

  it('ends lines at a lone CR too', () => {
    const bytes = Buffer.from('event: a\rdata: 1\r\rdata: 2\r\n\r\n');
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      assert.deepEqual(ours(bytes, [cut]), [{ event: 'a', data: '1' }, { event: 'message', data: '2' }], `cut at ${cut}`);
    }
  });

  it('passes over a byte order mark', () => {
    const bytes = Buffer.from('\uFEFFdata: x\n\n');
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      assert.deepEqual(ours(bytes, [cut]), [{ event: 'message', data: 'x' }], `cut at ${cut}`);
    }
  });

  it('reads random streams as the reference does', () => {
    const alphabet = ['data: ', 'data:', 'event: ', 'id: ', ': ', 'x', 'é', '€', '\n', '\n\n', '\r\n', '\r\n\r\n', ' ', ':', 'data'];
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: randomInt(1, 40) }, () => alphabet[randomInt(alphabet.length)]).join('') + '\n\n';
      const bytes = Buffer.from(text);
      const cuts = Array.from({ length: randomInt(0, 8) }, () => randomInt(0, bytes.length + 1));
      assert.deepEqual(ours(bytes, cuts), reference(text), JSON.stringify(text));
    }
  });

  it('keeps a data line of many megabytes whole', () => {
    const payload = randomBytes(6_000_000).toString('base64');
    const bytes = Buffer.from(`event: output\ndata: ${payload}\n\n`);
    const cuts = Array.from({ length: 50 }, () => randomInt(0, bytes.length));
    assert.deepEqual(ours(bytes, cuts), [{ event: 'output', data: payload }]);
  });

  it('gives up on a line without end', () => {
    const parser = new SseParser(1000);
    parser.push(Buffer.from('data: '));
    assert.throws(() => parser.push(Buffer.alloc(1001, 'x')), RangeError);
  });
});
