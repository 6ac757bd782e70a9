import assert from 'node:assert/strict';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Started } from '../../../src/protocol/run';
import type { Sandbox } from '../../../src/sdk/typescript/sandbox';
import { makeFolder, type Folder } from '../support/folder';
import { REPOSITORY } from '../support/petri';
import { RunnerHome } from '../support/runnerProcess';

/** Runs and syncs together. */
const WORKS = Number(process.env['PETRI_OVERLAPS'] ?? 120);
const AT_ONCE = 3;

describe(`two clients on one folder, ${WORKS} overlapping runs and syncs`, function () {
  this.timeout(300_000);
  let home: RunnerHome;
  let folder: Folder;
  before(() => {
    home = new RunnerHome();
    const receipt = readFileSync(join(REPOSITORY, 'test/docker/support/receipt.py'), 'utf8');
    folder = makeFolder({ 'receipt.py': receipt, 'fixed/one.txt': 'one', 'fixed/two.txt': 'two' });
    for (const name of ['pair-a.txt', 'pair-b.txt']) replace(name, 0);
  });
  after(async () => {
    await home?.remove();
    folder?.remove();
  });

  it('one sandbox, no run lost, no output mixed, no torn file, and every receipt is what its command saw', async () => {
    // Both find nothing and start a runner; one of the two makes way.
    const clients = await Promise.all([home.connect('first'), home.connect('second')]);
    const [one, two] = await Promise.all(clients.map((client) => home.sandbox(client, folder.path)));
    assert.equal(one!.id, two!.id);
    assert.equal((await clients[0]!.sandboxes()).length, 1);

    let version = 0;
    let over = false;
    const editing = (async () => {
      for (; !over; await sleep(40)) {
        version += 1;
        replace('pair-a.txt', version);
        replace('pair-b.txt', version);
        folder.write(`coming/${version % 5}/file.txt`, `of version ${version}`);
      }
    })();
    const seen = { runs: 0, syncs: 0, checked: 0, ids: new Set<string>() };
    let next = 0;
    const worker = async (sandbox: Sandbox) => {
      while (next < WORKS) {
        const number = next++;
        if (number % 4 === 3) {
          const { receipt } = await sandbox.sync();
          assert.match(receipt, /^[0-9a-f]{64}$/);
          seen.syncs += 1;
        } else {
          const before = version;
          const { id, output, started } = await see(sandbox, number);
          seen.ids.add(id);
          seen.runs += 1;
          if (isTrue(output, number, started, before)) seen.checked += 1;
        }
      }
    };
    await Promise.all([one!, two!].flatMap((sandbox) => Array.from({ length: AT_ONCE }, () => worker(sandbox)))).finally(() => { over = true; });
    await editing;

    assert.equal(seen.ids.size, seen.runs);
    const records = await one!.runs({ limit: 1000 });
    assert.equal(records.length, seen.runs);
    for (const record of records) assert.deepEqual([record.status, record.reason, record.exit_code, seen.ids.has(record.id)], ['finished', 'exited', 0, true]);
    assert.ok(seen.checked > seen.runs / 4, `only ${seen.checked} of ${seen.runs} receipts could be compared`);
    console.log(`      ${seen.runs} runs, ${seen.syncs} syncs, ${seen.checked} receipts computed again from inside`);
    assert.ok((await two!.verify()).same);
    assert.equal((await home.ofSandbox(one!.id)).volumes.length, 1);
  });

  /** The whole file at once, as editors save. */
  function replace(name: string, version: number): void {
    folder.write(`.${name}.tmp`, `${version}\n`.repeat(2000));
    renameSync(join(folder.path, `.${name}.tmp`), join(folder.path, name));
  }

  async function see(sandbox: Sandbox, number: number): Promise<{ id: string; output: string; started: Started }> {
    let output = '';
    let started: Started | undefined;
    const done = await sandbox.exec(`echo begin ${number}; uniq -c pair-a.txt; uniq -c pair-b.txt; python -B receipt.py; echo end ${number}`, {
      onStarted: (event) => { started = event; },
      onOutput: (stream, chunk) => { output += stream === 'stdout' ? chunk.toString() : ''; },
    }).result();
    assert.deepEqual([done.reason, done.exit_code], ['exited', 0]);
    return { id: done.run_id, output, started: started! };
  }

  /** False when another sync came while the command looked: then two trees were seen, which is no fault. */
  function isTrue(output: string, number: number, started: Started, before: number): boolean {
    const [begin, a = '', b = '', looked = '', end, ...rest] = output.split('\n');
    assert.deepEqual([begin, end, rest], [`begin ${number}`, `end ${number}`, ['']], output);
    for (const uniq of [a, b]) {
      const [times, version] = uniq.trim().split(' ').map(Number);
      assert.equal(times, 2000, `a torn file: ${uniq}`);
      assert.ok(version! >= before - 1, `stale: version ${version}, the host had ${before}`);
    }
    const [generation, root, after] = looked.split(' ');
    if (generation !== String(started.generation) || after !== generation) return false;
    assert.equal(root, started.receipt, 'the receipt is of another tree');
    return true;
  }
});
