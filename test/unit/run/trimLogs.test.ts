import assert from 'node:assert/strict';
import { join } from 'node:path';
import { trimLogs } from '../../../src/engine/run/trimLogs';
import { FileRunLogs } from '../../../src/runner/logs/fileRunLogs';
import { openStore } from '../../../src/runner/store/openStore';
import { newFolder, runRow, sandboxRow } from '../store/rows';

describe('all logs together', () => {
  it('stay under their limit: the oldest finished go first, never the newest of a sandbox nor one that is written', async () => {
    const folder = newFolder();
    const store = await openStore(join(folder, 'petri.db'));
    const logs = new FileRunLogs(join(folder, 'runs'));
    const [a, b] = [sandboxRow(), sandboxRow()];
    const ids: string[] = [];
    try {
      for (const row of [a, b]) store.insertSandbox(row);
      // b's only run is the oldest of all; a's second one is still active.
      for (const [at, sandbox] of [b, a, a, a, a].entries()) {
        const row = runRow(sandbox.id, { startedAt: at, status: at === 2 ? 'running' : 'finished' });
        store.insertRun(row);
        ids.push(row.id);
        const log = logs.create(row.id, 1e9);
        await log.append('stdout', Buffer.alloc(1000));
        await log.close();
      }
      const left = async (logsCapBytes: number) => {
        await trimLogs({ logs, store, options: { logsCapBytes } });
        const sizes = await logs.sizes();
        return ids.map((id, at) => (sizes.has(id) ? at : '')).join('');
      };
      assert.equal(await left(6000), '01234');
      assert.equal(await left(4100), '0234');
      assert.equal(await left(1), '024');
    } finally {
      store.close();
    }
  });
});
