import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Petri } from '../../../src/sdk/typescript/petri';
import type { Done } from '../../../src/protocol/run';
import { CALL, EngineProxy } from '../support/engineProxy';
import { eventually } from '../support/eventually';
import { makeFolder, type Folder } from '../support/folder';
import { kill, RunnerHome } from '../support/runnerProcess';

/** Longer than any step takes here. */
const STUCK_SECONDS = 20;

describe('the runner is killed at every step of a run', function () {
  this.timeout(120_000);
  let home: RunnerHome;
  let proxy: EngineProxy;
  let folder: Folder;
  let petri: Petri;
  let pid: number;
  before(async () => {
    proxy = await EngineProxy.start();
    home = new RunnerHome({ DOCKER_HOST: proxy.endpoint });
  });
  beforeEach(async () => {
    folder = makeFolder({ 'a.txt': 'first' });
    petri = await home.connect();
    ({ pid } = await petri.status());
  });
  afterEach(() => {
    proxy.judge = () => 'pass';
    proxy.listen = () => true;
    proxy.overhear = () => true;
    petri.close();
    folder.remove();
  });
  after(async () => {
    await home?.remove();
    await proxy?.stop();
  });

  // Before a call is handed on: the intent stands, the engine knows nothing. After: the engine has done it, nobody has seen it.
  const steps: Array<[string, RegExp, 'cut-before' | 'cut-after']> = [
    ['the volume is about to be made', CALL.createVolume, 'cut-before'],
    ['the volume was made', CALL.createVolume, 'cut-after'],
    ['the intent is written', CALL.create, 'cut-before'],
    ['the container was made, its reply not seen', CALL.create, 'cut-after'],
    ['the new volume has its folders', CALL.seed, 'cut-after'],
    ['the streams are connected', CALL.attach, 'cut-after'],
    ['the container is about to start', CALL.start, 'cut-before'],
    ['the container was started', CALL.start, 'cut-after'],
  ];
  for (const [name, call, fate] of steps) {
    it(`a new sandbox, when ${name}`, async () => {
      const sandbox = await home.sandbox(petri, folder.path);
      const struck = proxy.once(call, fate, () => (fate === 'cut-before' ? kill(pid) : undefined));
      const lost = sandbox.exec('cat a.txt').result().then((done) => done, () => undefined);
      await within(struck, name);
      // The engine goes on for itself; the reply finds nobody.
      if (fate === 'cut-after') await kill(pid);
      assert.equal(await lost, undefined);
      await recovers(sandbox.id, undefined);
    });
  }

  it('a new sandbox, and an engine so slow that the container comes after the next start', async () => {
    const sandbox = await home.sandbox(petri, folder.path);
    const struck = proxy.once(CALL.create, 'pass', async () => {
      await kill(pid);
      petri.close();
      petri = await home.connect();
      assert.equal((await petri.status()).engine_error, null);
    });
    const lost = sandbox.exec('cat a.txt').result().then((done) => done, () => undefined);
    await within(struck, 'the next start');
    assert.equal(await lost, undefined);
    await eventually(() => home.log.includes('which came late'), 'nobody has seen the late container');
    await recovers(sandbox.id, undefined);
  });

  it('in the first sync, when the files were sent and nothing was recorded', async () => {
    const sandbox = await home.sandbox(petri, folder.path);
    folder.write('only-then.txt', 'sent by the sync that was lost');
    const struck = struckBeforeCommit();
    const lost = sandbox.exec('cat a.txt').result().then((done) => done, () => undefined);
    await within(struck, 'the commit');
    assert.equal(await lost, undefined);
    rmSync(join(folder.path, 'only-then.txt'));
    await recovers(sandbox.id, undefined);
  });

  it('in a later sync, when the files were sent and nothing was recorded', async () => {
    folder.write('goes.txt', 'goes');
    folder.write('stays.txt', 'stays');
    const sandbox = await home.sandbox(petri, folder.path);
    await sandbox.exec('echo made > made.txt; echo changed > stays.txt').result();
    folder.write('a.txt', 'sent by the sync that was lost');
    folder.write('only-then.txt', 'and this');
    rmSync(join(folder.path, 'goes.txt'));
    const struck = struckBeforeCommit();
    const lost = sandbox.exec('cat a.txt').result().then((done) => done, () => undefined);
    await within(struck, 'the commit');
    assert.equal(await lost, undefined);
    rmSync(join(folder.path, 'only-then.txt'));
    // What runs did stays; what Petri itself had half done is nobody's change.
    await recovers(sandbox.id, undefined, undefined, ['made.txt: only in the sandbox', 'stays.txt: another content']);
  });

  it('when the start was told and the command sent', async () => {
    await struckInARun('sleep 30', (strike) => ({ onStarted: strike }));
  });

  it('when the command runs', async () => {
    await struckInARun('echo up; sleep 30', (strike) => ({ onOutput: strike }));
  });

  it('when the command has ended, before the runner could see it', async () => {
    await struckInARun('echo up; echo "last words"', (strike) => {
      proxy.listen = (chunk) => {
        // NUL and the launcher's tag: the mark behind the program's last byte.
        if (!chunk.includes('\0petri') || !chunk.includes('exited')) return true;
        void strike();
        return false;
      };
      return {};
    });
  });

  it('when its end was seen, while the engine is asked what it says', async () => {
    // 137 may be a kill for memory: the engine is asked before the end is recorded.
    await struckInARun('kill -9 $PPID', (strike) => {
      proxy.judge = async (call) => {
        if (!CALL.wait.test(call)) return 'pass';
        await strike();
        return 'cut-before';
      };
      return {};
    });
  });

  const afterwards: Array<[string, RegExp, 'cut-before' | 'cut-after']> = [
    ['the engine is asked to confirm it', CALL.wait, 'cut-before'],
    ['its container is about to go', CALL.remove, 'cut-before'],
    ['its container went', CALL.remove, 'cut-after'],
    ['the next container is made', CALL.create, 'cut-after'],
  ];
  for (const [name, call, fate] of afterwards) {
    it(`after its end was told, when ${name}`, async () => {
      const sandbox = await home.sandbox(petri, folder.path);
      // The first run pays for the container; what follows the second one is what every later run leaves behind.
      await sandbox.exec('true').result();
      const struck = proxy.once(call, fate, () => kill(pid));
      let id: string | undefined;
      const done = await sandbox.exec('cat a.txt; exit 3', { onStarted: ({ run_id: started }) => { id = started; } }).result().catch(() => undefined);
      await within(struck, name);
      await recovers(sandbox.id, id, done);
    });
  }

  /** The launcher is about to be told that all has arrived; it never hears it. */
  function struckBeforeCommit(): Promise<void> {
    return new Promise((resolve) => {
      proxy.overhear = (chunk) => {
        if (!/ commit '\d+'\n/.test(chunk.toString('latin1'))) return true;
        proxy.overhear = () => true;
        void kill(pid).then(resolve);
        return false;
      };
    });
  }

  /** Runs a command and kills the runner when `when` says so; nobody may have been told an end. */
  async function struckInARun(command: string, when: (strike: () => Promise<void>) => object): Promise<void> {
    const sandbox = await home.sandbox(petri, folder.path);
    await sandbox.exec('true').result();
    // The strike is for the next run, not for what this one leaves to be cleared.
    await eventually(async () => (await sandbox.runs({ limit: 1 }))[0]!.files !== null, 'the first run is not cleared');
    let id: string | undefined;
    let struck = () => {};
    const strike = new Promise<void>((resolve) => (struck = resolve));
    const options = when(async () => {
      await kill(pid);
      struck();
    }) as { onStarted?: () => Promise<void> };
    const lost = sandbox.exec(command, {
      ...options,
      onStarted: async (started) => {
        id = started.run_id;
        await options.onStarted?.();
      },
    }).result().then((done) => done, () => undefined);
    await within(strike, 'the strike');
    assert.equal(await lost, undefined, 'an end was told that nobody saw');
    await recovers(sandbox.id, id);
  }

  /** The next start leaves nothing of the dead runner's, its run reads `interrupted`, and the next run is right. */
  async function recovers(sandboxId: string, runId: string | undefined, told?: Done, changes: string[] = []): Promise<void> {
    proxy.judge = () => 'pass';
    proxy.listen = () => true;
    proxy.overhear = () => true;
    petri.close();
    petri = await home.connect();
    await eventually(async () => (await home.ofSandbox(sandboxId)).containers.length === 0, 'a container is left');
    const sandbox = await petri.sandbox(sandboxId);
    for (const run of await sandbox.runs()) assert.equal(run.status, 'finished');
    if (runId !== undefined) {
      const { reason, exit_code: code } = await petri.run(runId);
      assert.deepEqual([reason, code], told ? [told.reason, told.exit_code] : ['interrupted', null]);
    }
    folder.write('a.txt', 'second');
    let output = '';
    const done = await sandbox.exec('cat a.txt', { onOutput: (_, chunk) => { output += chunk.toString(); } }).result();
    assert.deepEqual([done.reason, done.exit_code, output], ['exited', 0, 'second']);
    assert.deepEqual((await sandbox.verify()).differences.map(({ path, what }) => `${path}: ${what}`).sort(), changes);
    await sandbox.delete();
    assert.deepEqual(await home.ofSandbox(sandboxId), { containers: [], networks: [], volumes: [] });
  }
});

async function within(promise: Promise<void>, what: string): Promise<void> {
  let late: NodeJS.Timeout;
  const timeout = new Promise<never>((_, reject) => { late = setTimeout(() => reject(new Error(`it never came to this: ${what}`)), STUCK_SECONDS * 1000); });
  await Promise.race([promise, timeout]).finally(() => clearTimeout(late));
}
