import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { localPaths, type LocalPlace } from '../../protocol/localPaths';
import { PetriClientError, errorFromBody } from './errors';
import { makeStateFolder } from './localFiles';

/** What to start: a Node (or an editor that can be one) and Petri's bundle. */
export interface RunnerProgram {
  execPath: string;
  /** dist/runner/petri.cjs; started with the one argument `runner`. */
  entry: string;
}

/** A runner that was started. It lives on when this process ends. */
export interface Launch {
  /** undefined while it lives; an exit with code 0 says that another runner has the socket. */
  ended(): { failed: boolean } | undefined;
  /** Why it died, from what it wrote to its log since it was started. */
  reason(): PetriClientError;
}

const LONGEST_REASON = 16 * 1024;

/** Starts a runner, detached, its output going to its log. */
export function launchRunner(program: RunnerProgram, place: LocalPlace): Launch {
  const { runnerLog, stateFolder } = localPaths(place);
  makeStateFolder(place);
  const log = openSync(runnerLog, 'a', 0o600);
  const logStart = fstatSync(log).size;
  let ended: { failed: boolean } | undefined;
  let failure: Error | undefined;
  try {
    const child = spawn(program.execPath, [program.entry, 'runner'], {
      detached: true, stdio: ['ignore', log, log], windowsHide: true,
      // Not the user's folder: a process that stands in it keeps Windows from renaming it.
      cwd: stateFolder,
      env: runnerEnvironment(place.env),
    });
    child.on('exit', (code) => { ended ??= { failed: code !== 0 }; });
    child.on('error', (error) => {
      failure = error;
      ended = { failed: true };
    });
    child.unref();
  } finally {
    closeSync(log);
  }
  return {
    ended: () => ended,
    reason: () => reasonFrom(failure, logTail(runnerLog, logStart), runnerLog),
  };
}

/** The editor's own Node as a plain Node, without what the editor or the user preloads into theirs. */
function runnerEnvironment(env: LocalPlace['env']): NodeJS.ProcessEnv {
  return { ...env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: undefined, NODE_CHANNEL_FD: undefined };
}

/** A runner that cannot start writes an ErrorBody as one line; whatever else it said is quoted. */
function reasonFrom(failure: Error | undefined, log: string, logPath: string): PetriClientError {
  if (failure) {
    return new PetriClientError('runner-unreachable', `The runner could not be started: ${failure.message}.`, {
      action: 'Install Petri again.', cause: failure,
    });
  }
  const lines = log.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  for (const line of lines.toReversed()) {
    const stated = line.startsWith('{') ? errorFromBody(line) : undefined;
    if (stated) return stated;
  }
  return new PetriClientError('runner-unreachable', 'The runner ended as soon as it was started.', {
    action: `Its log is ${logPath}.`, details: lines.slice(-10),
  });
}

function logTail(path: string, from: number): string {
  try {
    const log = openSync(path, 'r');
    try {
      const { size } = fstatSync(log);
      const start = Math.max(from <= size ? from : 0, size - LONGEST_REASON);
      const bytes = Buffer.alloc(size - start);
      return bytes.toString('utf8', 0, readSync(log, bytes, 0, bytes.length, start));
    } finally {
      closeSync(log);
    }
  } catch {
    return '';
  }
}
