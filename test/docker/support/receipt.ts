import assert from 'node:assert/strict';
import type { Bench } from './petri';

/**
 * Reads every byte on both sides: the workspace holds the folder's files, beyond them only what runs created, and the receipt
 * is what it hashes to.
 */
export async function assertReceipt(bench: Bench, sandbox: string, created: string[] = []): Promise<void> {
  await bench.settled(sandbox);
  const { differences, sandbox_root: root } = await bench.petri.verify(sandbox, () => undefined, new AbortController().signal);
  assert.deepEqual(differences.map(({ path, what }) => `${path}: ${what}`).sort(), created.map((path) => `${path}: only in the sandbox`).sort());
  assert.equal(root, bench.petri.getSandbox(sandbox).receipt, 'the receipt is of another tree');
}
