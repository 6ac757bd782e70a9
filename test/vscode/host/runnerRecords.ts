import assert from 'node:assert/strict';
import type { Run } from '../../../src/protocol/run';
import { Petri } from '../../../src/sdk/typescript/petri';

/** Asks the window's runner over a connection of its own. */
export async function askRunner<T>(ask: (petri: Petri) => Promise<T>): Promise<T> {
  const petri = await Petri.find({ client: 'test' });
  assert.ok(petri, 'a runner is there');
  try {
    return await ask(petri);
  } finally {
    petri.close();
  }
}

/** What ran in the folder's sandbox, newest first. */
export async function runsIn(folder: string): Promise<Run[]> {
  const petri = await Petri.find({ client: 'test' });
  if (!petri) return [];
  petri.close();
  return askRunner(async (petri) => {
    const sandbox = (await petri.sandboxes({ limit: 100 })).find(({ info }) => info.folder === folder);
    return sandbox ? sandbox.runs({ limit: 20 }) : [];
  });
}
