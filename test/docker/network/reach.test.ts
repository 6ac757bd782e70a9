import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { buildSpec, LABEL } from '../../../src/engine/container/spec';
import { openDoor } from '../../../src/engine/gateway/openDoor';
import type { Door, RegistryHosts } from '../../../src/engine/gateway/door';
import type { ContainerSpec } from '../../../src/engine/ports/containerEngine';
import { SANDBOX } from './support/behindDoor';
import { openInmate, type Inmate } from './support/inmate';
import { programText } from './support/programText';
import { listenerProgram, reachProgram, type Place } from './support/reach';
import { openStage, type Stage } from './support/upstream';

const HOSTS: RegistryHosts = { hosts: ['registry.test'], aliases: {}, named: ['registry.test'] };
const OTHER = 'sb_fedcba9876543210fedcba9876543210';
/** What the engine's own network leads to. */
const NEAR = ['tcp the machine', 'udp the machine', 'icmp the machine', 'tcp a container', 'icmp a container'];
const isNear = ({ how, what, address }: Place) => !address.includes(':') && NEAR.some((near) => `${how} ${what}`.startsWith(near));
/** A name that nobody answers for is asked once, not for half a minute. */
const PATIENCE = 'export RES_OPTIONS="timeout:1 attempts:1"';

