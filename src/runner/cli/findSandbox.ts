import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { PetriClientError } from '../../sdk/typescript/errors';
import type { Petri } from '../../sdk/typescript/petri';
import type { Sandbox } from '../../sdk/typescript/sandbox';

const PAGE = 200;

/** Every sandbox there is, newest first. */
export async function allSandboxes(petri: Petri, active = false): Promise<Sandbox[]> {
  const all: Sandbox[] = [];
  for (;;) {
    const page = await petri.sandboxes({ active, limit: PAGE, offset: all.length });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

/** The sandbox with an id, or the beginning of one, or of a folder. Creates none: rejects not-found, or conflict where several fit. */
export async function findSandbox(petri: Petri, reference: string): Promise<Sandbox> {
  if (/^sb_[0-9a-f]{32}$/.test(reference)) return petri.sandbox(reference);
  const all = await allSandboxes(petri);
  if (/^sb_[0-9a-f]+$/.test(reference)) {
    const fitting = all.filter(({ id }) => id.startsWith(reference));
    if (fitting.length === 1) return fitting[0]!;
    if (fitting.length > 1) {
      throw new PetriClientError('conflict', `${fitting.length} sandboxes begin with ${reference}.`, {
        action: 'Give more of the id; petri list shows them.',
      });
    }
  }
  const folders = new Set([resolve(reference), realFolder(reference)]);
  const found = all.find(({ info }) => info.folder !== null && folders.has(info.folder));
  if (found) return found;
  throw new PetriClientError('not-found', `There is no sandbox for ${resolve(reference)}.`, {
    action: 'petri list shows the sandboxes; petri run FOLDER -- COMMAND creates one.',
  });
}

/** The folder as the runner knows it: one folder has one sandbox, whatever path it was reached by. */
function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return resolve(folder);
  }
}
