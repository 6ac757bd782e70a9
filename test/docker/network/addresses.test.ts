import assert from 'node:assert/strict';
import { openDoor } from '../../../src/engine/gateway/openDoor';
import type { Decision } from '../../../src/engine/gateway/door';
import { SANDBOX } from './support/behindDoor';
import { intrude, type Outcome } from './support/intruder';
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
  // A public address first, so that a check of the first alone would pass.
  'mixed.test': { addresses: [['203.0.113.1', 'self']], rule: 'private-address' },
};

describe('addresses, as the gateway resolves them', function () {
  this.timeout(180_000);
  let stage: Stage;
  before(async () => {
    const names = Object.fromEntries(Object.entries(ANSWERS).map(([name, { addresses }]) => [name, addresses]));
    stage = await openStage({ ...names, 'registry.test': [['self']], 'rebound.test': [['self'], ['127.0.0.1']], 'own.test': [['203.0.113.1']] });
  });
  after(() => stage?.close());

  async function ask(host: string, paths: string[], named: string[] = []): Promise<{ outcomes: Outcome[]; decisions: Decision[] }> {
    const door = await openDoor(stage.deps, { sandboxId: SANDBOX, runId: '', hosts: { hosts: [host], aliases: {}, named } });
    try {
      const outcomes = await intrude(stage.deps, door, paths.map((path) => ({ connect: `${host}:443`, sni: host, send: `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n` })), { image: stage.image });
      return { outcomes, decisions: door.decisions() };
    } finally {
      await door.close();
    }
  }

  for (const [host, { rule }] of Object.entries(ANSWERS)) {
    it(`${host} is not dialled: ${rule}`, async () => {
      const before = stage.upstream.seen.filter(({ kind }) => kind === 'tls').length;
      const { outcomes, decisions } = await ask(host, ['/']);
      assert.deepEqual(decisions.map((decision) => [decision.allowed, decision.rule]), [[false, rule]]);
      assert.match(outcomes[0]!.got, /^HTTP\/1\.1 403/);
      assert.equal(stage.upstream.seen.filter(({ kind }) => kind === 'tls').length, before);
    });
  }

  it('a private address is dialled where a setting names the mirror', async () => {
    const { decisions } = await ask('registry.test', ['/'], ['registry.test']);
    assert.deepEqual(decisions.map(({ allowed, address }) => [allowed, address]), [[true, stage.upstream.address]]);
  });

  it('a certificate for another name is not taken, and the sentence names the setting', async () => {
    const { outcomes, decisions } = await ask('private.test', ['/'], ['private.test']);
    assert.deepEqual(decisions.map(({ allowed, rule }) => [allowed, rule]), [[false, 'tls-untrusted']]);
    assert.match(outcomes[0]!.got, /PETRI_EXTRA_CA/);
    assert.equal(stage.upstream.requests().filter(({ headers }) => headers['host'] === 'private.test').length, 0);
  });

  it('what was checked is what is dialled: one question for many requests, so no second answer goes unchecked', async () => {
    const before = stage.upstream.questions().length;
    const { decisions } = await ask('registry.test', ['/one', '/two', '/three'], ['registry.test']);
    assert.deepEqual(decisions.map(({ allowed, address }) => [allowed, address]), Array.from({ length: 3 }, () => [true, stage.upstream.address]));
    assert.deepEqual(stage.upstream.questions().slice(before), ['registry.test']);
  });

  it('a name that means something else the next time is checked again', async () => {
    const { decisions } = await ask('rebound.test', ['/one', '/two']);
    assert.deepEqual(decisions.map(({ rule }) => rule), ['private-address', 'loopback-address']);
  });

  it('the machine\'s own addresses are not dialled, public ones neither', async () => {
    const own = stage.deps.network.ownAddresses();
    assert.ok(own.includes('127.0.0.1') && own.length > 1);
    const { network } = stage.deps;
    // As if the machine had the address that the name means.
    stage.deps.network = { ...network, ownAddresses: () => ['203.0.113.1'] };
    const { decisions } = await ask('own.test', ['/']).finally(() => { stage.deps.network = network; });
    assert.deepEqual(decisions.map(({ rule }) => rule), ['own-address']);
  });

  it('an authority that nobody named is not trusted', async () => {
    const plain = await openStage({ 'registry.test': [['self']] }, { PETRI_EXTRA_CA: '' });
    try {
      const door = await openDoor(plain.deps, { sandboxId: SANDBOX, runId: '', hosts: { hosts: ['registry.test'], aliases: {}, named: ['registry.test'] } });
      const [outcome] = await intrude(plain.deps, door, [{ connect: 'registry.test:443', sni: 'registry.test', send: 'GET / HTTP/1.1\r\nHost: registry.test\r\nConnection: close\r\n\r\n' }], { image: plain.image });
      assert.match(outcome!.got, /^HTTP\/1\.1 502 .*not trusted.*PETRI_EXTRA_CA/);
      assert.deepEqual(door.decisions().map(({ rule }) => rule), ['tls-untrusted']);
      await door.close();
    } finally {
      await plain.close();
    }
  });
});
