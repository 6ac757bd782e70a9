// A process that writes to a store: `node writerProcess.cjs FILE SANDBOX ROUNDS`. Prints a line after each transaction.
import { writeSync } from 'node:fs';
import { openStore } from '../../../src/runner/store/openStore';
import { entries, runRow } from './rows';

async function write(file: string, sandboxId: string, rounds: number): Promise<void> {
  const store = await openStore(file);
  for (let round = 1; round <= rounds; round++) {
    store.insertRun(runRow(sandboxId));
    store.beginSync(sandboxId, new Map([[String(round), undefined]]));
    store.saveIndex(sandboxId, entries(round % 7 === 0 ? 2000 : 20), { generation: round, receipt: String(round) });
    writeSync(1, `${round}\n`);
  }
  store.close();
}

if (process.argv[2]) void write(process.argv[2], process.argv[3]!, Number(process.argv[4]));
