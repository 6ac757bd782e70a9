import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Petri } from '../../../src/sdk/typescript/petri';
import type { Sandbox } from '../../../src/sdk/typescript/sandbox';
import { openStore } from '../../../src/runner/store/openStore';
import { eventually } from '../support/eventually';
import { makeFolder, type Folder } from '../support/folder';
import { seededRandom } from '../support/random';
import { kill, RunnerHome } from '../support/runnerProcess';

const ROUNDS = Number(process.env['PETRI_KILL_ROUNDS'] ?? 25);
const SEED = Number(process.env['PETRI_KILL_SEED'] ?? Date.now() % 1_000_000);

/** What a round's run came to, as its client saw it. */
interface Seen { id: string | undefined; started: Promise<void>; start(): void; done: { reason: string; exit_code: number | null } | undefined; output: string }

describe(`${ROUNDS} runs, each with a kill -9 of the runner at a random moment (PETRI_KILL_SEED=${SEED})`, function () {
  this.timeout(120_000 + ROUNDS * 15_000);
  const random = seededRandom(SEED);
  let home: RunnerHome;
  let folder: Folder;
  before(() => {
    home = new RunnerHome();
    folder = makeFolder({ 'stays.txt': 'stays', 'deep/er/file.txt': 'file', 'round.txt': '0' });
  });
  after(async () => {
    await home?.remove();
    folder?.remove();
  });

  it('leave no container, network, volume or open record, lose no answer and keep the workspace true', async () => {
    let last: Seen | undefined;
    const doomed = new Set<string>();
    const reasons = new Map<string, number>();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const petri = await home.connect();
      const { pid } = await petri.status();
      const sandbox = await home.sandbox(petri, folder.path);
      await nothingIsLeft(sandbox.id, `before round ${round}`);
      if (last) count(reasons, await isTrue(petri, last));
      for (const id of doomed) await isGoneOrWhole(petri, id, doomed);

      folder.write('round.txt', String(round));
      folder.write(`new/${round % 7}.txt`, `of round ${round}`);
      const seen = newSeen();
      const files = ['round.txt', 'stays.txt', 'deep/er/file.txt', `new/${round % 7}.txt`];
      const wanted = `${round}staysfileof round ${round}`;
      const moment = random();
      const work = [follow(sandbox, ['sh', '-c', `cat "$@"; sleep ${moment < 0.35 ? 1 : 0}`, 'sh', ...files], seen)];
      if (round % 5 === 0) work.push(comeAndGo(petri, doomed));
      // While the command runs; while its container is made and the files travel; after its end, while the next container is
      // made and the workspace looked through.
      if (moment < 0.35) {
        await Promise.race([seen.started, work[0], sleep(10_000)]);
        await sleep(random() * 500);
      } else if (moment < 0.7) {
        await sleep(random() * 600);
      } else {
        await Promise.race([work[0], sleep(10_000)]);
        await sleep(random() * 500);
      }
      await kill(pid);
      await Promise.all(work);
      if (seen.done) assert.deepEqual([seen.done.exit_code, seen.output], [0, wanted], `round ${round}`);
      petri.close();
      last = seen;
      if (round % 10 === 0) await staysTrue(round);
    }
    await staysTrue(ROUNDS);
    await leavesNoOpenRecord();
    assert.ok((reasons.get('exited') ?? 0) > 0, 'no run came to its end');
    console.log(`      ${[...reasons].map(([reason, times]) => `${times} ${reason}`).join(', ')}`);
  });

  /** A runner that has looked at the engine has cleared what a dead one left, but for the workspace. */
  async function nothingIsLeft(id: string, when: string): Promise<void> {
    await eventually(async () => (await home.ofSandbox(id)).containers.length === 0, `a container is left ${when}`);
    const { networks, volumes } = await home.ofSandbox(id);
    assert.deepEqual(networks, []);
    assert.ok(volumes.length <= 1, `volumes ${when}: ${volumes.join(' ')}`);
  }

  /** Its record says what its client was told, and `interrupted` when nobody was told anything. */
  async function isTrue(petri: Petri, { id, done }: Seen): Promise<string> {
    if (id === undefined) return 'not started';
    const record = await petri.run(id);
    assert.equal(record.status, 'finished');
    if (done) assert.deepEqual([record.reason, record.exit_code], [done.reason, done.exit_code]);
    // It may have been recorded, and the runner killed before it could tell.
    else assert.ok(record.reason === 'interrupted' || record.reason === 'exited', `${id} reads ${record.reason}`);
    return record.reason!;
  }

  async function follow(sandbox: Sandbox, command: string[], seen: Seen): Promise<void> {
    const run = sandbox.exec(command, {
      onStarted: ({ run_id: id }) => {
        seen.id = id;
        seen.start();
      },
      onOutput: (stream, chunk) => { if (stream === 'stdout') seen.output += chunk.toString(); },
    });
    seen.done = await run.result().catch(() => undefined);
  }

  /** A sandbox that is made, used and deleted in the round. */
  async function comeAndGo(petri: Petri, doomed: Set<string>): Promise<void> {
    const other = makeFolder({ 'a.txt': 'a' });
    try {
      const sandbox = await home.sandbox(petri, other.path);
      doomed.add(sandbox.id);
      await sandbox.exec('cat a.txt').result();
      await sandbox.delete();
    } catch {
      // The kill came first; the next round looks at what is left.
    } finally {
      other.remove();
    }
  }

  /** A deletion that was begun is finished; one that was not leaves a sandbox that can still be deleted. */
  async function isGoneOrWhole(petri: Petri, id: string, doomed: Set<string>): Promise<void> {
    await petri.sandbox(id).then((sandbox) => sandbox.delete(), (error: { code?: string }) => assert.equal(error.code, 'not-found'));
    const left = await home.ofSandbox(id);
    assert.deepEqual(left, { containers: [], networks: [], volumes: [] });
    doomed.delete(id);
  }

  async function staysTrue(round: number): Promise<void> {
    const petri = await home.connect();
    const sandbox = await home.sandbox(petri, folder.path);
    const { same, differences } = await sandbox.verify();
    assert.ok(same, `after round ${round}: ${JSON.stringify(differences)}`);
    await kill((await petri.status()).pid);
    petri.close();
  }

  async function leavesNoOpenRecord(): Promise<void> {
    const petri = await home.connect();
    const { pid } = await petri.status();
    await petri.stop('now');
    petri.close();
    await eventually(() => { try { process.kill(pid, 0); return false; } catch { return true; } }, 'the runner does not stop');
    const store = await openStore(home.paths.database);
    try {
      assert.deepEqual([store.openRuns(), store.listIntents()], [[], []]);
    } finally {
      store.close();
    }
  }
});

function newSeen(): Seen {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { id: undefined, started: promise, start: resolve, done: undefined, output: '' };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
