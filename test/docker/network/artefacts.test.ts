import assert from 'node:assert/strict';
import { openDoor } from '../../../src/engine/gateway/openDoor';
import { artefactVolumeName } from '../../../src/engine/gateway/artefactVolume';
import { buildSpec } from '../../../src/engine/container/spec';
import type { Decision, Door, RegistryHosts } from '../../../src/engine/gateway/door';
import { SANDBOX } from './support/behindDoor';
import { openIntruder, type Intruder } from './support/intruder';
import { openStage, type Stage } from './support/upstream';

const HOSTS: RegistryHosts = { hosts: ['registry.test'], aliases: {}, named: ['registry.test'] };
const OTHER = 'sb_fedcba9876543210fedcba9876543210';

describe('artefacts that gateways keep', function () {
  this.timeout(120_000);
  let stage: Stage;
  const doors: Door[] = [];
  const intruders = new Map<string, Intruder>();
  before(async () => {
    stage = await openStage({ 'registry.test': [['self']] }, { env: { PETRI_ARTEFACTS_MAX_MB: '1' } });
    await Promise.all([SANDBOX, OTHER].map(async (sandboxId) => {
      const door = await openDoor(stage.deps, { sandboxId, runId: '', hosts: HOSTS });
      doors.push(door);
      intruders.set(sandboxId, await openIntruder(stage.deps, door, { image: stage.image }));
    }));
  });
  after(async () => {
    for (const intruder of intruders.values()) await intruder.close();
    for (const door of doors) await door.close();
    await stage?.close();
  });

  /** Through a sandbox's own gateway; answers what was decided, the bodies, and how often the registry was asked. */
  async function fetch(sandboxId: string, paths: string[], head = ''): Promise<{ decisions: Decision[]; bodies: string[]; asked: number }> {
    const before = (await stage.upstream.requests()).length;
    const { outcomes, decisions } = await intruders.get(sandboxId)!.attempt(paths.map((path) => ({ connect: 'registry.test:443', sni: 'registry.test', send: `GET ${path} HTTP/1.1\r\nHost: registry.test\r\n${head}Connection: close\r\n\r\n` })));
    return { decisions, bodies: outcomes.map(({ got }) => got.split('\r\n\r\n').slice(1).join('')), asked: (await stage.upstream.requests()).length - before };
  }

  it('are fetched once for all sandboxes, and every install\'s record has their hash', async () => {
    const first = await fetch(SANDBOX, ['/cached/one']);
    const second = await fetch(OTHER, ['/cached/one', '/cached/one?other']);
    assert.deepEqual([first.asked, second.asked], [1, 1]);
    assert.match(second.bodies[0]!, /artefact one/);
    assert.deepEqual(second.decisions.map(({ rule, status }) => [rule, status]), [['cache', 200], ['registry', 200]]);
    assert.equal(second.decisions[0]!.sha256, first.decisions[0]!.sha256);
    assert.equal(second.decisions[0]!.bytes, first.decisions[0]!.bytes);
  });

  it('are only what HTTP lets a shared cache keep for long', async () => {
    const paths = ['/fresh/a', '/bytes/10', '/redirect/x', '/cut'];
    await fetch(SANDBOX, paths);
    assert.equal((await fetch(SANDBOX, paths)).asked, paths.length);
  });

  it('a part is neither kept nor given for the whole', async () => {
    await fetch(SANDBOX, ['/cached/part'], 'Range: bytes=0-3\r\n');
    assert.equal((await fetch(SANDBOX, ['/cached/part'])).asked, 1);
  });

  it('one that is not what it was is fetched again', async () => {
    await fetch(SANDBOX, ['/cached/changed']);
    await inVolume('for f in /sandbox/artefacts/kept/*; do case $f in *.json) ;; *) printf poisoned > $f ;; esac; done');
    const again = await fetch(OTHER, ['/cached/changed']);
    assert.equal(again.asked, 1);
    assert.match(again.bodies[0]!, /artefact changed/);
    assert.equal((await fetch(SANDBOX, ['/cached/changed'])).asked, 0);
  });

  it('take no more room than they may; the ones not used for longest go', async () => {
    await fetch(SANDBOX, Array.from({ length: 8 }, (_, index) => `/cached/big${index}/200000`));
    const bytes = Number(await inVolume('du -s --apparent-size -B1 /sandbox/artefacts/kept | cut -f1'));
    assert.ok(bytes < 1.1 * 2 ** 20, `${bytes}`);
    assert.equal((await fetch(SANDBOX, ['/cached/big7/200000'])).asked, 0);
    assert.equal((await fetch(SANDBOX, ['/cached/big0/200000'])).asked, 1);
  });

  it('are out of an install\'s reach', async () => {
    const mounts = [{ volume: artefactVolumeName(stage.deps.store.installId), target: '/sandbox/artefacts' }];
    assert.throws(() => buildSpec({
      installId: 'x', sandboxId: SANDBOX, runId: '', role: 'install', imageId: stage.image, uid: 39_002, mounts, tty: false, engine: stage.deps.gate.info!, launcher: '',
      limits: { cpus: 1, memory_bytes: 2 ** 28, pids: 64, disk_bytes: 2 ** 20, disk_files: 1000, seconds: 0, output_bytes: 2 ** 20 },
    }), { code: 'internal' });
  });

  /** As whoever could write to the volume in spite of all: only a test can. */
  async function inVolume(script: string): Promise<string> {
    const { engine, store, gate } = stage.deps;
    const id = await engine.createContainer(`petri-test-${Date.now()}`, buildSpec({
      installId: store.installId, sandboxId: '', runId: '', role: 'gateway', imageId: stage.image, uid: 29_999, tty: false, engine: await gate.open(), launcher: script,
      mounts: [{ volume: artefactVolumeName(store.installId), target: '/sandbox/artefacts' }],
      limits: { cpus: 1, memory_bytes: 2 ** 28, pids: 64, disk_bytes: 2 ** 30, disk_files: 1000, seconds: 0, output_bytes: 2 ** 20 },
    }));
    const attachment = await engine.attach(id);
    let out = '';
    attachment.onOutput((_stream, chunk) => { out += chunk.toString('utf8'); });
    await engine.startContainer(id);
    await engine.waitContainer(id);
    await attachment.closed;
    await engine.removeContainer(id);
    return out;
  }
});
