import assert from 'node:assert/strict';
import type { ContainerSpec } from '../../../src/engine/ports/containerEngine';
import { makeFolder, type Folder } from '../support/folder';
import { openBench, type Bench } from '../support/petri';

/** What there is of a network, its names and its neighbours. */
const LOOK = 'tail -n +3 /proc/net/dev | cut -d: -f1; cat /etc/resolv.conf; hostname; tail -qn +2 /proc/net/unix /proc/net/tcp | wc -l';

describe('a container in the network namespace of the one before it', function () {
  this.timeout(120_000);
  let bench: Bench;
  let folder: Folder;
  let sandbox: string;
  let started: ContainerSpec[];
  let refuse = false;
  before(async () => {
    const specs = new Map<string, ContainerSpec>();
    bench = await openBench({ wrapEngine: (engine) => ({
      ...engine,
      createContainer: async (name, spec) => {
        const id = await engine.createContainer(name, spec);
        specs.set(id, spec);
        return id;
      },
      startContainer: async (id) => {
        const spec = specs.get(id)!;
        if (refuse && typeof spec.network === 'object') throw new Error('refused');
        await engine.startContainer(id);
        started.push(spec);
      },
    }) });
    folder = makeFolder({});
    sandbox = await bench.sandbox({ folder: folder.path });
  });
  beforeEach(() => { started = []; });
  after(async () => {
    await bench?.close();
    folder?.remove();
  });
  const network = (pids: number) => started.find(({ limits }) => limits.pids === pids)?.network;

  it('finds there what a container of its own would: no network, no neighbour, the same names', async function () {
    if ((await bench.engine.info()).name !== 'docker') return this.skip();
    await bench.run(sandbox, 'true');
    await bench.settled(sandbox);
    const own = await bench.run(sandbox, LOOK);
    await bench.settled(sandbox);
    assert.ok(own.started?.warm);
    assert.match(own.stdout.toString(), /^ *lo\n(search \.\n)?nameserver 127\.0\.0\.1\nsandbox\n0\n$/);
    const next = await bench.run(sandbox, LOOK, { limits: { pids: 300 } });
    assert.deepEqual([next.started?.warm, next.stdout.toString()], [false, own.stdout.toString()]);
    assert.ok(typeof network(300) === 'object', 'it was none of its own');
    await bench.settled(sandbox);
    assert.equal((await bench.onEngine()).containers.length, 1, 'the one before it is gone');
  });

  it('gets one of its own where that fails', async () => {
    refuse = true;
    const { done, stdout } = await bench.run(sandbox, LOOK, { limits: { pids: 301 } });
    assert.deepEqual([done.reason, network(301)], ['exited', 'none']);
    assert.match(stdout.toString(), /^ *lo\n/);
    await bench.settled(sandbox);
    assert.equal((await bench.onEngine()).containers.length, 1);
  });
});
