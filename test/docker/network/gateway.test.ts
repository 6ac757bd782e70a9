import assert from 'node:assert/strict';
import { openDoor } from '../../../src/engine/gateway/openDoor';
import type { Decision, Door } from '../../../src/engine/gateway/door';
import type { HostNetwork } from '../../../src/engine/ports/hostNetwork';
import { runBehind, SANDBOX } from './support/behindDoor';
import { openIntruder, type Intruder, type Outcome } from './support/intruder';
import { get, REFUSED, REGISTRY, tunnel } from './support/refused';
import { openStage, type Stage } from './support/upstream';

describe('the gateway, from behind it', function () {
  this.timeout(180_000);
  let stage: Stage;
  let door: Door;
  let intruder: Intruder;
  const attempt: Intruder['attempt'] = (...words) => intruder.attempt(...words);
  before(async () => {
    stage = await openStage({ [REGISTRY]: [['self']], 'elsewhere.test': [['self']] });
    door = await openDoor(stage.deps, { sandboxId: SANDBOX, runId: '', hosts: { hosts: [REGISTRY], aliases: { 'alias.test': REGISTRY }, named: [REGISTRY] } });
    intruder = await openIntruder(stage.deps, door, { image: stage.image });
  });
  after(async () => {
    await intruder?.close();
    await door?.close();
    await stage?.close();
  });

  it('lets an ordinary GET and HEAD through, and says what came @smoke @network', async () => {
    const { outcomes, decisions } = await attempt([tunnel(get('/bytes/5000')), tunnel(get('/bytes/7').replace('GET', 'HEAD')), tunnel(get('/scoped%2fname', 'Authorization: Bearer x\r\nCookie: a=b\r\nX-Forwarded-Host: y\r\nAccept: z\r\n'))]);
    assert.ok(outcomes.every(({ got }) => got.startsWith('HTTP/1.1 200 OK')), JSON.stringify(outcomes));
    assert.equal(outcomes[0]!.got.split('\r\n\r\n')[1]!.replaceAll(/[^x]/g, '').length, 5000);
    assert.deepEqual(decisions.map(({ method, path, status, bytes, allowed, address }) => [method, path, status, bytes, allowed, address]), [
      ['GET', '/bytes/5000', 200, 5000, true, stage.upstream.address], ['HEAD', '/bytes/7', 200, 0, true, stage.upstream.address], ['GET', '/scoped%2fname', 200, 2, true, stage.upstream.address],
    ]);
    const { headers } = (await stage.upstream.requests()).at(-1)!;
    assert.deepEqual(headers, { accept: 'z', host: REGISTRY, connection: 'keep-alive' });
  });

  for (const [rule, vectors] of Object.entries(REFUSED)) {
    it(`${rule}: ${vectors.length} ways around it, none leads to the registry @smoke @network`, async () => {
      const before = (await stage.upstream.requests()).length;
      const { outcomes, decisions } = await attempt(vectors.map((vector) => vector.attempt));
      assert.deepEqual((await stage.upstream.requests()).slice(before), []);
      vectors.forEach(({ what, rule: wanted }, index) => {
        assert.doesNotMatch(outcomes[index]!.got, /^HTTP\/1\.1 200 OK/, what);
        const decision = decisions[index];
        assert.ok(decision && !decision.allowed && [wanted].flat().includes(decision.rule), `${what}: ${JSON.stringify(decision)} ${JSON.stringify(outcomes[index])}`);
      });
      assert.equal(decisions.length, vectors.length, 'one decision each');
    });
  }

  it('a host in capitals is the same host, and has one spelling from there on', async () => {
    const { outcomes, decisions } = await attempt([{ connect: 'REGISTRY.Test:443', sni: 'Registry.TEST', send: get('/capitals').replace(REGISTRY, 'REGISTRY.test') }]);
    assert.match(outcomes[0]!.got, /^HTTP\/1\.1 200/);
    assert.deepEqual(decisions.map(({ host, rule }) => [host, rule]), [[REGISTRY, 'registry']]);
    assert.equal((await stage.upstream.requests()).at(-1)!.headers['host'], REGISTRY);
  });

  it('npm publishes nothing', async () => {
    const { id } = await stage.deps.images.resolve({ language: 'node', image: null }, () => undefined);
    const from = door.decisions().length, before = (await stage.upstream.requests()).length;
    const script = `npm init -y > /dev/null && npm publish --registry https://${REGISTRY}/ --//${REGISTRY}/:_authToken=canary`;
    const { exitCode, err } = await runBehind(stage.deps, door, script, { image: id, registries: { hosts: [REGISTRY], aliases: {} } });
    assert.notEqual(exitCode, 0);
    assert.deepEqual(door.decisions().slice(from).filter(({ method }) => method !== 'GET').map(({ method, allowed, rule }) => [method, allowed, rule]), [['PUT', false, 'method']], err);
    assert.ok((await stage.upstream.requests()).slice(before).every(({ method, headers }) => method === 'GET' && headers['authorization'] === undefined));
  });

  it('what is decided is what the registry saw', async () => {
    const before = (await stage.upstream.requests()).length;
    const paths = Array.from({ length: 20 }, (_, index) => `/bytes/${index * 1000}?n=${index}`);
    const { decisions } = await attempt(paths.map((path) => tunnel(get(path))));
    const sent = new Map((await stage.upstream.log()).flatMap((one) => (one.kind === 'sent' ? [[one.url, one.bytes]] : [])));
    assert.deepEqual(decisions.map(({ method, path, bytes }) => [method, path, bytes]), (await stage.upstream.requests()).slice(before).map(({ method, url }) => [method, url, sent.get(url)]));
    assert.ok((await stage.upstream.log()).every((one) => one.kind !== 'tls' || one.sni === REGISTRY));
  });

  it('a redirect is a request of its own, and refused where it leads elsewhere', async () => {
    const { outcomes, decisions } = await attempt([tunnel(get(`/redirect/${encodeURIComponent('https://elsewhere.test/x')}`)), { connect: 'elsewhere.test:443', sni: 'elsewhere.test', send: get('/x') }]);
    assert.match(outcomes[0]!.got, /^HTTP\/1\.1 302/);
    assert.deepEqual(decisions.map(({ status, allowed, rule }) => [status, allowed, rule]), [[302, true, 'registry'], [null, false, 'host']]);
  });

  it('an alias leads to the registry it stands for', async () => {
    const { outcomes } = await attempt([{ connect: 'alias.test:443', sni: 'alias.test', send: get('/aliased').replace(REGISTRY, 'alias.test') }]);
    assert.match(outcomes[0]!.got, /^HTTP\/1\.1 200/);
    assert.equal((await stage.upstream.requests()).at(-1)!.headers['host'], REGISTRY);
  });

  it('a registry that stumbles is asked again, and that is one decision', async () => {
    const { outcomes, decisions } = await attempt([tunnel(get('/flaky'))]);
    assert.match(outcomes[0]!.got, /^HTTP\/1\.1 200/);
    assert.equal((await stage.upstream.requests()).filter(({ url }) => url === '/flaky').length, 3);
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
    async function ask(network: Partial<HostNetwork>, named: string[], path = '/mine'): Promise<{ outcome: Outcome; decisions: Decision[] }> {
      const own = await openDoor({ ...stage.deps, network: { ...stage.deps.network, ...network } }, { sandboxId: SANDBOX, runId: '', hosts: { hosts: [REGISTRY, '10.0.0.1'], aliases: {}, named } });
      const behind = await openIntruder(stage.deps, own, { image: stage.image });
      try {
        const { outcomes, decisions } = await behind.attempt([tunnel(get(path, 'Authorization: Bearer theirs\r\n')), { connect: '10.0.0.1:443', send: get('/').replace(REGISTRY, '10.0.0.1') }]);
        // An address needs no resolving: whose way out it is, it is looked at here.
        assert.equal(decisions[1]!.rule, 'private-address');
        return { outcome: outcomes[0]!, decisions: decisions.slice(0, 1) };
      } finally {
        await behind.close();
        await own.close();
      }
    }

    it('credentials are added on the way out, and are nowhere inside', async () => {
      const { outcome, decisions } = await ask({ authorizationFor: async (host) => (host === REGISTRY ? 'Bearer canary' : undefined) }, [REGISTRY], '/cached/mine');
      assert.match(outcome.got, /^HTTP\/1\.1 200/);
      assert.equal((await stage.upstream.requests()).at(-1)!.headers['authorization'], 'Bearer canary');
      assert.doesNotMatch(JSON.stringify([outcome, decisions]), /canary/);
      // What came with them is kept for nobody: another sandbox asks the registry, as itself.
      const { decisions: theirs } = await attempt([tunnel(get('/cached/mine'))]);
      assert.equal(theirs[0]!.rule, 'registry');
      assert.equal((await stage.upstream.requests()).at(-1)!.headers['authorization'], undefined);
    });

    it('its proxy is the way out, with its credentials; the name is the proxy\'s to resolve', async () => {
      const before = (await stage.upstream.questions()).length;
      const { outcome, decisions } = await ask({ proxyFor: () => `http://user:p%40ss@${stage.upstream.address}:3128` }, []);
      assert.match(outcome.got, /^HTTP\/1\.1 200/, JSON.stringify(decisions));
      const proxied = (await stage.upstream.log()).filter((one) => one.kind === 'proxy');
      assert.deepEqual(proxied, [{ kind: 'proxy', target: `${REGISTRY}:443`, authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}` }]);
      assert.deepEqual((await stage.upstream.questions()).slice(before), []);
      assert.deepEqual(decisions.map(({ allowed, address }) => [allowed, address]), [[true, stage.upstream.address]]);
    });
  });
});
