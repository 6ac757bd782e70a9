import assert from 'node:assert/strict';
import { checkPath, passedHeaders } from '../../../src/inside/gateway/checkRequest';

describe('a request\'s path', () => {
  for (const path of ['/', '/simple/six/', '/@scope%2fname', '/a/-/a-1.0.0.tgz', '/a?b=../c', '/a..b', '/...', '/%2e%2e%2e', '/a%20b', '/!v/@v/list', '/a/%2b']) {
    it(`may be ${path}`, () => checkPath(path));
  }
  for (const path of ['', 'a', '*', 'https://a/', '/..', '/a/..', '/a/../b', '/./a', '/a/.', '/%2e%2e/', '/%2E./', '/a%2f%2e%2e', '/a/..%2fb', '/a\\b', '/a%5Cb', '/a b', '/a\tb', '/a\u00e9', '/a%00', '/a%0Ab', '/a%0d', '/a#b', '/a\x7f']) {
    it(`may not be ${JSON.stringify(path)}`, () => assert.throws(() => checkPath(path), { rule: 'path' }));
  }
});

describe('a request\'s headers', () => {
  it('say what is wanted, and nothing about who wants it', () => {
    assert.deepEqual(passedHeaders({
      accept: 'a', 'accept-encoding': 'gzip', authorization: 'Bearer x', 'proxy-authorization': 'y', cookie: 'z', host: 'h', 'x-forwarded-for': '1', connection: 'x', range: 'bytes=0-1', 'set-cookie': ['a'],
    }), { accept: 'a', 'accept-encoding': 'gzip', range: 'bytes=0-1' });
  });
});
