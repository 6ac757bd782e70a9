import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from '../../../src/protocol/changes';
import type { Run } from '../../../src/protocol/run';
import type { CleanupItem, EngineStatus } from '../../../src/protocol/runner';
import { pathsOf } from '../../../src/sdk/typescript/localFiles';
import { EventStream, FakeRunner, RUN_ID, SANDBOX_ID, errorBody, json, sandboxInfo } from '../sdk/fakeRunner';
import { CommandLine, ended } from './commandLine';

const HOSTILE = 'a\x1b[2Jb\nc\u202Etxt.exe';
const HOSTILE_SHOWN = 'a\\x1b[2Jb\\nc\\u202etxt.exe';

describe('petri\'s other commands', function () {
  this.timeout(20_000);
  let petri: CommandLine;
  let runner: FakeRunner;
  let folder: string;
  before(async () => { petri = await CommandLine.bundle(); });
  after(() => petri.remove());
  beforeEach(async () => {
    runner = await FakeRunner.start();
    folder = mkdtempSync(join(tmpdir(), 'petri-folder-'));
    runner.on(/^GET \/v1\/sandboxes$/, (response) => json(response, 200, [sandboxInfo({ folder })]));
    runner.on(/^GET \/v1\/sandboxes\/sb_a+$/, (response) => json(response, 200, sandboxInfo({ folder })));
  });
  afterEach(async () => {
    await runner.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (...args: string[]) => {
    const result = await petri.run(runner.env, args, { cwd: folder });
    return { code: result.code, stdout: result.stdout.toString(), bytes: result.stdout, stderr: result.stderr };
  };

  /** What the sandbox has, beside what the folder has. */
  const changed = (files: Record<string, { host?: Buffer | string; box?: Buffer | string; type?: Change['type']; more?: Partial<Change> }>) => {
    const changes = Object.entries(files).map(([path, { host, box, type = 'file', more }]): Change => {
      if (host !== undefined) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), host);
      }
      const kind = host === undefined ? 'created' : box === undefined ? 'deleted' : 'changed';
      return { path, kind, type, size: box?.length ?? 0, pullable: true, ...more };
    });
    runner.on(/changes$/, (response) => json(response, 200, { receipt: 'r'.repeat(64), changes }));
    runner.on(/file$/, (response, _request, url) => {
      const box = files[url.searchParams.get('path')!]?.box;
      if (box === undefined) return json(response, 404, errorBody('not-found', 'No such file.'));
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(box);
    });
  };

  describe('diff', () => {
    it('is a patch that turns the folder\'s files into the sandbox\'s, byte for byte', async () => {
      const lines = Array.from({ length: 60 }, (_, index) => `line ${index}`);
      const edited = lines.with(3, 'changed').toSpliced(40, 5).concat('more');
      const files = {
        'src/app.py': { host: `${lines.join('\n')}\n`, box: `${edited.join('\n')}\n` },
        'no end': { host: 'a\nb', box: 'a\nc' },
        'latin1.txt': { host: Buffer.from('caf\xe9\nx\n', 'latin1'), box: Buffer.from('caf\xe9\ny \xff\n', 'latin1') },
        'crlf.txt': { host: 'a\r\nb\r\n', box: 'a\r\nb\nc\r\n' },
        'made/new ü.txt': { box: 'one\ntwo\n' },
        'gone.txt': { host: 'x\n' },
        'emptied': { host: 'x\n', box: '' },
        [HOSTILE]: { box: 'x\n' },
        '-"q" \\ü': { host: 'x\n', box: 'y\n' },
      };
      changed(files);
      const { bytes, code, stderr } = await run('diff');
      assert.deepEqual([code, stderr], [0, '']);
      const copy = join(petri.folder, 'copy');
      cpSync(folder, copy, { recursive: true });
      const env = { ...process.env, GIT_CEILING_DIRECTORIES: petri.folder };
      execFileSync('git', ['apply', '-p1', '-'], { cwd: copy, input: bytes, env });
      for (const [path, { box }] of Object.entries(files) as Array<[string, { box?: Buffer | string }]>) {
        if (box === undefined) assert.ok(!existsSync(join(copy, path)), path);
        else assert.deepEqual(readFileSync(join(copy, path)), Buffer.from(box), path);
      }
    });

    it('is one for links and modes too', async () => {
      symlinkSync('old place', join(folder, 'turned'));
      changed({
        'run.sh': { host: 'x\n', box: 'x\n', more: { old_mode: 0o644, mode: 0o755 } },
        'made.sh': { box: 'y\n', more: { mode: 0o755 } },
        'link': { type: 'symlink', more: { mode: 0o777, target: 'run.sh' } },
        'turned': { type: 'symlink', more: { kind: 'changed', old_mode: 0o777, mode: 0o777, old_target: 'old place', target: 'new place' } },
      });
      const { bytes, stdout } = await run('diff');
      assert.match(stdout, /^old mode 100644\nnew mode 100755\nOnly the mode differs, 644 → 755: run\.sh$/m);
      const copy = join(petri.folder, 'copy of links');
      cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
      execFileSync('git', ['apply', '-p1', '-'], { cwd: copy, input: bytes, env: { ...process.env, GIT_CEILING_DIRECTORIES: petri.folder } });
      assert.deepEqual(['run.sh', 'made.sh'].map((path) => (statSync(join(copy, path)).mode & 0o111) !== 0), [true, true]);
      assert.deepEqual(['link', 'turned'].map((path) => readlinkSync(join(copy, path))), ['run.sh', 'new place']);
    });

    it('names what it cannot show line by line', async () => {
      const big = { host: 'x\n'.repeat(3_000_000), box: 'y\n'.repeat(3_000_000) };
      changed({ 'a.bin': { host: 'a\0b', box: 'a\0c' }, 'big.txt': big, 'mode.sh': { host: 'x', box: 'x' } });
      const { stdout } = await run('diff');
      assert.match(stdout, /^Binary files differ: a\.bin$/m);
      assert.match(stdout, /^Files differ, too large to compare line by line: big\.txt$/m);
      assert.match(stdout, /^Only the mode differs: mode\.sh$/m);
      changed({ 'way': { type: 'symlink' }, 'made': { type: 'folder' }, 'huge.bin': {} });
      assert.equal((await run('diff')).stdout, 'diff --git a/way b/way\nnew file mode 120000\nSymbolic link created: way\nFolder created: made\n'
        + 'diff --git a/huge.bin b/huge.bin\nnew file mode 100644\nFiles differ, one of them cannot be shown: huge.bin\n');
    });

    it('gives up on files made to be slow to compare', async () => {
      const noise = (seed: number) => Array.from({ length: 60_000 }, (_, index) => `${(index * seed) % 7919}`).join('\n');
      changed({ slow: { host: noise(31), box: noise(37) } });
      assert.match((await run('diff')).stdout, /too large to compare/);
    });

    it('takes paths, and shows names, counts and JSON', async () => {
      changed({ 'src/a': { host: '1\n2\n', box: '1\n3\n4\n' }, 'src/b': { box: 'x\n' }, 'srcs': { box: 'x\n' } });
      assert.equal((await run('diff', '.', './src/', '--name-only')).stdout, 'src/a\nsrc/b\n');
      assert.equal((await run('diff', '--name-only', folder, join(folder, 'srcs'))).stdout, 'srcs\n');
      assert.equal((await run('diff', '--stat')).stdout, ' src/a | 3 ++-\n src/b | 1 +\n srcs  | 1 +\n');
      assert.deepEqual(JSON.parse((await run('diff', '--json', '.', 'srcs')).stdout).changes.map(({ path }: Change) => path), ['srcs']);
    });

    it('lets no name of the sandbox reach the terminal as it is', async () => {
      changed({ [HOSTILE]: { box: 'x\n' } });
      for (const args of [[], ['--stat'], ['--name-only']]) {
        const { stdout } = await run('diff', ...args);
        assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\u202e]/, args.join());
        assert.ok(stdout.includes(args.length > 0 ? HOSTILE_SHOWN : '+++ "b/a\\033[2Jb\\nc\\342\\200\\256txt.exe"'), stdout);
      }
    });

    it('reads nothing on the host but files of the folder', async () => {
      const secret = join(petri.folder, 'secret');
      writeFileSync(secret, 'SECRET\n');
      changed({ 'link': { host: '', box: 'x\n' }, 'pipe': { host: '', box: 'x\n' }, '../secret': { box: 'x\n' } });
      rmSync(join(folder, 'link'));
      symlinkSync(secret, join(folder, 'link'));
      rmSync(join(folder, 'pipe'));
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      const { stdout, code } = await run('diff');
      assert.equal(code, 0);
      assert.doesNotMatch(stdout, /SECRET/);
    });
  });

  describe('pull', () => {
    beforeEach(() => {
      changed({ 'src/a': { host: '1', box: '2' }, 'src/b': { box: 'x' }, [HOSTILE]: { box: 'x' } });
      runner.on(/pull$/, (response) => json(response, 200, { applied: JSON.parse(runner.bodies.at(-1)!).paths, refused: [] }));
    });
    const asked = () => runner.requests.some((line) => line.endsWith('/pull'));

    it('applies what is named, or all', async () => {
      assert.equal((await run('pull', '.', 'src')).stdout, 'src/a\nsrc/b\n');
      assert.deepEqual(JSON.parse(runner.bodies.at(-1)!), { paths: ['src/a', 'src/b'] });
      assert.equal((await run('pull', '--all')).stdout, `src/a\nsrc/b\n${HOSTILE_SHOWN}\n`);
    });

    it('only lists with --dry-run, and asks for a choice where nobody can be asked', async () => {
      assert.equal((await run('pull', '--dry-run')).stdout, `M src/a\nA src/b\nA ${HOSTILE_SHOWN}\n`);
      const { code, stderr } = await run('pull');
      assert.equal(code, 1);
      assert.match(stderr, /--all/);
      assert.ok(!asked());
    });

    it('names what was left alone, and ends with 1', async () => {
      const refused = [{ path: 'src/a', reason: 'the folder\'s file changed' }];
      runner.on(/pull$/, (response) => json(response, 200, { applied: ['src/b'], refused }));
      const { code, stdout, stderr } = await run('pull', '--all');
      assert.deepEqual([code, stdout], [1, 'src/b\n']);
      assert.equal(stderr, 'petri: 1 path left alone:\n  src/a: the folder\'s file changed\n');
    });

    it('has nothing to do where nothing changed', async () => {
      changed({});
      assert.equal((await run('pull', '--all')).stdout, 'Nothing to pull.\n');
      assert.ok(!asked());
    });
  });

  it('syncs and says what travelled', async () => {
    const synced = { receipt: 'abc', generation: 3, sent_files: 2, sent_bytes: 2048, deleted_files: 1, total_files: 1200 };
    runner.on(/sync$/, async (response) => {
      const events = new EventStream(response);
      await events.progress({ stage: 'scan', message: 'Looking.' });
      await events.send('done', synced);
      response.end();
    });
    assert.equal((await run('sync')).stdout, 'Sent 2 files (2.0 KiB), deleted 1 file; the sandbox has 1,200 files, receipt abc.\n');
    assert.deepEqual(JSON.parse((await run('sync', '--json')).stdout), synced);
  });

  it('verifies, and ends with 1 on a difference', async () => {
    const verified = { same: true, host_root: 'h', sandbox_root: 'h', files: 3, bytes: 10, differences: [] as unknown[] };
    runner.on(/verify$/, async (response) => {
      const events = new EventStream(response);
      await events.send('done', verified);
      response.end();
    });
    const fine = await run('verify');
    assert.deepEqual([fine.code, fine.stdout], [0, 'The same on both sides: 3 files, 10 B, root h.\n']);
    Object.assign(verified, { same: false, sandbox_root: 's', differences: [{ path: HOSTILE, what: 'content' }] });
    const { code, stdout } = await run('verify');
    assert.equal(code, 1);
    assert.ok(stdout.endsWith(`  ${HOSTILE_SHOWN}: content\n`), stdout);
  });

  it('lists sandboxes in aligned columns, with hostile names spelled out', async () => {
    const other = sandboxInfo({ id: `sb_${'c'.repeat(32)}`, folder: `/x/${HOSTILE}`, status: 'stopped', active_runs: 12 });
    runner.on(/^GET \/v1\/sandboxes$/, (response) => json(response, 200, [sandboxInfo({ folder: '/home/ada/ü' }), other]));
    const { stdout } = await run('list');
    const [head, ...rows] = stdout.trimEnd().split('\n');
    assert.equal(rows.length, 2);
    const at = head!.indexOf('FOLDER');
    assert.deepEqual(rows.map((row) => row.slice(at)), ['/home/ada/ü', `/x/${HOSTILE_SHOWN}`]);
    assert.deepEqual(rows.map((row) => row.slice(head!.indexOf('RUNS'), head!.indexOf('RUNS') + 4)), ['   0', '  12']);
    assert.equal(JSON.parse((await run('list', '--json')).stdout).length, 2);
  });

  it('finds a sandbox by id, by its beginning, by folder, by a link to the folder, and creates none', async () => {
    const link = join(petri.folder, 'link-to-folder');
    symlinkSync(folder, link);
    for (const reference of [SANDBOX_ID, 'sb_aaaa', folder, '.', link]) {
      assert.equal(JSON.parse((await run('inspect', reference, '--json')).stdout).id, SANDBOX_ID, reference);
    }
    rmSync(link);
    const { code, stderr } = await run('inspect', '/somewhere/else');
    assert.equal(code, 1);
    assert.match(stderr, /^petri: There is no sandbox for \/somewhere\/else\.\n {7}petri list/);
    assert.ok(!runner.requests.includes('POST /v1/sandboxes'));
    assert.match((await run('inspect')).stdout, /^Id {10}sb_a+$/m);
  });

  it('lists runs, and shows what one wrote on the streams it wrote to', async () => {
    const one: Partial<Run> = {
      id: RUN_ID, command: ['echo', HOSTILE], status: 'finished', reason: 'exited', exit_code: 2,
      started_at: '2026-01-02T03:04:05.678Z', duration_ms: 1234,
      files: { created: ['a'], changed: [], deleted: ['b', 'c'], shared: false },
    };
    runner.on(/runs$/, (response) => json(response, 200, [one]));
    const row = (await run('runs')).stdout.split('\n')[1]!;
    assert.match(row, /2026-01-02 03:04:05 +1\.2 s +exit 2 +\+1 ~0 -2 +echo /);
    assert.ok(row.includes(HOSTILE_SHOWN));
    runner.on(new RegExp(`GET /v1/runs/${RUN_ID}/log`), async (response) => {
      const events = new EventStream(response);
      await events.output('stdout', Buffer.from([0, 255]));
      await events.output('stderr', 'oops\n');
      await events.send('done', {});
      response.end();
    });
    const log = await run('logs', RUN_ID);
    assert.deepEqual([log.bytes, log.stderr], [Buffer.from([0, 255]), 'oops\n']);
  });

  it('shows the runner\'s own log, also when there is no runner, and follows it', async () => {
    const { runnerLog } = pathsOf({ env: { PETRI_HOME: runner.home } });
    writeFileSync(runnerLog, Array.from({ length: 300 }, (_, index) => `line ${index}\n`).join(''));
    await runner.kill();
    assert.equal((await run('logs', '-n', '2')).stdout, 'line 298\nline 299\n');
    const child = petri.start(runner.env, ['logs', '-f', '-n', '1']);
    child.stdout.once('data', () => void sleep(100).then(() => appendFileSync(runnerLog, 'new ü\n')));
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes('new')) child.kill('SIGINT');
    });
    assert.equal((await ended(child)).stdout.toString(), 'line 299\nnew ü\n');
  });

  it('deletes and cleans up only when told so', async () => {
    const deletes = () => runner.requests.filter((line) => line.startsWith('DELETE')).length;
    runner.on(/^DELETE/, (response) => void response.writeHead(204).end());
    changed({});
    assert.equal((await run('rm', '.')).code, 1);
    assert.equal(deletes(), 0);
    assert.equal((await run('rm', '.', '--yes')).stdout, 'Deleted.\n');
    assert.equal(deletes(), 1);

    const resets = () => runner.requests.filter((line) => line.endsWith('/reset')).length;
    runner.on(/\/reset$/, (response) => json(response, 200, sandboxInfo({ folder })));
    assert.equal((await run('reset', '.')).code, 1);
    assert.equal(resets(), 0);
    assert.match((await run('reset', folder, '-y')).stdout, /^Reset\. /);
    assert.equal(resets(), 1);

    const items: CleanupItem[] = [
      { id: 'v1', kind: 'volume', name: HOSTILE, why: 'no sandbox', bytes: 5_000_000 },
      { id: 'i1', kind: 'image', name: 'petri-go', why: 'unused', bytes: null },
    ];
    runner.on(/^GET \/v1\/cleanup$/, (response) => json(response, 200, { items }));
    runner.on(/^POST \/v1\/cleanup$/, (response) => json(response, 200, { removed: ['v1'], failed: [{ id: 'i1', reason: 'in use' }] }));
    const refused = await run('cleanup');
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, /4\.8 MiB {2}a\\x1b\[2Jb/);
    assert.ok(!runner.requests.includes('POST /v1/cleanup'));
    items.push({ id: SANDBOX_ID, kind: 'sandbox', name: folder, why: 'stopped', bytes: 1 });
    const { code, stdout, stderr } = await run('cleanup', '--yes');
    assert.deepEqual(JSON.parse(runner.bodies.at(-1)!), { ids: ['v1', 'i1'] }, 'no sandbox goes unasked');
    assert.match(stdout, /1 sandbox could go too/);
    assert.equal(code, 1);
    assert.match(stdout, /Removed 1 item\.\n$/);
    assert.equal(stderr, 'petri: petri-go stays: in use\n');
    await run('cleanup', '--sandboxes', '--yes');
    assert.deepEqual(JSON.parse(runner.bodies.at(-1)!), { ids: ['v1', 'i1', SANDBOX_ID] });
  });

  it('extends by a duration', async () => {
    runner.on(/extend$/, (response) => json(response, 200, sandboxInfo({ expires_at: '2026-01-01T03:00:00.000Z' })));
    assert.match((await run('extend', '--for', '2h')).stdout, /2026-01-01T03:00/);
    assert.deepEqual(JSON.parse(runner.bodies.at(-1)!), { seconds: 7200 });
  });

  it('tells the status, starting nothing, and stops', async () => {
    const engine: EngineStatus = {
      endpoint: 'unix:///var/run/docker.sock', name: 'docker', version: '28.5', api_version: '1.51',
      runtime: 'runc', rootless: false, cpus: 2, memory_bytes: 2 ** 32, weaker: ['No seccomp.'],
    };
    runner.status = { ...runner.status, engine, active_runs: 1 };
    const { code, stdout } = await run('status');
    assert.equal(code, 0);
    assert.match(stdout, /docker 28\.5 \(API 1\.51\)/);
    assert.match(stdout, /Weaker +No seccomp\./);
    runner.on(/stop$/, (response) => {
      json(response, 202, {});
      setTimeout(() => void runner.kill(), 150);
    });
    const stopped = await run('stop');
    assert.deepEqual([stopped.code, stopped.stdout], [0, 'Petri has stopped.\n']);
    assert.deepEqual(JSON.parse(runner.bodies.at(-1)!), { mode: 'drain' });
    assert.match(stopped.stderr, /waiting for 1 run to end/);
    const gone = await run('status');
    assert.deepEqual([gone.code, gone.stdout], [3, 'Petri is not running.\n']);
    assert.equal((await run('stop', '--now')).stdout, 'Petri is not running.\n');
  });

  it('ends with 2 and help when asked wrongly, and says its version', async () => {
    assert.equal((await run('--version')).stdout, '0.1.0\n');
    for (const args of [['nonsense'], ['list', '--nonsense'], ['rm'], ['extend', '--for', 'ever']]) {
      assert.equal((await run(...args)).code, 2, args.join(' '));
    }
    assert.match((await run('run', '--help')).stdout, /Exit status/);
  });

  it('is coloured for nobody but a terminal', async () => {
    changed({ a: { host: '1\n', box: '2\n' } });
    const env = { ...runner.env, NO_COLOR: undefined };
    const { stdout } = await petri.run(env, ['diff'], { cwd: folder });
    assert.ok(!stdout.includes(0x1b));
  });
});
