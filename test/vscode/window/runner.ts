import assert from 'node:assert/strict';
import { Petri } from '../../../src/sdk/typescript/petri';
import type { Sandbox } from '../../../src/sdk/typescript/sandbox';

/** Asks the suite's runner from outside the window, as another client would. */
export async function withPetri<T>(use: (petri: Petri) => Promise<T>): Promise<T> {
  const petri = await Petri.find({ client: 'test' });
  assert.ok(petri, 'a runner is there');
  try {
    return await use(petri);
  } finally {
    petri.close();
  }
}

/** The same about a folder's sandbox. */
export function withSandbox<T>(folder: string, use: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  return withPetri(async (petri) => {
    const found = (await petri.sandboxes({ limit: 1000 })).find(({ info }) => info.folder === folder);
    assert.ok(found, `${folder} has a sandbox`);
    return use(found);
  });
}
