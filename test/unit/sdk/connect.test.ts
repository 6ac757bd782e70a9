import assert from 'node:assert/strict';
import { build } from 'esbuild';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROTOCOL_VERSION } from '../../../src/protocol/version';
import type { PetriClientError } from '../../../src/sdk/typescript/errors';
import { pathsOf } from '../../../src/sdk/typescript/localFiles';
import { Petri, type PetriOptions } from '../../../src/sdk/typescript/petri';
import { FakeRunner, errorBody, json, temporaryHome } from './fakeRunner';
import type { StandIn } from './standInRunner';

describe('Petri.connect', function () {
  this.timeout(20_000);
  const programs = temporaryHome();
  const entry = join(programs, 'runner.cjs');
  let scratch: string;
  let home: string;
  let opened: Petri[];

  before(() => build({
    stdin: { contents: 'import { runStandIn } from "./test/unit/sdk/standInRunner"; void runStandIn();', resolveDir: process.cwd() },
    bundle: true, platform: 'node', format: 'cjs', outfile: entry, logLevel: 'warning',
  }));
  after(() => rmSync(programs, { recursive: true }));
  beforeEach(() => {
    scratch = temporaryHome();
    home = join(scratch, 'home');
    mkdirSync(home, { mode: 0o700 });
    opened = [];
  });
  afterEach(async () => {
    for (const petri of opened) petri.close();
    // The stand-ins end with their home.
    for (const pid of seen().flatMap((line) => /^listening (\d+)/.exec(line)?.[1] ?? [])) kill(Number(pid));
    rmSync(scratch, { recursive: true, force: true });
  });

  const connect = async (standIn: StandIn = {}, more: Partial<PetriOptions> = {}): Promise<Petri> => {
    const env = { ...process.env, PETRI_HOME: home, NODE_OPTIONS: '--no-warnings', STAND_IN: JSON.stringify(standIn) };
    const petri = await Petri.connect({ entry, env, version: '0.1.0', ...more });
    opened.push(petri);
    return petri;
  };
  const seen = (): string[] => (existsSync(join(home, 'seen')) ? readFileSync(join(home, 'seen'), 'utf8').trim().split('\n') : []);
  const count = (word: string): number => seen().filter((line) => line.startsWith(word)).length;
  const failure = (code: string, message?: RegExp) => (error: PetriClientError) => {
    assert.equal(error.code, code, error.stack);
    if (message) assert.match(error.message, message);
    return true;
  };

  it('starts a runner as a plain Node when none is there, and finds it the next time', async () => {
    home = join(scratch, 'not', 'there', 'yet');
    const petri = await connect({ startsAfterMs: 100 });
    assert.notEqual((await petri.status()).pid, process.pid);
    await connect();
    assert.equal(count('launched'), 1);
    assert.deepEqual(JSON.parse(seen()[0]!.slice('launched '.length)), { argv: ['runner'], electron: '1' });
    assert.equal(statSync(home).mode & 0o777, 0o700);
  });

  it('lets many clients start one at the same time', async () => {
    const petris = await Promise.all(Array.from({ length: 6 }, () => connect({ startsAfterMs: 50 })));
    const pids = await Promise.all(petris.map(async (petri) => (await petri.status()).pid));
    assert.equal(new Set(pids).size, 1);
    assert.equal(count('listening'), 1);
  });

  it('starts another when the runner has died since, at the next call', async () => {
    const petri = await connect();
    kill((await petri.status()).pid);
    await sleep(50);
    await petri.sandboxes();
    assert.equal(count('listening'), 2);
  });

  it('asks the successor of one that dies over a call, unless the call might then be made twice', async () => {
    // It has read the call: nobody outside can tell whether it acted on it.
    const dying = async () => {
      const runner = await FakeRunner.start(home);
      runner.on(/^POST \/v1\/sandboxes$/, () => runner.kill());
      return runner;
    };
    await dying();
    await assert.rejects((await connect()).create({}), failure('runner-unreachable', /connection .* was lost/));
    await dying();
    await (await connect()).create({ folder: home });
    assert.equal(count('listening'), 1);
  });

  it('waits for the successor of one that is stopping, and calls that', async () => {
    const old = await FakeRunner.start(home);
    const petri = await connect();
    old.status = { ...old.status, draining: true };
    old.on(/^POST \/v1\/sandboxes$/, (response) => json(response, 503, errorBody('runner-unreachable', 'Petri is stopping.')));
    setTimeout(() => void old.kill(), 100);
    await petri.create({});
    assert.notEqual((await petri.status()).pid, process.pid);
    assert.equal(count('listening'), 1);
  });

  it('gives the reason that a dying runner stated', async () => {
    const dies = `starting\n${JSON.stringify(errorBody('node-too-old', 'Node 18 is too old.', { action: 'Update VS Code.' }))}\n`;
    await assert.rejects(connect({ dies }), failure('node-too-old', /Node 18/));
    await assert.rejects(connect({ dies: 'Segmentation fault\n' }), (error: PetriClientError) => {
      assert.deepEqual([error.code, error.details], ['runner-unreachable', ['Segmentation fault']]);
      return true;
    });
    assert.match(readFileSync(pathsOf({ env: { PETRI_HOME: home } }).runnerLog, 'utf8'), /Segmentation/);
  });

  it('says so when there is nothing to start it with', async () => {
    await assert.rejects(connect({}, { execPath: '/no/such/node' }), failure('runner-unreachable', /could not be started/));
    await assert.rejects(connect({}, { entry: undefined }), failure('runner-unreachable', /not running/));
    assert.equal(await Petri.find({ env: { PETRI_HOME: home } }), undefined);
  });

  it('gives up on one that starts and never answers', async () => {
    await assert.rejects(connect({ startsAfterMs: 2000 }, { startTimeoutMs: 200 }), failure('runner-unreachable', /did not answer/));
  });

  it('has an older runner drain, waits, and starts its own', async () => {
    for (const status of [{ protocol: PROTOCOL_VERSION - 1, active_runs: 1 }, { version: '0.0.9' }]) {
      const old = await FakeRunner.start(home, status);
      old.on(/stop$/, (response) => {
        json(response, 202, {});
        old.status = { ...old.status, draining: true };
        setTimeout(() => void old.kill(), 100);
      });
      const waits: string[] = [];
      const petri = await connect({}, { onProgress: (message) => void waits.push(message) });
      const { pid } = await petri.status();
      assert.notEqual(pid, process.pid);
      assert.match(waits[0]!, /older Petri/);
      assert.deepEqual(old.bodies, ['{"mode":"drain"}']);
      kill(pid);
      await sleep(50);
      rmSync(pathsOf({ env: { PETRI_HOME: home } }).socket);
    }
  });

  it('uses an older runner of its own protocol while others need it', async () => {
    for (const busy of [{ active_runs: 1 }, { leases: 1 }]) {
      const runner = await FakeRunner.start(home, { version: '0.0.9', ...busy });
      await connect();
      assert.ok(!runner.requests.includes('POST /v1/runner/stop'));
      await runner.kill();
    }
  });

  it('does not wait for ever for an older runner that is busy', async () => {
    const runner = await FakeRunner.start(home, { protocol: 0, active_runs: 2 });
    runner.on(/stop$/, (response) => json(response, 202, {}));
    await assert.rejects(connect({}, { drainTimeoutMs: 100 }), failure('runner-version', /2 runs/));
    assert.equal(runner.requests.filter((line) => line === 'POST /v1/runner/stop').length, 1);
    assert.equal(count('launched'), 0);
    await runner.kill();
  });

  it('waits for one that is leaving already without asking again', async () => {
    const runner = await FakeRunner.start(home, { draining: true });
    setTimeout(() => void runner.kill(), 100);
    await connect();
    assert.ok(!runner.requests.includes('POST /v1/runner/stop'));
    assert.equal(count('listening'), 1);
  });

  it('refuses a newer runner and leaves it alone', async () => {
    const runner = await FakeRunner.start(home, { protocol: PROTOCOL_VERSION + 1, version: '9.0.0' });
    await assert.rejects(connect(), failure('runner-version', /9\.0\.0.*newer/));
    assert.ok(!runner.requests.includes('POST /v1/runner/stop'));
    assert.ok(await Petri.find({ env: { PETRI_HOME: home } }));
    await runner.kill();
  });

  it('is asked again when it leaves while it is asked who it is, and nobody is found', async () => {
    const runner = await FakeRunner.start(home);
    runner.on(/^GET \/v1\/runner$/, () => runner.kill());
    assert.equal(await Petri.find({ env: { PETRI_HOME: home } }), undefined);
    assert.deepEqual(runner.requests, ['GET /v1/runner']);
  });

  it('says so when the token is refused for good', async () => {
    const runner = await FakeRunner.start(home);
    runner.token = 'another';
    await assert.rejects(connect({}, { startTimeoutMs: 100 }), failure('unauthorized'));
    await runner.kill();
  });

  it('does not trust a folder that others may write to', async () => {
    chmodSync(home, 0o755);
    await assert.rejects(connect(), failure('runner-unreachable', /cannot be trusted/));
    chmodSync(home, 0o700);
    const real = join(home, 'real');
    mkdirSync(real, { mode: 0o700 });
    symlinkSync(real, join(home, 'link'));
    await assert.rejects(connect({}, { env: { PETRI_HOME: join(home, 'link') } }), failure('runner-unreachable', /cannot be trusted/));
    assert.equal(count('launched'), 0);
  });
});

function kill(pid: number): void {
  try {
    if (pid !== process.pid) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
