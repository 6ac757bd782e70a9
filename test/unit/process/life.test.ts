import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { newFolder } from '../store/rows';
import { parseEvents, textOf, until } from '../http/served';
import { SANDBOX_ID } from '../http/fakeService';
import { Petri } from '../../../src/sdk/typescript/petri';
import { PROGRAM, StartedRunner, events } from './startedRunner';

const EXEC = `/v1/sandboxes/${SANDBOX_ID}/exec`;

describe('the runner\'s life', function () {
  this.timeout(60_000);
  let home: string;
  let runner: StartedRunner | undefined;
  beforeEach(() => { home = newFolder(); });
  afterEach(() => runner?.kill());

  it('ends when nobody needs it, in order', async () => {
    runner = await StartedRunner.serving(home, { lingerMs: 300 });
    assert.equal(await runner.ended, 0);
    assert.equal(existsSync(runner.paths.socket), false);
    assert.match(runner.log, /nothing is left to look after/);
    assert.equal(events(home).at(-1), `${runner.process.pid} closed`);
  });

  it('stays while a lease is held, and while a run goes on that nobody watches', async () => {
    runner = await StartedRunner.serving(home, { lingerMs: 300 });
    const lease = await runner.call('/v1/runner/lease');
    await sleep(900);
    assert.partialDeepStrictEqual(await runner.get('/v1/runner'), { leases: 1 });
    const run = await runner.call(EXEC, { command: '1.2', on_disconnect: 'continue' });
    run.destroy();
    lease.destroy();
    await sleep(900);
    assert.equal(runner.exitCode, undefined);
    assert.equal(await runner.ended, 0);
  });

  it('lets runs end when told to stop, and starts none meanwhile', async () => {
    runner = await StartedRunner.serving(home);
    const run = await runner.call(EXEC, { command: '0.8' });
    const lease = await runner.call('/v1/runner/lease');
    const stop = await runner.call('/v1/runner/stop', {});
    assert.equal(stop.statusCode, 202);
    stop.resume();
    const refused = await runner.call(EXEC, { command: '0' });
    assert.equal(refused.statusCode, 503);
    assert.partialDeepStrictEqual(await runner.get('/v1/runner'), { draining: true, active_runs: 1 });
    assert.partialDeepStrictEqual(parseEvents(await textOf(run)).at(-1), { event: 'done', data: { reason: 'exited' } });
    assert.equal(parseEvents(await textOf(lease)).at(-1)?.event, 'done', 'the lease holder knows that it was on purpose');
    const asked = performance.now();
    assert.equal(await runner.ended, 0);
    assert.ok(performance.now() - asked < 1000, 'open connections do not hold it');
  });

  it('drains at the first signal and cancels at the second', async () => {
    runner = await StartedRunner.serving(home);
    const run = await runner.call(EXEC, { command: '30' });
    runner.process.kill('SIGTERM');
    await until(() => events(home).some((line) => line.endsWith('shutdown drain')));
    assert.equal(runner.exitCode, undefined);
    runner.process.kill('SIGINT');
    assert.partialDeepStrictEqual(parseEvents(await textOf(run)).at(-1), { event: 'done', data: { reason: 'cancelled' } });
    assert.equal(await runner.ended, 0);
  });

  it('writes an error that nobody caught to its log and ends with a failure', async () => {
    runner = await StartedRunner.serving(home);
    await assert.rejects(runner.call(EXEC, { command: 'crash' }).then(textOf));
    assert.equal(await runner.ended, 1);
    assert.match(runner.log, /unhandled rejection: Error: nobody caught this\n\s+at /);
  });

  it('keeps its token out of argv, environment and log, also when an error quotes it', async function () {
    if (process.platform !== 'linux') this.skip();
    runner = await StartedRunner.serving(home);
    const { token } = runner;
    const answer = await runner.call(EXEC, { command: 'quote the token', env: { TOKEN: token } });
    assert.equal(answer.statusCode, 500);
    answer.resume();
    for (const file of ['cmdline', 'environ']) assert.ok(!readFileSync(`/proc/${runner.process.pid}/${file}`, 'utf8').includes(token), file);
    assert.match(runner.log, /a header said \(token\)/);
    assert.ok(!runner.log.includes(token));
  });

  it('leaves when its socket was removed: nobody could find it, and nobody else could start', async () => {
    runner = await StartedRunner.serving(home, { lingerMs: 600 });
    const lease = await runner.call('/v1/runner/lease');
    rmSync(runner.paths.socket);
    assert.equal(await runner.ended, 0);
    assert.match(runner.log, /was removed/);
    lease.destroy();
  });

  it('makes way for a newer client\'s runner', async () => {
    process.env['TEST_RUNNER'] = JSON.stringify({ version: '1.0.0' });
    const connect = (version: string) => Petri.connect({ entry: PROGRAM, version, env: { ...process.env, PETRI_HOME: home } });
    const old = await connect('1.0.0');
    const { pid } = await old.status();
    old.close();
    process.env['TEST_RUNNER'] = JSON.stringify({ version: '1.1.0' });
    const petri = await connect('1.1.0');
    const status = await petri.status();
    assert.equal(status.version, '1.1.0');
    assert.notEqual(status.pid, pid);
    await petri.stop('now');
    petri.close();
    await until(() => events(home).filter((line) => line.endsWith('closed')).length === 2);
    delete process.env['TEST_RUNNER'];
  });
});
