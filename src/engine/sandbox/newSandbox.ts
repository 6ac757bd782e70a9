import { randomBytes, randomInt } from 'node:crypto';
import type * as z from 'zod';
import type { CreateSandbox } from '../../protocol/sandbox';
import { PetriError } from '../errors';
import type { Deps } from '../deps';
import type { SandboxRow } from '../ports/store';
import { guessLanguage } from './languages';
import { chooseLimits } from './limits';
import { mergeDependencySettings } from './dependencySettings';

/** The users that our images name. Inotify watches, keyrings and process counts are kept per user across containers. */
const FIRST_UID = 30_000;
const UIDS = 1000;

/** The row of a sandbox that does not exist yet; nothing on the engine. */
export function newSandbox(deps: Deps, request: z.output<typeof CreateSandbox>): SandboxRow {
  const id = `sb_${randomBytes(16).toString('hex')}`;
  const now = deps.clock.now();
  const language = request.language ?? (request.folder === undefined ? 'python' : guessLanguage(deps.openFolder(request.folder)));
  return {
    id, folder: request.folder ?? null, language, languageChosen: request.language !== undefined, image: request.image ?? null,
    status: 'created', agent: request.agent ?? null, createdBy: request.created_by, createdAt: now, lastActivityAt: now, stoppedAt: null, deletesAt: null,
    ttlSeconds: request.ttl_seconds ?? deps.options.ttlSeconds, retentionSeconds: request.retention_seconds ?? deps.options.retentionSeconds,
    limits: chooseLimits({}, request.limits ?? {}), allow: request.allow ?? [], uid: freeUid(deps), volume: `petri-${id.slice(3)}`, endpoint: deps.gate.info?.endpoint ?? '',
    generation: 0, receipt: null, error: null, dependencies: mergeDependencySettings({}, request.dependencies), dependencySet: null,
  };
}

function freeUid(deps: Deps): number {
  const taken = new Set(deps.store.listSandboxes({ statuses: ['created', 'running', 'stopped', 'error'] }).map((row) => row.uid));
  if (taken.size >= UIDS) throw new PetriError('conflict', `There are ${taken.size} sandboxes, and no user number is left for another.`, { action: 'Delete some: petri cleanup.' });
  // At random, so that two installations on one engine seldom meet.
  let uid = FIRST_UID + randomInt(UIDS);
  while (taken.has(uid)) uid = FIRST_UID + ((uid - FIRST_UID + 1) % UIDS);
  return uid;
}
