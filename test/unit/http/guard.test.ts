import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { FakeService } from './fakeService';
import { TOKEN, serve } from './served';

describe('http guard', () => {
  let service: FakeService;
  let served: Awaited<ReturnType<typeof serve>>;
  beforeEach(async () => { served = await serve(service = new FakeService()); });
  afterEach(() => served.close());

  it('lets nobody in without the token, except to /health', async () => {
    for (const authorization of ['', TOKEN, 'Bearer', 'Bearer ', `Bearer ${TOKEN}0`, `Bearer ${TOKEN.slice(1)}`, `bearer ${TOKEN}`, `Basic ${TOKEN}`]) {
      for (const path of ['/v1/runner', '/v1/sandboxes', '/v1/nothing']) {
        const answer = await served.call(path, { headers: { authorization } });
        assert.equal(answer.status, 401, `${authorization} ${path}`);
        assert.partialDeepStrictEqual(answer.json, { error: { code: 'unauthorized' } });
      }
      const health = await served.call('/health', { headers: { authorization } });
      assert.deepEqual([health.status, health.json], [200, { status: 'ok' }]);
    }
    assert.deepEqual(service.calls, []);
    assert.equal((await served.call('/v1/sandboxes')).status, 200);
  });

  it('lets no page of a browser in, with the token or without', async () => {
    const pages = [
      { origin: 'https://evil.example' }, { origin: 'null' }, { origin: 'http://localhost' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'none' },
      { host: 'evil.example' }, { host: 'localhost.evil.example' }, { host: '127.0.0.1.evil.example:80' },
    ];
    for (const headers of pages) {
      for (const path of ['/v1/sandboxes', '/health']) {
        const answer = await served.call(path, { headers });
        assert.ok(answer.status === 403 || answer.status === 400, `${JSON.stringify(headers)} ${answer.status}`);
      }
    }
    assert.deepEqual(service.calls, []);
    for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1:8080', '[::1]', 'petri']) {
      assert.equal((await served.call('/v1/sandboxes', { headers: { host } })).status, 200, host);
    }
  });

  it('takes a host named in the request line for what it is', async () => {
    const said = await raw(`GET http://evil.example/v1/sandboxes HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer ${TOKEN}\r\nConnection: close\r\n\r\n`);
    assert.match(said, /^HTTP\/1\.1 403 /);
  });

  it('wants a host at all', async () => {
    const said = await raw(`GET /v1/sandboxes HTTP/1.0\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
    assert.match(said, /^HTTP\/1\.1 4/);
    assert.deepEqual(service.calls, []);
  });

  it('survives what is no HTTP', async () => {
    assert.match(await raw('\x16\x03\x01hello\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.match(await raw('POST /v1/sandboxes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.equal((await served.call('/health')).status, 200);
  });

  function raw(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let said = '';
      connect(served.socketPath).on('data', (chunk) => { said += String(chunk); }).on('close', () => resolve(said)).on('error', reject).write(text);
    });
  }
});
