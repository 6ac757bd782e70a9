import assert from 'node:assert/strict';
import { makeFolder, type Folder } from '../support/folder';
import { openBench, type Bench } from '../support/petri';
import { TurnableClock } from '../support/turnableClock';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

async function eventually(check: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(what);
}

describe('a sandbox\'s lifetime', function () {
  this.timeout(180_000);
  let bench: Bench;
  let clock: TurnableClock;
  let folder: Folder;
  let id: string;
  beforeEach(async () => {
    clock = new TurnableClock();
    bench = await openBench({ clock });
    folder = makeFolder({ 'a.txt': 'a' });
    id = await bench.sandbox({ folder: folder.path, language: 'python' });
  });
  afterEach(async () => {
    await bench.close();
    folder.remove();
  });
  const status = () => bench.petri.getSandbox(id).status;

  it('idle past its TTL it is stopped: no container is left, its files are', async () => {
    await bench.run(id, 'echo kept > kept.txt');
    await bench.settled(id);
    clock.turn(59 * MINUTE);
    assert.equal(status(), 'running');
    clock.turn(2 * MINUTE);
    assert.equal(status(), 'stopped');
    await eventually(async () => (await bench.onEngine()).containers.length === 0, 'a container is left');
    assert.equal((await bench.onEngine()).volumes.length, 1);
    const again = await bench.run(id, 'cat kept.txt a.txt');
    assert.equal(again.stdout.toString(), 'kept\na');
    assert.equal(status(), 'running');
  });

  it('is stopped and announced to the second when its times are made shorter', async () => {
    await bench.run(id, 'true');
    await bench.settled(id);
    await bench.petri.updateSandbox(id, { ttl_seconds: 20 });
    clock.turn(10_000);
    assert.equal(status(), 'running');
    clock.turn(10_000);
    assert.equal(status(), 'stopped');
    await bench.petri.updateSandbox(id, { retention_seconds: 60 });
    assert.notEqual(bench.petri.getSandbox(id).deletes_at, null);
  });

  it('is not idle while a run goes on, and counts from its end', async () => {
    const abort = new AbortController();
    let up = () => {};
    const started = new Promise<void>((resolve) => (up = resolve));
    const running = bench.run(id, 'echo up; sleep 600', { signal: abort.signal, onOutput: up, limits: { seconds: 0 } });
    await started;
    clock.turn(5 * HOUR);
    assert.deepEqual([status(), bench.petri.getSandbox(id).expires_at], ['running', null]);
    abort.abort();
    await running;
    clock.turn(59 * MINUTE);
    assert.equal(status(), 'running');
    clock.turn(2 * MINUTE);
    assert.equal(status(), 'stopped');
  });

  it('syncs and extending are activity', async () => {
    await bench.run(id, 'true');
    clock.turn(50 * MINUTE);
    await bench.petri.sync(id, () => undefined, new AbortController().signal);
    clock.turn(50 * MINUTE);
    assert.equal(status(), 'running');
    await bench.petri.extendSandbox(id, 7200);
    clock.turn(170 * MINUTE);
    assert.equal(status(), 'running');
    clock.turn(9 * MINUTE);
    assert.equal(status(), 'running');
    await eventually(() => { clock.turn(MINUTE); return status() === 'stopped'; }, 'it never expired');
  });

  it('neither expires nor lives forever when the wall clock is stepped or the machine sleeps', async () => {
    await bench.run(id, 'true');
    clock.step(30 * DAY);
    clock.turn(10 * MINUTE);
    assert.equal(status(), 'running');
    clock.step(-60 * DAY);
    clock.turn(55 * MINUTE);
    assert.equal(status(), 'stopped');
  });

  it('stopped past its retention it is announced, kept when asked, and only then deleted with its volume', async () => {
    await bench.run(id, 'true');
    clock.turn(2 * HOUR);
    assert.equal(status(), 'stopped');
    clock.turn(5 * DAY);
    assert.equal(bench.petri.getSandbox(id).deletes_at, null);
    clock.turn(DAY + 2 * HOUR);
    assert.notEqual(bench.petri.getSandbox(id).deletes_at, null);
    await bench.petri.extendSandbox(id);
    assert.equal(bench.petri.getSandbox(id).deletes_at, null);
    clock.turn(6 * DAY + 2 * HOUR);
    assert.notEqual(bench.petri.getSandbox(id).deletes_at, null);
    clock.turn(DAY + HOUR);
    await eventually(async () => (await bench.onEngine()).volumes.length === 0, 'the volume is left');
    assert.throws(() => bench.petri.getSandbox(id), { code: 'not-found' });
  });
});
