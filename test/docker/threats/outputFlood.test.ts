import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Petri } from '../../../src/sdk/typescript/petri';
import type { Sandbox } from '../../../src/sdk/typescript/sandbox';
import { makeFolder, type Folder } from '../support/folder';
import { RunnerHome } from '../support/runnerProcess';

const MIB = 2 ** 20;
const LOG_MB = 5;
const SECONDS = Number(process.env['PETRI_FLOOD_SECONDS'] ?? 10);
/** What a runner may take on for one flood: its buffers, and what the garbage collector leaves lying for a while. */
const ROOM = 160 * MIB;

describe('a flood of output, through the real runner', function () {
  this.timeout(120_000);
  let home: RunnerHome;
  let folder: Folder;
  let petri: Petri;
  let sandbox: Sandbox;
  let pid: number;
  before(async () => {
    home = new RunnerHome({ PETRI_LOG_MAX_MB: String(LOG_MB) });
    folder = makeFolder({ 'a.txt': 'a' });
    petri = await home.connect();
    ({ pid } = await petri.status());
    sandbox = await home.sandbox(petri, folder.path);
    // Whatever a first run makes the runner load is not the flood's.
    await sandbox.exec('seq 1 300000').result();
  });
  after(async () => {
    await home?.remove();
    folder?.remove();
  });

  it(`yes for ${SECONDS} s to a slow reader: memory stays flat, the log under its cap, and the program is held back`, async () => {
    const watch = watchMemory();
    const ended = new AbortController();
    let bytes = 0;
    const run = sandbox.exec('yes', {
      signal: ended.signal,
      onOutput: async (_, chunk) => {
        bytes += chunk.length;
        await sleep(50);
      },
    });
    setTimeout(() => ended.abort(), SECONDS * 1000).unref();
    const done = await run.result();
    const most = watch.stop();
    assert.equal(done.reason, 'cancelled');
    assert.ok(bytes > 0);
    assert.ok(most.grown < ROOM, `the runner grew by ${Math.round(most.grown / MIB)} MiB`);
    assert.ok(logSize(done.run_id) <= LOG_MB * MIB * 1.1, `the log has ${logSize(done.run_id)} bytes`);
    // Held back: what was written is no more than what was read and what the pipes between hold.
    assert.ok(done.stdout_bytes < bytes + 16 * MIB, `${done.stdout_bytes} were taken, ${bytes} read`);
    console.log(`      read ${(bytes / MIB).toFixed(1)} MiB, the runner grew by ${(most.grown / MIB).toFixed(1)} MiB at most`);
    assert.equal((await sandbox.exec('true').result()).exit_code, 0);
  });

  it('more than the output limit to a quick reader: cut with a mark, the program goes on, memory stays flat', async () => {
    const watch = watchMemory();
    let bytes = 0;
    const notices: string[] = [];
    const done = await sandbox.exec({ command: 'head -c 1000000000 /dev/zero; exit 5', limits: { output_bytes: 50_000_000 } }, {
      onOutput: (_, chunk) => { bytes += chunk.length; },
      onNotice: ({ code }) => { notices.push(code); },
    }).result();
    const most = watch.stop();
    assert.deepEqual([done.exit_code, done.truncated, bytes, done.stdout_bytes], [5, true, 50_000_000, 1_000_000_000]);
    assert.ok(notices.includes('limit'));
    assert.ok(most.grown < ROOM, `the runner grew by ${Math.round(most.grown / MIB)} MiB`);
    assert.ok(logSize(done.run_id) <= LOG_MB * MIB * 1.1);
    const record = await petri.run(done.run_id);
    assert.equal(record.truncated, true);
  });

  it('to a reader that takes nothing at all: cancel still ends it', async () => {
    const watch = watchMemory();
    const ended = new AbortController();
    let first = true;
    const run = sandbox.exec('yes', {
      signal: ended.signal,
      onOutput: async () => {
        if (!first) return;
        first = false;
        await sleep(3000);
        ended.abort();
      },
    });
    const done = await run.result();
    assert.equal(done.reason, 'cancelled');
    const { grown } = watch.stop();
    assert.ok(grown < ROOM, `the runner grew by ${Math.round(grown / MIB)} MiB`);
  });

  function logSize(runId: string): number {
    return statSync(join(home.paths.runsFolder, `${runId}.log`)).size;
  }

  function watchMemory(): { stop(): { grown: number } } {
    const before = resident();
    let most = before;
    const timer = setInterval(() => { most = Math.max(most, resident()); }, 100);
    return {
      stop() {
        clearInterval(timer);
        return { grown: most - before };
      },
    };
  }

  function resident(): number {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
  }
});
