import assert from 'node:assert/strict';
import { AddressBook } from '../../../src/inside/gateway/addressBook';

const MINUTE = 60_000;

/** A resolver that gives one answer after the other; an Error is what it fails with. */
function bookOf(answers: Array<string[] | Error>) {
  const asked: string[] = [];
  let now = 0;
  const book = new AddressBook(['203.0.113.9'], (name) => {
    asked.push(name);
    const answer = answers[asked.length - 1] ?? new Error('asked too often');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }, () => now);
  return { book, asked, pass: (milliseconds: number) => { now += milliseconds; } };
}

describe('The gateway\'s addresses', () => {
  it('are asked for once for many requests, also at the same time, and again after a minute', async () => {
    const { book, asked, pass } = bookOf([['8.8.8.8'], ['8.8.4.4']]);
    assert.deepEqual(await Promise.all([book.find('r.test', false), book.find('r.test', false)]), ['8.8.8.8', '8.8.8.8']);
    pass(MINUTE - 1);
    assert.equal(await book.find('r.test', false), '8.8.8.8');
    assert.equal(asked.length, 1);
    pass(2);
    assert.equal(await book.find('r.test', false), '8.8.4.4');
  });

  it('are kept when the resolver fails later, but no answer that was refused is, and no good one of before stands in for it', async () => {
    const { book, pass } = bookOf([['8.8.8.8'], new Error('EAI_AGAIN'), ['127.0.0.1'], ['203.0.113.9'], ['8.8.8.8', '10.0.0.1']]);
    await book.find('r.test', false);
    pass(MINUTE + 1);
    assert.equal(await book.find('r.test', false), '8.8.8.8');
    pass(MINUTE + 1);
    await assert.rejects(book.find('r.test', false), { rule: 'loopback-address' });
    for (const rule of ['own-address', 'private-address']) await assert.rejects(book.find('r.test', false), /which no registry has/, rule);
  });

  it('are forgotten where nobody answers, and never shared between who may dial a private one and who may not', async () => {
    const { book, asked } = bookOf([['10.0.0.1'], ['10.0.0.1'], ['8.8.8.8']]);
    assert.equal(await book.find('m.test', true), '10.0.0.1');
    await assert.rejects(book.find('m.test', false), { rule: 'private-address' });
    book.forget('m.test', true);
    assert.equal(await book.find('m.test', true), '8.8.8.8');
    assert.equal(asked.length, 3);
  });
});
