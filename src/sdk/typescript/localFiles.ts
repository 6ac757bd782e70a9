import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { localPaths, unsafeFolder, type LocalPaths, type LocalPlace } from '../../protocol/localPaths';
import { PetriClientError } from './errors';
import type { Endpoint } from './transport';

/** Overrides of what the process says about itself, for tests and for a runner with another home. */
export interface PlaceOptions {
  env?: Readonly<Record<string, string | undefined>>;
  platform?: NodeJS.Platform;
  /** The user's home folder. */
  home?: string;
  uid?: number;
}

/** Where this user's runner keeps its things. */
export function placeOf(options: PlaceOptions = {}): LocalPlace {
  return {
    platform: options.platform ?? process.platform,
    env: options.env ?? process.env,
    home: options.home ?? homedir(),
    uid: options.uid ?? process.getuid?.(),
    hash: (text) => createHash('sha256').update(text).digest('hex'),
  };
}

/** Where this user's runner listens and logs; nothing is touched. */
export function pathsOf(options: PlaceOptions = {}): LocalPaths {
  return localPaths(placeOf(options));
}

/**
 * Socket and token as they are now; undefined when no runner has left a token yet. Throws when another user could have put
 * them there: the token and the user's files would go to whoever listens.
 */
export function readEndpoint(place: LocalPlace): Endpoint | undefined {
  const paths = localPaths(place);
  for (const folder of new Set([paths.stateFolder, paths.socketFolder])) {
    if (folder !== undefined && !isSafe(folder, place)) return undefined;
  }
  try {
    return { socketPath: paths.socket, token: readFileSync(paths.tokenFile, 'utf8').trim() };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new PetriClientError('runner-unreachable', `The token ${paths.tokenFile} cannot be read.`, {
      action: 'Give the file back to this user, or remove it after petri stop.', cause: error,
    });
  }
}

/** Makes the state folder, so that a runner about to start has a place to log to. */
export function makeStateFolder(place: LocalPlace): void {
  const { stateFolder } = localPaths(place);
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  isSafe(stateFolder, place);
}

/** False when the folder is absent; throws when it is not only the user's own. */
function isSafe(folder: string, place: LocalPlace): boolean {
  let stat;
  try {
    stat = lstatSync(folder);
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
  const why = unsafeFolder({ isDirectory: stat.isDirectory(), uid: stat.uid, mode: stat.mode }, place);
  if (!why) return true;
  throw new PetriClientError('runner-unreachable', `The folder ${folder} cannot be trusted: ${why}.`, {
    action: `Make it a folder of your own with mode 0700, or set PETRI_HOME to another one.`,
  });
}

function isAbsent(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
