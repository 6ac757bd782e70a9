import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PetriError } from '../engine/errors';
import type { PetriOptions } from '../engine/deps';

const HOUR = 3600;
const WEEK = 7 * 24 * HOUR;
const MIB = 1024 * 1024;

/** The runner's settings from its environment; a value that is no number is an error, not a default. */
export function optionsFromEnvironment(env: Record<string, string | undefined>, version: string): PetriOptions {
  const root = env.PETRI_WORKSPACE_ROOT;
  return {
    version,
    ttlSeconds: positive(env, 'PETRI_SANDBOX_TTL_SECONDS', HOUR),
    retentionSeconds: positive(env, 'PETRI_SANDBOX_RETENTION_SECONDS', WEEK),
    logCapBytes: positive(env, 'PETRI_LOG_MAX_MB', 1024) * MIB,
    artefactBytes: env.PETRI_ARTEFACTS_MAX_MB === '0' ? 0 : positive(env, 'PETRI_ARTEFACTS_MAX_MB', 5120) * MIB,
    logsCapBytes: positive(env, 'PETRI_LOGS_MAX_MB', 8192) * MIB,
    ...(env.PETRI_RUNTIME && { runtime: env.PETRI_RUNTIME }),
    ...(root && { workspaceFolders: workspaceFolders(root) }),
  };
}

function positive(env: Record<string, string | undefined>, name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0) throw new PetriError('bad-request', `${name} is ${JSON.stringify(text)}, not a positive whole number.`);
  return value;
}

function workspaceFolders(root: string): PetriOptions['workspaceFolders'] {
  const folder = (sandboxId: string) => join(root, sandboxId);
  return {
    make(sandboxId) {
      mkdirSync(folder(sandboxId), { recursive: true, mode: 0o755 });
      return folder(sandboxId);
    },
    remove: (sandboxId) => rmSync(folder(sandboxId), { recursive: true, force: true }),
  };
}