describe('what can be reached from inside', function () {
  this.timeout(180_000);
  let stage: Stage;
  let door: Door, neighbour: Door;
  let host: { port: number; addresses: string[]; stop(): Promise<void> };
  let places: Place[];
  /** As a run has it, as an install has it, and one with the engine's own network and a resolver that tells. */
  const inmates = {} as Record<'run' | 'install' | 'weak', Inmate>;
  const reached = {} as Record<keyof typeof inmates, Promise<string[]>>;
  before(async () => {
    stage = await openStage({ 'registry.test': [['self']], 'leak.test': [['self']] });
    host = await listenOnHost(stage);
    [door, neighbour] = await Promise.all([SANDBOX, OTHER].map((sandboxId) => openDoor(stage.deps, { sandboxId, runId: '', hosts: HOSTS }))) as [Door, Door];
    const { image } = stage;
    await Promise.all([
      openInmate(stage.deps, undefined, { image, role: 'run' }).then((inmate) => { inmates.run = inmate; }),
      openInmate(stage.deps, door, { image }).then((inmate) => { inmates.install = inmate; }),
      openInmate(stage.deps, undefined, {
        image, role: 'run', weaken: (spec): ContainerSpec => ({ ...spec, network: 'bridge', hardening: { ...spec.hardening, dns: [stage.upstream.address] } }),
      }).then((inmate) => { inmates.weak = inmate; }),
    ]);
    const { port } = host;
    const everywhere = (what: string, address: string, tcp: number): Place[] => [
      { what, address, port: tcp, how: 'tcp' }, { what, address, port, how: 'udp' }, ...address.includes(':') ? [] : [{ what, address, port: 0, how: 'icmp' as const }],
    ];
    places = [
      ...host.addresses.flatMap((address) => everywhere(`the machine at ${address}`, address, port)),
      // Where an engine puts its own end of a network, if it has one there; one that has none may give it to the gateway.
      ...everywhere('the network\'s first address', door.address.replace(/\.\d+$/, '.1'), port).filter(({ address }) => address !== door.address),
      ...everywhere('host.docker.internal', 'host.docker.internal', port), ...everywhere('the cloud\'s metadata', '169.254.169.254', 80),
      ...everywhere('a container on the engine\'s own network', stage.upstream.address, 443), ...everywhere('the resolver there', stage.upstream.address, 53),
      ...everywhere('a neighbour\'s gateway', neighbour.address, Number(new URL(neighbour.proxy).port)),
      ...everywhere('the internet', '198.51.100.1', 443), ...everywhere('the internet, IPv6', '2001:db8::1', 443),
    ];
    // Side by side: most of it is waiting for answers that do not come.
    for (const who of ['run', 'install', 'weak'] as const) {
      reached[who] = who === 'weak' ? reach(inmates.weak, places.filter(isNear), 20) : reach(inmates[who], places, 3);
      reached[who].catch(() => undefined);
    }
  });
  after(async () => {
    for (const inmate of Object.values(inmates)) await inmate.close();
    await door?.close();
    await neighbour?.close();
    await host?.stop();
    await stage?.close();
  });

  const gatewayOf = async (sandboxId: string) => (await stage.deps.engine.listContainers({ [`${LABEL}install`]: stage.deps.store.installId, [`${LABEL}role`]: 'gateway', [`${LABEL}sandbox`]: sandboxId }))[0]!;
  const reach = async (inmate: Inmate, to: Place[], seconds: number) => {
    const { out, err } = await inmate.run(`${PATIENCE}; exec node -e "$(printf %s ${programText(reachProgram, to, seconds)} | base64 -d)"`);
    assert.ok(out.startsWith('['), err);
    return JSON.parse(out) as string[];
  };

  it('from a run: nothing @smoke @network', async () => assert.deepEqual(await reached.run, []));

  it('from an install: nothing but its gateway @smoke @network', async () => assert.deepEqual(await reached.install, []));

  it('with the engine\'s own network the same tries reach the machine and the neighbours: they would have told', async () => {
    const found = await reached.weak;
    for (const what of NEAR) {
      assert.ok(found.some((one) => one.startsWith(what)), `${what} is not among ${found.join(', ')}`);
    }
  });

  it('from an install the gateway has one open port, and only on its own side @smoke @network', async () => {
    const open = (port: number | string, address: string) => `timeout 4 node -e "require('net').connect(${port}, '${address}').on('connect', () => { console.log('${port}'); process.exit() }).on('error', () => process.exit())"`;
    const { port } = new URL(door.proxy);
    const inside = await inmates.install.run([53, 80, 443, 8080, port].map((one) => open(one, door.address)).join('\n'));
    assert.equal(inside.out, `${port}\n`);
    const [bridge] = (await stage.bench.engine.listNetworks({})).filter(({ name }) => name === 'bridge');
    const outer = await stage.deps.engine.addressOn(bridge!.id, (await gatewayOf(SANDBOX)).id);
    assert.ok(outer);
    assert.equal((await inmates.weak.run(`${open(port, outer)}\n${open(port, door.address)}`)).out, '');
  });

  for (const who of ['run', 'install'] as const) {
    it(`names that ${who === 'run' ? 'a run' : 'an install'} asks for reach no resolver @smoke @network`, async () => {
      const before = (await stage.upstream.questions()).length;
      const ask = ['leak.test', 'registry.test'].map((name) => `getent hosts ${name} &\ntimeout 4 node -e "require('dns').promises.resolve4('${name}').then(console.log, () => {})" &`).join('\n');
      const direct = `node -e "const s = require('dgram').createSocket('udp4').on('error', () => {}); const q = Buffer.from('000101000001000000000000046c65616b04746573740000010001', 'hex'); for (const a of ['127.0.0.11', '${door.address}', '${stage.upstream.address}', '1.1.1.1']) s.send(q, 53, a, () => {}); s.on('message', (m) => console.log('answered')); setTimeout(() => process.exit(), 1500)"\nwait`;
      const { out } = await inmates[who].run(`${PATIENCE}\n${ask}\n${direct}`);
      // The engine's own resolver may answer that it does not know; what it must not do is ask.
      assert.doesNotMatch(out, /\d+\.\d+\.\d+\.\d+/);
      assert.deepEqual((await stage.upstream.questions()).slice(before), []);
    });
  }

  it('with the engine\'s own network and resolver the same names reach it: it would have told', async () => {
    const before = (await stage.upstream.questions()).length;
    assert.match((await inmates.weak.run('getent hosts leak.test')).out, /leak\.test/);
    assert.ok((await stage.upstream.questions()).slice(before).includes('leak.test'));
  });

  it('IPv6 is not there at all', async () => {
    const { out } = await inmates.install.run('cat /proc/net/if_inet6');
    assert.deepEqual(out.split('\n').filter((line) => /^[0-9a-f]{32}/.test(line) && !/ lo$/.test(line) && !/^fe80/.test(line)), []);
  });

  it('the gateway passes no packet on, and is hardened like any container of ours', async () => {
    const { id } = await gatewayOf(SANDBOX);
    const inside = async (script: string) => stage.deps.engine.exec(id, ['sh', '-c', script]);
    for (const [what, script] of Object.entries({
      'ip_forward is off': '[ "$(cat /proc/sys/net/ipv4/ip_forward)" = 0 ]', 'no capability': 'grep -q "CapBnd:.0000000000000000" /proc/1/status', 'not root': '[ "$(id -u)" -ne 0 ]',
      'read-only': '! touch /x 2>/dev/null', 'filtered': 'grep -q "Seccomp:.2" /proc/1/status', 'no new privileges': 'grep -q "NoNewPrivs:.1" /proc/1/status',
    })) assert.equal(await inside(script), 0, what);
  });
});

async function listenOnHost({ deps: { engine, gate, store, warm }, image }: Stage): Promise<{ port: number; addresses: string[]; stop(): Promise<void> }> {
  const name = `petri-listener-${randomBytes(6).toString('hex')}`;
  const spec = buildSpec({
    installId: store.installId, sandboxId: '', runId: '', role: 'run', imageId: image, uid: 39_004, mounts: [], tty: false, engine: await gate.open(),
    launcher: `exec node -e "$(printf %s ${programText(listenerProgram)} | base64 -d)"`,
    limits: { cpus: 1, memory_bytes: 2 ** 28, pids: 64, disk_bytes: 2 ** 20, disk_files: 1000, seconds: 0, output_bytes: 2 ** 20 },
  });
  warm.held.add(name);
  const id = await engine.createContainer(name, { ...spec, network: 'host' as 'none' });
  const attachment = await engine.attach(id);
  const line = new Promise<string>((resolve) => {
    let text = '';
    attachment.onOutput((_stream, chunk) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) resolve(text);
    });
  });
  await engine.startContainer(id);
  return {
    ...JSON.parse(await line) as { port: number; addresses: string[] },
    stop: async () => {
      attachment.destroy();
      await warm.remove(name);
    },
  };
}
