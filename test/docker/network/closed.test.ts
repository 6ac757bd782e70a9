import assert from 'node:assert/strict';
import { openDoor } from '../../../src/engine/gateway/openDoor';
import type { RegistryHosts } from '../../../src/engine/gateway/door';
import { LABEL } from '../../../src/engine/container/spec';
import { openBench } from '../support/petri';
import { eventually } from '../support/eventually';
import { runBehind, SANDBOX } from './support/behindDoor';
import { openStage, type Stage } from './support/upstream';

const HOSTS: RegistryHosts = { hosts: ['registry.test'], aliases: {}, named: ['registry.test'] };

describe('a gateway that ends', function () {
  this.timeout(120_000);
  let stage: Stage;
  before(async () => { stage = await openStage({ 'registry.test': [['self']] }); });
  after(() => stage?.close());

  const gatewayOf = async () => (await stage.deps.engine.listContainers({ [`${LABEL}role`]: 'gateway', [`${LABEL}sandbox`]: SANDBOX, [`${LABEL}install`]: stage.deps.store.installId }))[0]!;
  const download = (path: string) => `curl_() { node -e "const {connect} = require('net'); const p = new URL(process.env.HTTPS_PROXY); const s = connect(p.port, p.hostname, () => s.write('CONNECT registry.test:443 HTTP/1.1\\r\\nHost: registry.test:443\\r\\n\\r\\n')); s.once('data', () => { const t = require('tls').connect({socket: s, servername: 'registry.test', ca: require('fs').readFileSync(process.env.SSL_CERT_FILE)}, () => t.write('GET ${path} HTTP/1.1\\r\\nHost: registry.test\\r\\nConnection: close\\r\\n\\r\\n')); let n = 0; t.on('data', (d) => { n += d.length; if (n < 70000) console.log('begun'); }).on('close', () => { console.log('got', n); process.exit(n > 1e9 ? 0 : 7); }).on('error', () => process.exit(8)); }); s.on('error', () => process.exit(9)); s.on('close', () => process.exit(7))"; }; curl_`;

  it('in the middle of a download: the install fails, the door says so, and nothing opens @smoke @network', async () => {
    const door = await openDoor(stage.deps, { sandboxId: SANDBOX, runId: '', hosts: HOSTS });
    const running = runBehind(stage.deps, door, `${download('/huge/2000000000')}; code=$?; RES_OPTIONS='timeout:1 attempts:1' getent hosts registry.test; node -e "require('net').connect(443, '${stage.upstream.address}').on('connect', () => console.log('OPEN')).on('error', (e) => console.log(e.code)); setTimeout(() => process.exit(), 2000)"; exit $code`, { image: stage.image, registries: HOSTS });
    await eventually(async () => (await stage.upstream.requests()).length > 0, 'no download began', 60);
    await stage.deps.engine.killContainer((await gatewayOf()).id, 'SIGKILL');
    const reason = await door.lost;
    assert.equal(reason.code, 'engine-failed');
    assert.match(reason.message, /gateway/);
    const { out, exitCode } = await running;
    assert.ok([7, 8, 9].includes(exitCode), `${exitCode} ${out}`);
    assert.doesNotMatch(out, /OPEN|\d+\.\d+\.\d+\.\d+/);
    await door.close();
    const left = await stage.bench.onEngine();
    assert.deepEqual(left.networks, []);
    assert.ok(!left.containers.some((name) => name.startsWith('petri-gateway-')));
  });

  it('on purpose is no loss, and leaves nothing', async () => {
    const door = await openDoor(stage.deps, { sandboxId: SANDBOX, runId: '', hosts: HOSTS });
    let lost = false;
    void door.lost.then(() => { lost = true; });
    await door.close();
    assert.deepEqual((await stage.bench.onEngine()).networks, []);
    assert.equal(lost, false);
    assert.deepEqual(stage.deps.store.listIntents(), []);
  });

  it('whatever step of opening fails or is cancelled, nothing is left', async () => {
    const { engine } = stage.deps;
    const steps = ['createInternalNetwork', 'createContainer', 'connectNetwork', 'attach', 'startContainer', 'addressOn'] as const;
    for (const step of steps) {
      const broken = { ...engine, [step]: () => Promise.reject(new Error(`no ${step}`)) };
      await assert.rejects(openDoor({ ...stage.deps, engine: broken }, { sandboxId: SANDBOX, runId: '', hosts: HOSTS }), /no /, step);
      const left = await stage.bench.onEngine();
      assert.deepEqual([left.networks, left.containers.filter((name) => name.startsWith('petri-gateway-')), stage.deps.store.listIntents()], [[], [], []], step);
    }
    await assert.rejects(openDoor(stage.deps, { sandboxId: SANDBOX, runId: '', hosts: HOSTS, signal: AbortSignal.abort() }), { code: 'cancelled' });
    await assert.rejects(openDoor(stage.deps, { sandboxId: SANDBOX, runId: '', hosts: { hosts: ['not a host'], aliases: {} } }), { code: 'bad-request' });
    assert.deepEqual((await stage.bench.onEngine()).networks, []);
  });

  it('its runner died: the gateway goes with it, and the next start clears what is left', async () => {
    const bench = await openBench({ stateFolder: stage.bench.stateFolder });
    const door = await openDoor(stage.deps, { sandboxId: SANDBOX, runId: '', hosts: HOSTS });
    try {
      // Another Petri of the same installation that holds nothing: what the first one made is a dead runner's to it.
      await bench.petri.status();
      await bench.deps.gate.open();
      const left = await bench.onEngine();
      assert.deepEqual([left.networks, left.containers], [[], []]);
      assert.equal((await door.lost).code, 'engine-failed');
    } finally {
      await door.close();
      await bench.petri.shutdown('now');
    }
  });
});
