import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { labels } from '../../../src/engine/container/spec';
import type { Door } from '../../../src/engine/gateway/door';
import type { ContainerSpec, Hardening } from '../../../src/engine/ports/containerEngine';
import { OwnEngine } from '../support/ownEngine';
import { openBench, type Bench } from '../support/petri';
import { runBehind, SANDBOX } from './support/behindDoor';

const IMAGE = process.env['PETRI_BASE_IMAGE'] ?? 'debian:trixie-slim';
const QUICK = 'RES_OPTIONS="timeout:2 attempts:1"';

/** Prints every name it is asked for, and knows none. */
const RESOLVER = `
const socket = require('dgram').createSocket('udp4');
socket.on('message', (query, { port, address }) => {
  const labels = [];
  for (let at = 12; query[at]; at += query[at] + 1) labels.push(query.subarray(at + 1, at + 1 + query[at]).toString());
  console.log(labels.join('.'));
  query.writeUInt16BE(0x8183, 2);
  socket.send(query, port, address);
}).bind(53, '127.0.0.1', () => console.log('ready'));`;

/** CVE-2024-29018: an engine may ask such a resolver from the machine's own network, whatever the container's is cut off from. */
describe('a machine whose resolver listens on its loopback address', function () {
  this.timeout(120_000);
  const asked: string[] = [];
  let engine: OwnEngine;
  let resolver: ChildProcess;
  let bench: Bench;
  let door: Door;
  before(async function () {
    if (!OwnEngine.possible) this.skip();
    engine = new OwnEngine();
    await engine.start('127.0.0.1');
    resolver = engine.inNetwork([process.execPath, '-e', RESOLVER]);
    const lines = createInterface({ input: resolver.stdout! });
    await once(lines, 'line');
    lines.on('line', (name) => asked.push(name));
    await engine.load(IMAGE);
    bench = await openBench({ env: { DOCKER_HOST: engine.endpoint } });
    await bench.deps.gate.open();
    bench.deps.warm.held.add('petri-net-test');
    const network = await bench.deps.engine.createInternalNetwork('petri-net-test', labels({ installId: bench.store.installId, sandboxId: SANDBOX, runId: '', role: 'gateway' }));
    // Nobody is at the gateway's address; that is the point of it.
    door = { network, address: '192.0.2.1' } as Door;
  });
  after(async () => {
    if (door) await bench.deps.engine.removeNetwork(door.network);
    await bench?.close();
    resolver?.kill();
    await engine?.remove();
  });

  const ask = (name: string, hardening: Partial<Hardening> = {}) => runBehind(bench.deps, door, `${QUICK} getent hosts ${name}`, {
    image: IMAGE, weaken: (spec): ContainerSpec => ({ ...spec, hardening: { ...spec.hardening, ...hardening } }),
  });

  it('hears no name that an install asks for', async () => {
    // Two defences, each of which is enough: the gateway's address, and a search list, with which this engine asks from the container's own network.
    await Promise.all([ask('address.leak.test', { dnsSearch: [] }), ask('search.leak.test', { dns: [] })]);
    // As it would with the engine's own settings; after the questions before, so that they would have been heard as well.
    await ask('neither.leak.test', { dns: [], dnsSearch: [] });
    assert.deepEqual([...new Set(asked)], ['neither.leak.test']);
  });
});
