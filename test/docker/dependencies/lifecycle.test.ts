import assert from 'node:assert/strict';
import { SandboxDependencies } from '../../../src/engine/dependencies/sandboxDependencies';
import { eventually } from '../support/eventually';
import { makeFolder } from '../support/folder';
import { openBench, type Bench } from '../support/petri';
import { kill, RunnerHome } from '../support/runnerProcess';

const USES_SIX = 'import six\nprint("six", six.__name__)\n';

describe('a dependency set', function () {
  this.timeout(600_000);
  let bench: Bench;
  before(async () => { bench = await openBench(); });
  after(() => bench?.close());

  it('is installed once; the check before a run costs next to nothing; a failed or cancelled install leaves it in use', async () => {
    const { folder, sandbox } = await bench.folderSandbox({ 'requirements.txt': 'six==1.17.0\n', 'main.py': USES_SIX }, 'python');
    assert.equal((await bench.run(sandbox, ['python', 'main.py'])).stdout.toString(), 'six six\n');
    const { current: first } = await bench.petri.dependencies(sandbox);
    assert.equal(first?.status, 'ready');

    const { check } = SandboxDependencies.prototype;
    const times: number[] = [];
    SandboxDependencies.prototype.check = async function timed(...given) {
      const started = performance.now();
      return check.apply(this, given).finally(() => times.push(performance.now() - started));
    };
    try {
      for (let round = 0; round < 5; round += 1) assert.equal((await bench.run(sandbox, ['python', 'main.py'])).installed, '');
    } finally {
      SandboxDependencies.prototype.check = check;
    }
    process.stdout.write(`      checks before runs: ${times.map((time) => time.toFixed(2)).join(', ')} ms\n`);

    folder.write('requirements.txt', 'six==1.17.0\npetri-no-such-package-7f3a\n');
    await assert.rejects(bench.run(sandbox, ['python', 'main.py']), { code: 'package-unknown', message: /petri-no-such-package-7f3a/ });
    await bench.petri.updateSandbox(sandbox, { dependencies: { auto: false } });
    assert.equal((await bench.run(sandbox, ['python', 'main.py'])).stdout.toString(), 'six six\n');
    await bench.petri.updateSandbox(sandbox, { dependencies: { auto: null } });

    folder.write('requirements.txt', 'six==1.17.0\nscipy\n');
    const stop = new AbortController();
    const cancelled = bench.run(sandbox, ['python', 'main.py'], { signal: stop.signal });
    await eventually(async () => (await bench.petri.dependencies(sandbox)).latest?.status === 'installing', 'no install began', 60);
    stop.abort();
    await assert.rejects(cancelled, { code: 'cancelled' });
    assert.equal((await bench.petri.dependencies(sandbox)).latest?.status, 'cancelled');

    folder.write('requirements.txt', 'six==1.17.0\n');
    const back = await bench.run(sandbox, ['python', 'main.py']);
    assert.deepEqual([back.installed, back.stdout.toString()], ['', 'six six\n']);
    assert.equal((await bench.petri.dependencies(sandbox)).current?.id, first?.id);
    await eventually(async () => (await bench.onEngine()).volumes.filter((name) => name.includes('-deps-')).length === 1, 'volumes of failed installs are left', 30);
  });

  it('is installed in two sandboxes at once, read-only for runs, and goes with its sandbox', async () => {
    const make = () => bench.folderSandbox({ 'requirements.txt': 'six==1.17.0\n', 'main.py': USES_SIX }, 'python');
    const sandboxes = (await Promise.all([make(), make()])).map(({ sandbox }) => sandbox);
    const runs = await Promise.all(sandboxes.map((id) => bench.run(id, ['python', 'main.py'])));
    assert.deepEqual(runs.map(({ stdout }) => stdout.toString()), ['six six\n', 'six six\n']);
    const touched = await bench.run(sandboxes[0]!, 'touch /sandbox/deps/venv/x; touch /sandbox/deps/x; true');
    assert.match(touched.stderr.toString(), /Read-only file system[^]*Read-only file system/);
    const volumes = (await bench.onEngine()).volumes.length;
    await bench.petri.deleteSandbox(sandboxes[0]!);
    assert.equal((await bench.onEngine()).volumes.length, volumes - 2);
  });

  it('that was being installed when the runner was killed leaves nothing, and the next run installs it', async () => {
    const home = new RunnerHome();
    const folder = makeFolder({ 'requirements.txt': 'six==1.17.0\n', 'main.py': USES_SIX });
    try {
      const sandbox = await home.sandbox(await home.connect(), folder.path);
      const killed = sandbox.exec(['python', 'main.py']).result().catch((error: unknown) => error);
      await eventually(async () => (await home.ofSandbox(sandbox.id)).volumes.some((name) => name.includes('-deps-')), 'no install began', 120);
      await kill((await home.pid())!);
      await killed;
      const again = await (await home.connect()).sandbox(sandbox.id);
      await again.sync();
      // A slow engine makes what the dead runner asked for after the next one's start.
      await eventually(async () => {
        const { volumes, networks, containers } = await home.ofSandbox(sandbox.id);
        return !volumes.some((name) => name.includes('-deps-')) && networks.length === 0 && containers.length <= 1;
      }, 'something of the unfinished install is left', 90);
      assert.equal((await again.dependencies()).latest?.status, 'interrupted');
      const chunks: Buffer[] = [];
      await again.exec(['python', 'main.py'], { onOutput: (_, chunk) => void chunks.push(chunk) }).result();
      assert.equal(Buffer.concat(chunks).toString(), 'six six\n');
    } finally {
      await home.remove();
      folder.remove();
    }
  });
});
