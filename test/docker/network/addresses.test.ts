import assert from 'node:assert/strict';
import { openDoor } from '../../../src/engine/gateway/openDoor';
import type { Door } from '../../../src/engine/gateway/door';
import type { HostNetwork } from '../../../src/engine/ports/hostNetwork';
import { hostNetwork } from '../../../src/runner/network/hostNetwork';
import { SANDBOX } from './support/behindDoor';
import { openIntruder, type Intruder, type Try } from './support/intruder';
import { openStage, type Stage } from './support/upstream';

/** What the name of a registry may come to mean, when whoever answers for it is bought. */
const ANSWERS: Record<string, { addresses: string[][]; rule: string }> = {
  'loopback.test': { addresses: [['127.0.0.1']], rule: 'loopback-address' },
  'private.test': { addresses: [['self']], rule: 'private-address' },
  'metadata.test': { addresses: [['169.254.169.254']], rule: 'link-local-address' },
  'cgnat.test': { addresses: [['100.64.0.1']], rule: 'private-address' },
  'multicast.test': { addresses: [['224.0.0.1']], rule: 'multicast-address' },
  'zero.test': { addresses: [['0.0.0.0']], rule: 'unspecified-address' },
  'broadcast.test': { addresses: [['255.255.255.255']], rule: 'broadcast-address' },
  // An ordinary address first, so that a check of the first alone would pass.
  'mixed.test': { addresses: [['203.0.113.1', 'self']], rule: 'private-address' },
  // As if the machine had a public address.
  'own.test': { addresses: [['203.0.113.9']], rule: 'own-address' },
};
/** Hosts that only a literal names; the resolver gives no IPv6. */
const LITERALS: Record<string, string> = {
  '[::1]': 'loopback-address', '[::]': 'unspecified-address', '[fe80::1]': 'link-local-address', '[fd00::1]': 'private-address', '[ff02::1]': 'multicast-address',
  '[::ffff:10.0.0.1]': 'translated-address', '[64:ff9b::a00:1]': 'translated-address', '[64:ff9b:1::a00:1]': 'translated-address', '[2002:a00:1::1]': 'translated-address', '[2001:0:a00:1::1]': 'translated-address',
  '10.0.0.1': 'private-address', '172.16.0.1': 'private-address', '192.168.0.1': 'private-address', '240.0.0.1': 'reserved-address', '198.18.0.1': 'reserved-address', '192.88.99.1': 'translated-address',
};

describe('addresses, as the gateway resolves them', function () {
  this.timeout(120_000);
  let stage: Stage;
  let door: Door;
  let intruder: Intruder;
  before(async () => {
    const names = Object.fromEntries(Object.entries(ANSWERS).map(([name, { addresses }]) => [name, addresses]));
    stage = await openStage({ ...names, 'registry.test': [['self']], 'other.test': [['self']], 'rebound.test': [['self'], ['127.0.0.1']] });
    const own = stage.deps.network.ownAddresses();
    assert.ok(own.includes('127.0.0.1') && own.length > 1);
    door = await open([...Object.keys(ANSWERS), ...Object.keys(LITERALS), 'registry.test', 'other.test', 'rebound.test'], { ownAddresses: () => [...own, '203.0.113.9'] });
    intruder = await openIntruder(stage.deps, door, { image: stage.image });
  });
  after(async () => {
    await intruder?.close();
    await door?.close();
    await stage?.close();
  });

  const open = (hosts: string[], network: Partial<HostNetwork>) => openDoor({ ...stage.deps, network: { ...stage.deps.network, ...network } }, {
    sandboxId: SANDBOX, runId: '', hosts: { hosts, aliases: {}, named: ['registry.test', 'other.test'] },
  });
  const ask = (host: string, path = '/'): Try => ({
    connect: `${host}:443`, sni: /^[a-z.]+$/.test(host) ? host : undefined, send: `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  });
  const handshakes = async () => (await stage.upstream.log()).filter(({ kind }) => kind === 'tls').length;

  for (const [host, { rule }] of Object.entries(ANSWERS)) {
    it(`${host} is not dialled: ${rule}`, async () => {
      const before = await handshakes();
      const { outcomes, decisions } = await intruder.attempt([ask(host)]);
      assert.deepEqual(decisions.map((decision) => [decision.allowed, decision.rule]), [[false, rule]]);
      assert.match(outcomes[0]!.got, /^HTTP\/1\.1 403/);
      assert.equal(await handshakes(), before);
    });
  }

  it('addresses for names: none of theirs is dialled either', async () => {
    const { decisions } = await intruder.attempt(Object.keys(LITERALS).map((host) => ask(host)));
    assert.deepEqual(decisions.map(({ allowed, rule }) => [allowed, rule]), Object.values(LITERALS).map((rule) => [false, rule]));
  });

  it('a private address is dialled where a setting names the mirror', async () => {
    const { decisions } = await intruder.attempt([ask('registry.test')]);
    assert.deepEqual(decisions.map(({ allowed, address }) => [allowed, address]), [[true, stage.upstream.address]]);
  });

  it('a certificate for another name is not taken, and the sentence names the setting', async () => {
    const { outcomes, decisions } = await intruder.attempt([ask('other.test')]);
    assert.deepEqual(decisions.map(({ allowed, rule }) => [allowed, rule]), [[false, 'tls-untrusted']]);
    assert.match(outcomes[0]!.got, /PETRI_EXTRA_CA/);
    assert.equal((await stage.upstream.requests()).filter(({ headers }) => headers['host'] === 'other.test').length, 0);
  });

  it('what was checked is what is dialled: one question for many requests, so no second answer goes unchecked', async () => {
    const { decisions } = await intruder.attempt(['/one', '/two', '/three'].map((path) => ask('registry.test', path)));
    assert.deepEqual(decisions.map(({ allowed, address }) => [allowed, address]), Array.from({ length: 3 }, () => [true, stage.upstream.address]));
    assert.deepEqual((await stage.upstream.questions()).filter((name) => name === 'registry.test'), ['registry.test']);
  });

  it('a name that means something else the next time is checked again', async () => {
    const { decisions } = await intruder.attempt([ask('rebound.test', '/one'), ask('rebound.test', '/two')]);
    assert.deepEqual(decisions.map(({ rule }) => rule), ['private-address', 'loopback-address']);
  });

  it('an authority that nobody named is not trusted', async () => {
    const plain = await open(['registry.test'], { roots: hostNetwork({}, { env: {}, home: '/nonexistent', platform: 'linux', readFile: () => undefined }).roots });
    const stranger = await openIntruder(stage.deps, plain, { image: stage.image });
    try {
      const { outcomes, decisions } = await stranger.attempt([ask('registry.test')]);
      assert.match(outcomes[0]!.got, /^HTTP\/1\.1 502 .*not trusted.*PETRI_EXTRA_CA/);
      assert.deepEqual(decisions.map(({ rule }) => rule), ['tls-untrusted']);
    } finally {
      await stranger.close();
      await plain.close();
    }
  });
});
