import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { PetriError } from '../../engine/errors';
import { localPaths, unsafeFolder } from '../../protocol/localPaths';
import type { LocalPaths, LocalPlace } from '../../protocol/localPaths';

/** Where this process's user keeps Petri's things; nothing is touched. */
export function ownPlace(env: LocalPlace['env'] = process.env): LocalPlace {
  return {
    platform: process.platform, env, home: homedir(), uid: process.getuid?.(),
    hash: (text) => createHash('sha256').update(text).digest('hex'),
  };
}

/** The paths, with their folders made and found to be the user's own. Throws runner-unreachable when one cannot be
 * made or another could enter it. */
export function prepareOwnPaths(place: LocalPlace = ownPlace()): LocalPaths {
  const paths = localPaths(place);
  for (const folder of new Set([paths.stateFolder, paths.socketFolder])) {
    if (folder !== undefined) makeOwnFolder(folder, place);
  }
  return paths;
}

function makeOwnFolder(folder: string, place: LocalPlace): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new PetriError('runner-unreachable', `The folder ${folder} cannot be made: ${(cause as Error).message}.`, {
      action: 'Make room for it, or set PETRI_HOME to another one.', details: [folder], cause,
    });
  }
  // Made by us or found: in a shared folder like /tmp another user may have been first.
  const stat = lstatSync(folder);
  const why = unsafeFolder({ isDirectory: stat.isDirectory(), uid: stat.uid, mode: stat.mode }, place);
  if (!why) return;
  throw new PetriError('runner-unreachable', `The folder ${folder} cannot be trusted: ${why}.`, {
    action: 'Make it a folder of your own with mode 0700, or set PETRI_HOME to another one.', details: [folder],
  });
}
