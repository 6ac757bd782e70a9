import assert from 'node:assert/strict';
import { openDoor } from '../../../src/engine/gateway/openDoor';
import type { Decision, Door } from '../../../src/engine/gateway/door';
import type { HostNetwork } from '../../../src/engine/ports/hostNetwork';
import { SANDBOX } from './support/behindDoor';
import { intrude, type Outcome, type Try } from './support/intruder';
import { openStage, type Stage } from './support/upstream';

const REGISTRY = 'registry.test';
const tunnel = (send: string, more: Partial<Extract<Try, { connect: string }>> = {}): Try => ({ connect: `${REGISTRY}:443`, sni: REGISTRY, send, ...more });
const get = (path: string, head = '') => `GET ${path} HTTP/1.1\r\nHost: ${REGISTRY}\r\n${head}Connection: close\r\n\r\n`;

interface Vector { what: string; attempt: Try; rule: string | string[] }

/** What an install may not do, and the rule that stops it. Every one of them would reach the registry if it were let through. */
const REFUSED: Record<string, Vector[]> = {
  'registry hosts only, on their port': [
    { what: 'another host', attempt: { connect: 'elsewhere.test:443', sni: 'elsewhere.test', send: get('/') }, rule: 'host' },
    { what: 'another port', attempt: { connect: `${REGISTRY}:8443`, sni: REGISTRY, send: get('/') }, rule: 'port' },
    { what: 'plain HTTP\'s port', attempt: { connect: `${REGISTRY}:80`, send: get('/') }, rule: 'port' },
    { what: 'SSH\'s port', attempt: { connect: `${REGISTRY}:22`, send: 'SSH-2.0-x\r\n' }, rule: 'port' },
    { what: 'plain HTTP through the proxy', attempt: { raw: `GET http://${REGISTRY}/ HTTP/1.1\r\nHost: ${REGISTRY}\r\n\r\n` }, rule: 'plaintext' },
    { what: 'an https address through the proxy without a tunnel', attempt: { raw: `GET https://${REGISTRY}/ HTTP/1.1\r\nHost: ${REGISTRY}\r\n\r\n` }, rule: 'plaintext' },
    { what: 'a request to the gateway itself', attempt: { raw: `GET / HTTP/1.1\r\nHost: ${REGISTRY}\r\n\r\n` }, rule: 'plaintext' },
    { what: 'plaintext inside a tunnel', attempt: { raw: `CONNECT ${REGISTRY}:443 HTTP/1.1\r\nHost: ${REGISTRY}:443\r\n\r\n${get('/plain')}` }, rule: 'handshake' },
    { what: 'SSH inside a tunnel', attempt: { raw: `CONNECT ${REGISTRY}:443 HTTP/1.1\r\nHost: ${REGISTRY}:443\r\n\r\nSSH-2.0-OpenSSH_9.9\r\n` }, rule: 'handshake' },
    { what: 'no HTTP at all', attempt: { raw: 'SSH-2.0-OpenSSH_9.9\r\n' }, rule: 'malformed' },
  ],
  'GET and HEAD only': [
    ...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'MKCOL', 'PROPFIND', 'PURGE'].map((method) => ({
      what: method, attempt: tunnel(`${method} /package HTTP/1.1\r\nHost: ${REGISTRY}\r\nContent-Length: 0\r\n\r\n`), rule: 'method',
    })),
    { what: 'a CONNECT inside the tunnel', attempt: tunnel(`CONNECT elsewhere.test:443 HTTP/1.1\r\nHost: ${REGISTRY}\r\n\r\n`), rule: 'malformed' },
    { what: 'a GET with a body', attempt: tunnel(`GET /x HTTP/1.1\r\nHost: ${REGISTRY}\r\nContent-Length: 6\r\n\r\nsecret`), rule: 'body' },
    { what: 'a GET with a chunked body', attempt: tunnel(`GET /x HTTP/1.1\r\nHost: ${REGISTRY}\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nsecret\r\n0\r\n\r\n`), rule: 'body' },
    { what: 'an upgrade', attempt: tunnel(get('/x', 'Upgrade: websocket\r\n').replace('close', 'Upgrade')), rule: 'malformed' },
    { what: 'a method said in a header does not help a POST', attempt: tunnel(`POST /x HTTP/1.1\r\nHost: ${REGISTRY}\r\nX-HTTP-Method-Override: GET\r\nContent-Length: 0\r\n\r\n`), rule: 'method' },
  ],
  'one name from the tunnel to the request': [
    { what: 'another name in TLS', attempt: tunnel(get('/sni'), { sni: 'elsewhere.test' }), rule: 'sni-mismatch' },
    { what: 'no name in TLS', attempt: tunnel(get('/sni'), { sni: undefined }), rule: 'sni-missing' },
    { what: 'another Host', attempt: tunnel(`GET /host HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n`), rule: 'host-mismatch' },
    { what: 'another port in Host', attempt: tunnel(`GET /host HTTP/1.1\r\nHost: ${REGISTRY}:8443\r\n\r\n`), rule: 'host-mismatch' },
    { what: 'no Host', attempt: tunnel('GET /host HTTP/1.0\r\n\r\n'), rule: 'host-mismatch' },
    { what: 'two Hosts', attempt: tunnel(`GET /host HTTP/1.1\r\nHost: ${REGISTRY}\r\nHost: elsewhere.test\r\n\r\n`), rule: ['header', 'malformed'] },
    { what: 'the same Host twice', attempt: tunnel(`GET /host HTTP/1.1\r\nHost: ${REGISTRY}\r\nHost: ${REGISTRY}\r\n\r\n`), rule: ['header', 'malformed'] },
    { what: 'a whole address for a path', attempt: tunnel(`GET https://elsewhere.test/ HTTP/1.1\r\nHost: ${REGISTRY}\r\n\r\n`), rule: 'path' },
    { what: 'a second name after the first', attempt: tunnel(`GET /host HTTP/1.1\r\nHost: ${REGISTRY}, elsewhere.test\r\n\r\n`), rule: 'host-mismatch' },
  ],
  'no request that two readers read differently': [
    { what: 'a length and chunks', attempt: tunnel(`GET /smuggle HTTP/1.1\r\nHost: ${REGISTRY}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: ${REGISTRY}\r\n\r\n`), rule: ['malformed', 'body'] },
    { what: 'two lengths', attempt: tunnel(`GET /smuggle HTTP/1.1\r\nHost: ${REGISTRY}\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n`), rule: 'malformed' },
    { what: 'a coding that is nearly chunked', attempt: tunnel(`GET /smuggle HTTP/1.1\r\nHost: ${REGISTRY}\r\nTransfer-Encoding: xchunked\r\n\r\n`), rule: ['malformed', 'body'] },
    { what: 'a space before the colon', attempt: tunnel(`GET /smuggle HTTP/1.1\r\nHost: ${REGISTRY}\r\nContent-Length : 5\r\n\r\nabcde`), rule: 'malformed' },
    { what: 'a header that goes on in the next line', attempt: tunnel(`GET /smuggle HTTP/1.1\r\nHost: ${REGISTRY}\r\nX: a\r\n Transfer-Encoding: chunked\r\n\r\n`), rule: 'malformed' },
    { what: 'a bare line feed', attempt: tunnel(`GET /smuggle HTTP/1.1\nHost: ${REGISTRY}\n\n`), rule: 'malformed' },
    { what: 'a NUL in a header', attempt: tunnel(`GET /smuggle HTTP/1.1\r\nHost: ${REGISTRY}\r\nX: a\0b\r\n\r\n`), rule: 'malformed' },
    { what: 'HTTP 2 without asking', attempt: tunnel('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), rule: 'malformed' },
    { what: 'Expect', attempt: tunnel(get('/smuggle', 'Expect: 100-continue\r\n')), rule: ['header', 'body'] },
  ],
  'no path that leads upwards': [
    '/a/../b', '/..', '/a/./b', '/%2e%2e/b', '/a/.%2E/b', '/a%2f..%2fb', '/a/%2e%2e%2fb', '/a\\..\\b', '/a%5c..%5cb', '/a%00b', '/a%0d%0aX:%20y', '/a#b', '//../x', '*',
  ].map((path) => ({ what: path, attempt: tunnel(get(path)), rule: ['path', 'malformed'] })),
  'one spelling of a host': [
    `${REGISTRY}.:443`, `${REGISTRY}%00.elsewhere.test:443`, `${REGISTRY}\0:443`, `user@${REGISTRY}:443`, `elsewhere.test@${REGISTRY}:443`, `${REGISTRY}`, `${REGISTRY}:`, `${REGISTRY}:0443`,
    `${REGISTRY}:443:443`, `${REGISTRY}:65979`, `http://${REGISTRY}:443`, `${REGISTRY}/:443`, `\u0155egistry.test:443`, 'xn--egistry-1db.test:443', '127.1:443', '0x7f.0.0.1:443', '0177.0.0.1:443', '2130706433:443', '0x7f000001:443',
    '127.0.0.1:443', '[::1]:443', '[::ffff:127.0.0.1]:443', '[fe80::1%25eth0]:443', '[fe80::1%eth0]:443', '169.254.169.254:443', 'localhost:443', 'host.docker.internal:443', '0:443', '.:443', `.${REGISTRY}:443`, `${REGISTRY}..:443`, ':443',
    `${REGISTRY}\t:443`, `${REGISTRY} x:443`,
  ].map((target) => ({ what: JSON.stringify(target), attempt: { connect: target, sni: REGISTRY, send: get('/spelled') }, rule: ['target', 'host', 'port', 'malformed'] })),
};

describe('the gateway, from behind it', function () {
  this.timeout(180_000);
  let stage: Stage;
  let door: Door;
  before(async () => {
    stage = await openStage({ [REGISTRY]: [['self']], 'elsewhere.test': [['self']] });
    door = await openDoor(stage.deps, { sandboxId: SANDBOX, runId: '', hosts: { hosts: [REGISTRY], aliases: { 'alias.test': REGISTRY }, named: [REGISTRY] } });
  });
  after(async () => {
    await door?.close();
    await stage?.close();
  });

  /** Tries, what came of them, and what was decided meanwhile. */
  async function attempt(tries: Try[]): Promise<{ outcomes: Outcome[]; decisions: Decision[] }> {
    const from = door.decisions().length;
    const outcomes = await intrude(stage.deps, door, tries, { image: stage.image });
    return { outcomes, decisions: door.decisions().slice(from) };
  }

  it('lets an ordinary GET and HEAD through, and says what came @smoke @network', async () => {
    const { outcomes, decisions } = await attempt([tunnel(get('/bytes/5000')), tunnel(get('/bytes/7').replace('GET', 'HEAD')), tunnel(get('/scoped%2fname', 'Authorization: Bearer x\r\nCookie: a=b\r\nX-Forwarded-Host: y\r\nAccept: z\r\n'))]);
    assert.ok(outcomes.every(({ got }) => got.startsWith('HTTP/1.1 200 OK')), JSON.stringify(outcomes));
    assert.equal(outcomes[0]!.got.split('\r\n\r\n')[1]!.replaceAll(/[^x]/g, '').length, 5000);
    assert.deepEqual(decisions.map(({ method, path, status, bytes, allowed, address }) => [method, path, status, bytes, allowed, address]), [
      ['GET', '/bytes/5000', 200, 5000, true, stage.upstream.address], ['HEAD', '/bytes/7', 200, 0, true, stage.upstream.address], ['GET', '/scoped%2fname', 200, 2, true, stage.upstream.address],
    ]);
    const { headers } = stage.upstream.requests().at(-1)!;
    assert.deepEqual(headers, { accept: 'z', host: REGISTRY, connection: 'keep-alive' });
  });

  for (const [rule, vectors] of Object.entries(REFUSED)) {
    it(`${rule}: ${vectors.length} ways around it, none leads to the registry @smoke @network`, async () => {
      const before = stage.upstream.requests().length;
      const { outcomes, decisions } = await attempt(vectors.map((vector) => vector.attempt));
      assert.deepEqual(stage.upstream.requests().slice(before), []);
      vectors.forEach(({ what, rule: wanted }, index) => {
        assert.doesNotMatch(outcomes[index]!.got, /^HTTP\/1\.1 200 OK/, what);
        const decision = decisions[index];
        assert.ok(decision && !decision.allowed && [wanted].flat().includes(decision.rule), `${what}: ${JSON.stringify(decision)} ${JSON.stringify(outcomes[index])}`);
      });
      assert.equal(decisions.length, vectors.length, 'one decision each');
    });
  }

  it('what is decided is what the registry saw', async () => {
    const before = stage.upstream.requests().length;
    const paths = Array.from({ length: 20 }, (_, index) => `/bytes/${index * 1000}?n=${index}`);
    const { decisions } = await attempt(paths.map((path) => tunnel(get(path))));
    const sent = new Map(stage.upstream.seen.flatMap((one) => (one.kind === 'sent' ? [[one.url, one.bytes]] : [])));
    assert.deepEqual(decisions.map(({ method, path, bytes }) => [method, path, bytes]), stage.upstream.requests().slice(before).map(({ method, url }) => [method, url, sent.get(url)]));
    assert.ok(stage.upstream.seen.every((one) => one.kind !== 'tls' || one.sni === REGISTRY));
  });

  it('a redirect is a request of its own, and refused where it leads elsewhere', async () => {
    const { outcomes, decisions } = await attempt([tunnel(get(`/redirect/${encodeURIComponent('https://elsewhere.test/x')}`)), { connect: 'elsewhere.test:443', sni: 'elsewhere.test', send: get('/x') }]);
    assert.match(outcomes[0]!.got, /^HTTP\/1\.1 302/);
    assert.deepEqual(decisions.map(({ status, allowed, rule }) => [status, allowed, rule]), [[302, true, 'registry'], [null, false, 'host']]);
  });

  it('an alias leads to the registry it stands for', async () => {
    const { outcomes } = await attempt([{ connect: 'alias.test:443', sni: 'alias.test', send: get('/aliased').replace(REGISTRY, 'alias.test') }]);
    assert.match(outcomes[0]!.got, /^HTTP\/1\.1 200/);
    assert.equal(stage.upstream.requests().at(-1)!.headers['host'], REGISTRY);
  });

  it('a registry that stumbles is asked again; one that is down ends in its own words', async () => {
    const { outcomes, decisions } = await attempt([tunnel(get('/flaky'))]);
    assert.match(outcomes[0]!.got, /^HTTP\/1\.1 200/);
    assert.equal(stage.upstream.requests().filter(({ url }) => url === '/flaky').length, 3);
    assert.equal(decisions.length, 1);
  });

  it('an answer that is cut short is never a whole one, and has no hash', async () => {
    const { outcomes, decisions } = await attempt([tunnel(get('/cut'))]);
    assert.match(outcomes[0]!.got, /content-length: 100000/);
    assert.ok(outcomes[0]!.got.length < 60_000);
    assert.deepEqual(decisions.map(({ rule, sha256 }) => [rule, sha256]), [['cut-short', null]]);
  });

  it('cookies and the like of a registry do not come in', async () => {
    const { outcomes } = await attempt([tunnel(get('/cookie'))]);
    assert.doesNotMatch(outcomes[0]!.got, /set-cookie|strict-transport/i);
  });

  describe('as the user\'s machine is set up', () => {
    /** One request through a door of a machine that differs in this. */
    async function ask(network: Partial<HostNetwork>, named: string[]): Promise<{ outcome: Outcome; decisions: Decision[] }> {
      const own = await openDoor({ ...stage.deps, network: { ...stage.deps.network, ...network } }, { sandboxId: SANDBOX, runId: '', hosts: { hosts: [REGISTRY], aliases: {}, named } });
      try {
        const [outcome] = await intrude(stage.deps, own, [tunnel(get('/mine', 'Authorization: Bearer theirs\r\n'))], { image: stage.image });
        return { outcome: outcome!, decisions: own.decisions() };
      } finally {
        await own.close();
      }
    }

    it('credentials are added on the way out, and are nowhere inside', async () => {
      const { outcome, decisions } = await ask({ authorizationFor: async (host) => (host === REGISTRY ? 'Bearer canary' : undefined) }, [REGISTRY]);
      assert.match(outcome.got, /^HTTP\/1\.1 200/);
      assert.equal(stage.upstream.requests().at(-1)!.headers['authorization'], 'Bearer canary');
      assert.doesNotMatch(JSON.stringify([outcome, decisions]), /canary/);
    });

    it('its proxy is the way out, with its credentials; the name is the proxy\'s to resolve', async () => {
      const before = stage.upstream.questions().length;
      const { outcome, decisions } = await ask({ proxyFor: () => `http://user:p%40ss@${stage.upstream.address}:3128` }, []);
      assert.match(outcome.got, /^HTTP\/1\.1 200/, JSON.stringify(decisions));
      const proxied = stage.upstream.seen.filter((one) => one.kind === 'proxy');
      assert.deepEqual(proxied, [{ kind: 'proxy', target: `${REGISTRY}:443`, authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}` }]);
      assert.deepEqual(stage.upstream.questions().slice(before), []);
      assert.deepEqual(decisions.map(({ allowed, address }) => [allowed, address]), [[true, stage.upstream.address]]);
    });
  });
});
