import assert from 'node:assert/strict';
import { CALL, EngineProxy, type Fate } from '../support/engineProxy';
import { eventually } from '../support/eventually';
import { makeFolder, type Folder } from '../support/folder';
import { openBench, type Bench, type Result } from '../support/petri';
import { assertReceipt } from '../support/receipt';

describe('an engine whose replies are lost', function () {
  this.timeout(120_000);
  let proxy: EngineProxy;
  let bench: Bench;
  let folder: Folder;
  let sandbox: string;
  beforeEach(async () => {
    proxy = await EngineProxy.start();
    bench = await openBench({ env: { DOCKER_HOST: proxy.endpoint } });
    folder = makeFolder({ 'a.txt': 'first' });
    sandbox = await bench.sandbox({ folder: folder.path, language: 'python' });
  });
  afterEach(async () => {
    proxy.judge = () => 'pass';
    await bench.close();
    await proxy.stop();
    folder.remove();
  });

  // `fates`: of the call, and what the run may come to. Nothing of it may read as a success that nobody saw.
  const cold: Array<[string, RegExp]> = [
    ['create', CALL.create], ['seed', CALL.seed], ['attach', CALL.attach], ['start', CALL.start], ['volume create', CALL.createVolume],
  ];
  for (const [name, call] of cold) {
    for (const fate of ['cut-before', 'cut-after'] as Fate[]) {
      it(`${name}, ${fate === 'cut-before' ? 'not heard' : 'done but not told'}: an error, nothing left, and the next run works`, async () => {
        const struck = proxy.once(call, fate);
        const ended = await attempt('cat a.txt');
        await struck;
        assert.ok('code' in ended, `it came to ${JSON.stringify(ended)}`);
        assert.match(String(ended.code), /^(engine-failed|engine-stopped)$/);
        await worksAgain();
      });
    }
  }

  it('the streams, while the command runs: unknown, never a success', async () => {
    await bench.run(sandbox, 'true');
    const ended = await attempt('echo up; sleep 3; echo "the end"', () => proxy.cutStreams());
    isNoSuccess(ended, 'up\n');
    await worksAgain();
  });

  it('the streams with the last output and the end in them: not a success with half its output', async () => {
    await bench.run(sandbox, 'true');
    let bytes = 0;
    proxy.listen = (chunk) => (bytes += chunk.length) < 200_000;
    const ended = await attempt('seq 1 100000');
    isNoSuccess(ended);
    proxy.listen = () => true;
    await worksAgain();
  });

  it('the streams and every answer of an engine that hangs: unknown, told in bounded time', async () => {
    await bench.run(sandbox, 'true');
    let release = () => {};
    const held = new Promise<Fate>((resolve) => { release = () => { proxy.judge = () => 'pass'; resolve('cut-before'); }; });
    const ended = await attempt('echo up; sleep 1', () => {
      proxy.judge = () => held;
      setTimeout(release, 20_000);
      proxy.cutStreams();
    });
    isNoSuccess(ended);
    release();
    await bench.settled(sandbox);
    await worksAgain();
  });

  it('wait, after an end that was seen: the end stands, and the container goes', async () => {
    await bench.run(sandbox, 'true');
    await bench.settled(sandbox);
    const struck = proxy.once(CALL.wait, 'cut-after');
    const { done, stdout } = await bench.run(sandbox, 'echo out; exit 3');
    assert.deepEqual([done.reason, done.exit_code, stdout.toString()], ['exited', 3, 'out\n']);
    await struck;
    await worksAgain();
  });

  it('wait, after a program that killed its launcher: unknown or killed, never a success', async () => {
    await bench.run(sandbox, 'true');
    proxy.judge = (call) => (CALL.wait.test(call) ? 'cut-after' : 'pass');
    isNoSuccess(await attempt('kill -9 $PPID; sleep 1'));
    proxy.judge = () => 'pass';
    await worksAgain();
  });

  for (const fate of ['cut-before', 'cut-after'] as Fate[]) {
    it(`remove, ${fate === 'cut-before' ? 'not heard' : 'done but not told'}: the used container goes all the same`, async () => {
      await bench.run(sandbox, 'true');
      await bench.settled(sandbox);
      const struck = proxy.once(CALL.remove, fate);
      await bench.run(sandbox, 'true');
      await struck;
      await worksAgain();
    });
  }

  it('a create that the engine is slow with, and whose caller gave up, leaves no container', async () => {
    await bench.run(sandbox, 'true');
    await bench.settled(sandbox);
    await bench.petri.resetSandbox(sandbox);
    const abort = new AbortController();
    const struck = proxy.once(CALL.create, 'pass', async () => {
      abort.abort();
      await new Promise((resolve) => setTimeout(resolve, 1000));
    });
    const ended = await attempt('cat a.txt', undefined, abort.signal);
    await struck;
    assert.ok('code' in ended && ended.code === 'cancelled', JSON.stringify(ended));
    await worksAgain();
  });

  type Ended = { code: unknown; message: string } | Result;

  async function attempt(command: string, onOutput?: (text: string) => void, signal?: AbortSignal): Promise<Ended> {
    return bench.run(sandbox, command, { onOutput, signal }).catch((error: { code: unknown; message: string }) => ({ code: error.code, message: error.message }));
  }

  function isNoSuccess(ended: Ended, output?: string): void {
    if ('code' in ended) return;
    const { reason, exit_code: code, error } = ended.done;
    assert.ok(reason === 'unknown' || reason === 'killed', `an invented end: ${reason} ${code}`);
    assert.ok(error, 'it says nothing');
    assert.notEqual(code, 0);
    assert.equal(bench.record(ended.done.run_id).reason, reason);
    if (output !== undefined) assert.equal(ended.stdout.toString(), output);
  }

  /** After the fault: the next run is right, one container and one volume are there, and no record is open. */
  async function worksAgain(): Promise<void> {
    folder.write('a.txt', 'second');
    const { done, stdout } = await bench.run(sandbox, 'cat a.txt');
    assert.deepEqual([done.reason, done.exit_code, stdout.toString()], ['exited', 0, 'second']);
    await bench.settled(sandbox);
    await eventually(async () => {
      const { containers, networks, volumes } = await bench.onEngine();
      return containers.length === 1 && networks.length === 0 && volumes.length === 1;
    }, 'more than the warm container and the volume is left').catch(async (error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(await bench.onEngine())}`);
    });
    assert.deepEqual([bench.store.openRuns(), bench.store.listIntents()], [[], []]);
    await assertReceipt(bench, sandbox);
  }
});
