import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Done } from '../../../src/protocol/run';
import { FakeRunner, errorBody, json, sandboxInfo } from '../sdk/fakeRunner';
import { CommandLine, ended } from './commandLine';

describe('petri run', function () {
  // Every test starts processes, on a machine that may be busy.
  this.timeout(20_000);
  let petri: CommandLine;
  let runner: FakeRunner;
  before(async () => { petri = await CommandLine.bundle(); });
  after(() => petri.remove());
  beforeEach(async () => { runner = await FakeRunner.start(); });
  afterEach(() => runner.stop());

  const run = (...args: string[]) => petri.run(runner.env, ['run', ...args]);
  const execBody = () => JSON.parse(runner.bodies.find((body) => body.includes('"command"'))!);
  const endsWith = (done: Partial<Done>) => runner.onExec(async (events) => {
    await events.started();
    await events.done(done);
  });

  it('passes both streams on byte by byte, and adds nothing', async () => {
    const [out, err] = [randomBytes(700_000), randomBytes(700_000)];
    runner.onExec(async (events) => {
      await events.progress({ stage: 'scan', message: 'Looking.' });
      await events.send('notice', { code: 'held-back', message: 'Some files were held back.', paths: ['.env'] });
      await events.started();
      for (let at = 0; at < out.length; at += 50_000) {
        await events.output('stdout', out.subarray(at, at + 50_000));
        await events.output('stderr', err.subarray(at, at + 50_000));
      }
      await events.done();
    });
    const { code, stdout, stderrBytes } = await run('--', 'x');
    assert.equal(code, 0);
    assert.ok(stdout.equals(out));
    assert.ok(stderrBytes.equals(err));
  });

  for (const [done, code] of [
    [{ exit_code: 0 }, 0], [{ exit_code: 42 }, 42],
    [{ exit_code: 127, reason: 'command-not-found' }, 127], [{ exit_code: 126, reason: 'not-executable' }, 126],
    [{ exit_code: 139, reason: 'killed' }, 139], [{ exit_code: 143, reason: 'timed-out' }, 124],
    [{ exit_code: 0, reason: 'out-of-memory' }, 137], [{ exit_code: null, reason: 'disk-full' }, 137],
    [{ exit_code: null, reason: 'cancelled' }, 143], [{ exit_code: 0, reason: 'interrupted' }, 125],
    [{ exit_code: 0, reason: 'unknown' }, 125], [{ exit_code: null, reason: 'failed-to-start' }, 125],
  ] as Array<[Partial<Done>, number]>) {
    it(`ends with ${code} for ${done.reason ?? 'exited'} ${done.exit_code}, and says why when it did not just exit`, async () => {
      endsWith({ ...done, error: done.reason ? 'This is why.' : null });
      const result = await run('--quiet', '--', 'x');
      assert.equal(result.code, code);
      assert.equal(result.stderr, done.reason ? 'petri: This is why.\n' : '');
      assert.equal(result.stdout.length, 0);
    });
  }

  it('sends the folder, the command and the options as they were said', async () => {
    endsWith({});
    const options = ['--cwd', 'src', '-e', 'A=1=2', '--env', 'FROM_HERE', '--memory', '512m', '--cpus', '1.5', '--time', '2m'];
    const result = await run('sub', ...options, '--', 'sh', '-c', 'echo "$A"', '--', '-v');
    assert.equal(result.code, 0, result.stderr);
    assert.equal(JSON.parse(runner.bodies[0]!).folder, `${petri.folder}/sub`);
    assert.deepEqual(execBody(), {
      created_by: 'cli', command: ['sh', '-c', 'echo "$A"', '--', '-v'], cwd: 'src', env: { A: '1=2' }, stdin: true,
      limits: { memory_bytes: 512 * 1024 * 1024, cpus: 1.5, seconds: 120 },
    });
  });

  it('keeps what is chosen for the folder, adding to what was let in before', async () => {
    runner.on(/^POST \/v1\/sandboxes$/, (response) => json(response, 200, sandboxInfo({ allow: ['.env'] })));
    runner.on(/^PATCH/, (response) => json(response, 200, sandboxInfo()));
    endsWith({});
    await run('--language', 'node', '--allow', '.env', '--allow', '*.pem', '--', 'x');
    assert.deepEqual(JSON.parse(runner.bodies[1]!), { language: 'node', allow: ['.env', '*.pem'] });
    runner.bodies.length = 0;
    await run('--language', 'python', '--allow', '.env', '--', 'x');
    assert.ok(!runner.bodies.some((body) => body.startsWith('{"language":"python","allow"')), 'nothing to change, nothing sent');
  });

  it('passes binary stdin on, to its end', async () => {
    const bytes = randomBytes(1_000_000);
    runner.on(/stdin$/, async (response, request) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response.writeHead(204).end();
      echo.resolve(Buffer.concat(chunks));
    });
    const echo = Promise.withResolvers<Buffer>();
    runner.onExec(async (events) => {
      await events.started();
      await events.output('stdout', await echo.promise);
      await events.done();
    });
    const result = await petri.run(runner.env, ['run', '--', 'cat'], { stdin: bytes });
    assert.ok(result.stdout.equals(bytes));
  });

  it('ends when the command does, whatever stdin still holds', async () => {
    endsWith({ exit_code: 5 });
    runner.on(/stdin$/, () => {});
    const child = petri.start(runner.env, ['run', '--', 'true']);
    child.stdin.on('error', () => {}).write('never ends');
    assert.equal((await ended(child)).code, 5);
    const nothing = spawn(process.execPath, [petri.script, 'run', '--', 'true'], { env: runner.env, stdio: ['ignore', 'pipe', 'pipe'] });
    assert.equal((await once(nothing, 'exit'))[0], 5);
    assert.equal(JSON.parse(runner.bodies.at(-1)!).stdin, false);
  });

  for (const [signal, expected] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
    it(`cancels on ${signal} and waits for the end, with one line about it`, async () => {
      const cancelled = Promise.withResolvers<void>();
      runner.on(/cancel$/, (response) => {
        json(response, 200, {});
        cancelled.resolve();
      });
      runner.onExec(async (events) => {
        await events.started();
        await events.output('stdout', 'up\n');
        await cancelled.promise;
        await events.output('stdout', 'down\n');
        await events.done({ reason: 'cancelled', exit_code: 143, error: 'The run was cancelled.' });
      });
      const child = petri.start(runner.env, ['run', '--', 'x']);
      child.stdout.once('data', () => child.kill(signal));
      const result = await ended(child);
      assert.deepEqual([result.code, result.stdout.toString()], [expected, 'up\ndown\n']);
      assert.match(result.stderr, /^petri: cancelling[^\n]*\n$/);
    });
  }

  it('stops waiting at the second Ctrl-C', async () => {
    const cancelled = Promise.withResolvers<void>();
    runner.on(/cancel$/, (response) => {
      json(response, 200, {});
      cancelled.resolve();
    });
    runner.onExec(async (events) => {
      await events.started();
      await events.output('stdout', 'up\n');
    });
    const child = petri.start(runner.env, ['run', '--', 'stubborn']);
    child.stdout.once('data', () => child.kill('SIGINT'));
    void cancelled.promise.then(() => child.kill('SIGINT'));
    assert.equal((await ended(child)).code, 130);
  });

  it('gives up at once on Ctrl-C before the command has started', async () => {
    const gone = Promise.withResolvers<void>();
    runner.onExec(async (events) => {
      events.response.on('close', () => gone.resolve());
      await events.progress({ stage: 'image', message: 'Building.' });
      child.kill('SIGINT');
    });
    const child = petri.start(runner.env, ['run', '--', 'x']);
    assert.equal((await ended(child)).code, 130);
    await gone.promise;
  });

  it('ends the run quietly when its reader leaves, as head does', async () => {
    const gone = Promise.withResolvers<void>();
    runner.on(/cancel$/, (response) => {
      json(response, 200, {});
      gone.resolve();
    });
    runner.onExec(async (events) => {
      await events.started();
      while (!events.response.closed) {
        await events.output('stdout', 'y\n'.repeat(10_000));
        await sleep(0);
      }
      gone.resolve();
    });
    const child = petri.start(runner.env, ['run', '--', 'yes']);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = await once(child, 'exit') as [number];
    await gone.promise;
    assert.deepEqual([code, stderr], [141, '']);
  });

  it('says so when its output cannot be written', async function () {
    if (process.platform !== 'linux') this.skip();
    runner.on(/cancel$/, (response) => json(response, 200, {}));
    runner.onExec(async (events) => {
      await events.started();
      await events.output('stdout', 'x');
      await events.done();
    });
    const child = spawn('sh', ['-c', `exec "$@" > /dev/full`, 'sh', process.execPath, petri.script, 'run', '--', 'x'], { env: runner.env });
    const result = await ended(child);
    assert.equal(result.code, 125);
    assert.match(result.stderr, /could not be written/);
  });

  it('slows the run down when its reader is slow', async () => {
    let sent = 0;
    runner.onExec(async (events) => {
      await events.started();
      for (; sent < 300; sent += 1) await events.output('stdout', Buffer.alloc(128 * 1024, 'z'));
      await events.done();
    });
    const child = petri.start(runner.env, ['run', '--', 'x']);
    await sleep(500);
    assert.ok(sent < 60, `${sent} of 300 chunks had left the runner although nobody read`);
    const { stdout, code } = await ended(child);
    assert.deepEqual([stdout.length, code], [300 * 128 * 1024, 0]);
  });

  it('shows a failure as one sentence and the next step, made printable', async () => {
    const body = errorBody('engine-stopped', 'Docker is \x1b[31mnot\x07 running.', { action: 'Start Docker.', details: ['a\nb'] });
    runner.on(/exec$/, (response) => json(response, 503, body));
    const result = await run('--', 'x');
    assert.equal(result.code, 125);
    assert.equal(result.stderr, 'petri: Docker is \\x1b[31mnot\\x07 running.\n       a\\nb\n       Start Docker.\n');
    assert.equal(result.stdout.length, 0);
  });

  it('never makes a success of a lost runner', async () => {
    runner.onExec(async (events) => {
      await events.started();
      await events.output('stdout', 'half');
      events.response.socket?.destroy();
    });
    const result = await run('--', 'x');
    assert.equal(result.code, 125);
    assert.match(result.stderr, /connection to the runner was lost/);
  });

  it('writes events as JSON lines and nothing else with --json', async () => {
    runner.onExec(async (events) => {
      await events.progress({ stage: 'sync', message: 'Sending.' });
      await events.started();
      await events.output('stdout', 'é\n');
      await events.output('stderr', Buffer.from([0xff]));
      await events.done({ exit_code: 4 });
    });
    const result = await run('--json', '--', 'x');
    const lines = result.stdout.toString().trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(lines.map(({ event }) => event), ['progress', 'started', 'output', 'output', 'done']);
    assert.deepEqual(lines.slice(2, 4), [
      { event: 'output', stream: 'stdout', text: 'é\n' }, { event: 'output', stream: 'stderr', base64: '/w==' },
    ]);
    assert.deepEqual([result.code, result.stderr], [4, '']);
    runner.on(/exec$/, (response) => json(response, 409, errorBody('image-missing', 'No image.')));
    const failed = await run('--json', '--', 'x');
    assert.deepEqual(JSON.parse(failed.stdout.toString()), { event: 'error', error: { code: 'image-missing', message: 'No image.' } });
    assert.equal(failed.code, 125);
  });

  it('tells a watcher-less stderr of a conflict, and of everything with --verbose', async () => {
    runner.onExec(async (events) => {
      await events.progress({ stage: 'scan', message: 'Looking.' });
      await events.send('notice', { code: 'held-back', message: 'Held back.', paths: ['.env'] });
      await events.send('notice', { code: 'conflict', message: 'Both changed.', paths: ['a\x1b]0;x\x07', 'b', 'c', 'd', 'e', 'f', 'g'] });
      await events.started();
      await events.done();
    });
    assert.equal((await run('--', 'x')).stderr, 'petri: Both changed. (a\\x1b]0;x\\x07, b, c, d, e and 2 more)\n');
    assert.match((await run('--verbose', '--', 'x')).stderr, /Looking[^]*Held back\. \(\.env\)[^]*Both changed/);
    assert.equal((await run('--quiet', '--', 'x')).stderr, '');
  });

  it('says on a non-terminal what takes long', async () => {
    runner.onExec(async (events) => {
      await events.progress({ stage: 'image', message: 'Building.' });
      await sleep(3_200);
      await events.progress({ stage: 'sync', message: 'Sending.', done: 3, total: 2000, unit: 'files' });
      await events.started();
      await events.done();
    });
    assert.equal((await run('--', 'x')).stderr, 'petri: Sending. (3 of 2,000)\n');
  });

  it('refuses what it does not understand with 125', async () => {
    for (const args of [
      ['python', 'x.py'], ['--'], ['--language', 'cobol', '--', 'x'], ['--memory', 'lots', '--', 'x'], ['--env', '1=2', '--', 'x'],
      ['--nonsense', '--', 'x'],
    ]) {
      const result = await run(...args);
      assert.equal(result.code, 125, args.join(' '));
      assert.notEqual(result.stderr, '', args.join(' '));
    }
    assert.deepEqual(runner.requests, []);
  });
});
