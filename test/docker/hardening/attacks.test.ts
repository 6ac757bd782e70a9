import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Rig, UID } from './rig';

const MIB = 2 ** 20;
/** Eats memory and says so when it had it all. */
const eat = (megabytes: number) => `perl -e 'my $x = "x" x (${megabytes} << 20); print "ate it all\\n"'`;
const EXHAUST_INOTIFY = `perl -e '$| = 1; my $n = 0; $n++ while syscall(294, 0) >= 0; print "took $n\\n"; sleep 60'`;
const TAKE_ONE_INOTIFY = `perl -e 'print syscall(294, 0) >= 0 ? "have one" : "none left: $!"'`;

describe('attacks from inside', function () {
  this.timeout(90_000);
  const rig = new Rig();

  /** Podman hears of it from cgroup v2 alone. */
  const tellsOom = () => rig.info.name !== 'podman' || rig.info.cgroupVersion === 2;

  const until = async (holds: () => boolean) => {
    for (const end = Date.now() + 20_000; !holds(); await sleep(50)) assert.ok(Date.now() < end, 'it took too long');
  };

  it('a fork bomb fills its own container; the engine and other sandboxes go on; it ends when it is killed @smoke', async () => {
    const bomb = await rig.start('b() { b | b & }; b & exec sleep 60', { limits: { pids: 64 } });
    await sleep(1500);
    const started = Date.now();
    assert.equal((await rig.run('echo fine')).out, 'fine\n');
    assert.ok(Date.now() - started < 20_000);
    await rig.engine.killContainer(bomb.id, 'SIGKILL');
    const { exitCode, err } = await bomb.ended;
    // gVisor's kernel is a process itself: it hits the limit in its bomb's stead, and the whole container ends.
    if (rig.ownKernel) return;
    assert.equal(exitCode, 137);
    assert.match(err, /fork/i, 'it did run into its limit');
    await bomb.stop();
  });

  it('memory: the one who eats too much is killed, and the engine says so; with more it lives', async function () {
    if (rig.ownKernel) return this.skip();
    const dead = await rig.run(`exec ${eat(200)}`, { limits: { memory_bytes: 64 * MIB } });
    assert.equal(dead.exitCode, 137);
    if (tellsOom()) assert.equal(dead.oomKilled, true);
    assert.match((await rig.run(eat(200), { limits: { memory_bytes: 512 * MIB } })).out, /ate it all/);
  });

  it('memory: swap gives nothing on top', async () => {
    const { limits } = await rig.spec('true');
    assert.equal(limits.memorySwapBytes, limits.memoryBytes);
  });

  it('memory: /tmp and /dev/shm count, so they are no way around', async function () {
    if (rig.ownKernel) return this.skip();
    const fill = 'for i in 1 2 3; do head -c 15M /dev/zero > /tmp/$i; head -c 7M /dev/zero > /dev/shm/$i; done; exec ' + eat(30);
    const dead = await rig.run(fill, { limits: { memory_bytes: 64 * MIB } });
    assert.equal(dead.exitCode, 137);
    if (tellsOom()) assert.equal(dead.oomKilled, true);
  });

  // Instances of inotify are counted per user over all containers: measured, one sandbox starved all others.
  it('inotify: who takes all there is takes only its own user\'s', async function () {
    if (rig.info.architecture !== 'amd64' || rig.ownKernel) return this.skip();
    const greedy = await rig.start(EXHAUST_INOTIFY, { uid: UID });
    await until(() => greedy.output().includes('took'));
    assert.match((await rig.run(TAKE_ONE_INOTIFY, { uid: UID + 1 })).out, /have one/);
    assert.match((await rig.run(TAKE_ONE_INOTIFY, { uid: UID })).out, /none left/, 'with a shared user it would have starved the other');
    await greedy.stop();
  });

  it('a flood of output stays on the connection: nothing is kept on the engine\'s disk', async () => {
    const log = async (weaken?: Parameters<Rig['run']>[1]) => {
      const running = await rig.start('head -c 1000000 /dev/zero', weaken);
      assert.equal((await running.ended).out.length, 1_000_000);
      const kept = await rig.logBytes(running.id);
      await running.stop();
      return kept;
    };
    assert.equal(await log(), 0);
    assert.ok(await log({ weaken: (spec) => ({ ...spec, hardening: { ...spec.hardening, logDriver: 'json-file' } }) }) >= 1_000_000);
  });
});
