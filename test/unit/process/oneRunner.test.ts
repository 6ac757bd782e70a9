import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newFolder } from '../store/rows';
import { until } from '../http/served';
import { StartedRunner, events } from './startedRunner';

describe('one runner a user', function () {
  this.timeout(60_000);
  let started: StartedRunner[];
  beforeEach(() => { started = []; });
  afterEach(async () => { await Promise.all(started.map((runner) => runner.kill())); });
  const start = (...given: ConstructorParameters<typeof StartedRunner>) => {
    const runner = new StartedRunner(...given);
    started.push(runner);
    return runner;
  };
  const serving = async (...given: Parameters<typeof StartedRunner.serving>) => {
    const runner = await StartedRunner.serving(...given);
    started.push(runner);
    return runner;
  };

  it('serves with one of those that start at once, beside a dead one\'s socket too; 20 rounds', async () => {
    const home = newFolder();
    for (let round = 0; round < 20; round++) {
      const rivals = [start(home), start(home)];
      await until(() => rivals.some(({ exitCode }) => exitCode !== undefined), 20_000);
      await sleep(20);
      const [winner, loser] = rivals[0]!.exitCode === undefined ? rivals : rivals.toReversed();
      assert.equal(winner!.exitCode, undefined, `round ${round}: both ended\n${winner!.stderr}`);
      assert.equal(loser!.exitCode, 0, loser!.stderr);
      assert.equal((await winner!.get('/v1/runner'))['pid'], winner!.process.pid);
      assert.equal(events(home).filter((line) => line.endsWith('creating')).length, round + 1, 'only the winner touched the store');
      // Every other round leaves its socket behind.
      if (round % 2 === 0) await winner!.kill();
      else {
        winner!.process.kill('SIGTERM');
        assert.equal(await winner!.ended, 0);
        assert.equal(existsSync(winner!.paths.socket), false);
      }
    }
  });

  it('waits for one that is still starting, and leaves then', async () => {
    const home = newFolder();
    const slow = start(home, { startMs: 700 });
    await until(() => events(home).length === 1);
    const second = start(home);
    assert.equal(await second.ended, 0);
    assert.equal((await slow.get('/v1/runner'))['pid'], slow.process.pid, 'and it left only when the other served');
  });

  it('takes over from one that is leaving', async () => {
    const home = newFolder();
    const first = await serving(home);
    first.process.kill('SIGTERM');
    const second = await serving(home);
    assert.equal(await first.ended, 0);
    assert.equal((await second.get('/v1/runner'))['pid'], second.process.pid);
  });

  it('serves again after a kill, with a token that is new', async () => {
    const home = newFolder();
    const first = await serving(home);
    const { token } = first;
    await first.kill();
    assert.ok(existsSync(first.paths.socket), 'the dead one left its socket');
    const second = await serving(home);
    assert.match(second.token, /^[0-9a-f]{64}$/);
    assert.notEqual(second.token, token);
  });

  it('says why it cannot start, as a line a client can read, and gives the lock back', async () => {
    const home = newFolder();
    const failing = start(home, { fails: true });
    assert.equal(await failing.ended, 1);
    assert.deepEqual(JSON.parse(failing.stderr.trim()), { error: { code: 'database-newer', message: 'The database is newer.', action: 'Update.' } });
    assert.equal(existsSync(failing.paths.socket), false);
    await serving(home);
  });

  it('finds a short place for the socket of a home with a long name', async () => {
    const home = join(newFolder(), 'ä'.repeat(60));
    mkdirSync(home, { mode: 0o700 });
    const runner = await serving(home);
    assert.ok(Buffer.byteLength(runner.paths.socket) < 104);
    assert.equal(statSync(runner.paths.socketFolder!).mode & 0o777, 0o700);
    rmSync(runner.paths.socketFolder!, { recursive: true });
  });

  it('lets no other user near', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    const home = newFolder();
    const runner = await serving(home);
    for (const [path, mode] of [[home, 0o700], [runner.paths.tokenFile, 0o600], [runner.paths.socket, 0o600], [runner.paths.runnerLog, 0o600]] as const) {
      assert.equal(statSync(path).mode & 0o777, mode, path);
    }
    const asNobody = (script: string) => execFileSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, '-e', script], { encoding: 'utf8', cwd: '/' });
    assert.equal(asNobody(`try { require('fs').readFileSync(${JSON.stringify(runner.paths.tokenFile)}) } catch (e) { console.log(e.code) }`).trim(), 'EACCES');
    assert.equal(asNobody(`require('net').connect(${JSON.stringify(runner.paths.socket)}).on('error', (e) => console.log(e.code)).on('connect', () => process.exit(1))`).trim(), 'EACCES');
  });

  it('starts in no folder that another user made or may enter', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    const strange: Array<(home: string) => void> = [
      (home) => { mkdirSync(home, { mode: 0o700 }); execFileSync('chown', ['65534', home]); },
      (home) => mkdirSync(home, { mode: 0o755 }),
      (home) => { mkdirSync(`${home}-real`, { mode: 0o700 }); execFileSync('ln', ['-s', `${home}-real`, home]); },
      (home) => writeFileSync(home, ''),
    ];
    for (const make of strange) {
      const home = join(newFolder(), 'home');
      make(home);
      const runner = start(home);
      assert.equal(await runner.ended, 1);
      assert.match(runner.stderr, /"code":"runner-unreachable"/);
      if (statSync(home).isDirectory()) assert.deepEqual(readdirSync(home), []);
    }
  });
});
