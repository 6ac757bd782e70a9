import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Petri } from '../../../src/sdk/typescript/petri';
import type { Sandbox } from '../../../src/sdk/typescript/sandbox';
import { eventually } from '../support/eventually';
import { makeFolder, type Folder } from '../support/folder';
import { kill, RunnerHome } from '../support/runnerProcess';

/** Numbers on stdout, each with a complaint on stderr, and an exit code of its own. */
const COUNT = (most: number, pause: number) => [
  'python', '-uc', `import sys, time\nfor n in range(${most}):\n  print(n); print("e%d" % n, file=sys.stderr); time.sleep(${pause})\nsys.exit(3)`,
];
const numbers = (most: number, prefix = '') => Array.from({ length: most }, (_, n) => `${prefix}${n}\n`).join('');

describe('a run that outlives its client', function () {
  this.timeout(120_000);
  let home: RunnerHome;
  let petri: Petri;
  let folder: Folder;
  let sandbox: Sandbox;
  before(async () => {
    home = new RunnerHome();
    folder = makeFolder({ 'a.txt': 'a' });
    petri = await home.connect();
    sandbox = await home.sandbox(petri, folder.path);
  });
  after(async () => {
    await home?.remove();
    folder?.remove();
  });

  /** Starts a run from a client that then goes away. */
  async function left(command: string[]): Promise<string> {
    const client = await home.connect();
    const run = (await client.sandbox(sandbox.id)).exec({ command, on_disconnect: 'continue-once-started' });
    run.result().catch(() => {});
    const { run_id: id } = await run.started;
    client.close();
    return id;
  }

  async function follow(id: string, from?: number): Promise<{ stdout: string; stderr: string; exit: number | null; reason: string; error: string | null }> {
    const seen = { stdout: '', stderr: '' };
    const done = await petri.follow(id, { from, onOutput: (stream, chunk) => { seen[stream] += chunk.toString(); } });
    return { ...seen, exit: done.exit_code, reason: done.reason, error: done.error };
  }

  it('goes on, and is followed by others from its first byte to its end, whenever they come', async () => {
    const id = await left(COUNT(60, 0.03));
    const early = follow(id);
    await sleep(700);
    const late = follow(id);
    const whole = { stdout: numbers(60), stderr: numbers(60, 'e'), exit: 3, reason: 'exited', error: null };
    assert.deepEqual(await early, whole);
    assert.deepEqual(await late, whole);
    assert.deepEqual(await follow(id), whole, 'after its end');
    const tail = await follow(id, -4);
    assert.equal(tail.stdout.length + tail.stderr.length, 4);
  });

  it('is not held back by one who follows slowly, nor ended by one who stops following', async () => {
    const id = await left(['sh', '-c', 'head -c 30000000 /dev/zero; sleep 1; echo end']);
    const stop = new AbortController();
    const slow = petri.follow(id, { signal: stop.signal, onOutput: () => sleep(500) });
    await eventually(async () => (await petri.run(id)).status === 'finished', 'it was held back', 20);
    stop.abort();
    await assert.rejects(slow, { code: 'cancelled' });
    assert.equal((await petri.run(id)).exit_code, 0);
    assert.equal((await follow(id, -4)).stdout, 'end\n');
  });

  it('is cancelled by any client, and says so to those who follow', async () => {
    const id = await left(['sleep', '600']);
    const following = follow(id);
    await petri.cancelRun(id);
    assert.partialDeepStrictEqual(await following, { reason: 'cancelled', error: 'The run was cancelled.' });
  });

  it('is followed on the command line, which ends with it, or before it by Ctrl-C', async () => {
    const id = await left(COUNT(30, 0.03));
    const logs = spawn(process.execPath, [home.entry, 'logs', '-f', id], { env: home.env });
    const [stdout, stderr] = await Promise.all([text(logs.stdout), text(logs.stderr), once(logs, 'close')]);
    assert.deepEqual([stdout, stderr], [numbers(30), numbers(30, 'e')]);
    const long = await left(['sh', '-c', 'echo begun; sleep 600']);
    const interrupted = spawn(process.execPath, [home.entry, 'logs', '-f', long], { env: home.env });
    await once(interrupted.stdout, 'data');
    interrupted.kill('SIGINT');
    await once(interrupted, 'close');
    assert.equal((await petri.run(long)).status, 'running');
    await petri.cancelRun(long);
  });

  it('killed with its runner, reads interrupted, with what it had written', async () => {
    const id = await left(['sh', '-c', 'echo before; sleep 600']);
    await eventually(async () => (await textOf(id)) === 'before\n', 'its output is not in the log');
    await kill((await home.pid())!);
    petri = await home.connect();
    assert.partialDeepStrictEqual(await follow(id), { stdout: 'before\n', reason: 'interrupted' });
  });

  async function textOf(id: string): Promise<string> {
    let all = '';
    for await (const { chunk } of petri.runLog(id)) all += chunk.toString();
    return all;
  }

  async function text(stream: NodeJS.ReadableStream): Promise<string> {
    let all = '';
    for await (const chunk of stream) all += String(chunk);
    return all;
  }
});
