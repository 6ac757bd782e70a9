import type { PetriService } from '../../engine/service';
import type { LocalPaths } from '../../protocol/localPaths';
import { toPetriError } from '../http/errorResponse';
import type { TakeLock } from './becomeRunner';
import { prepareOwnPaths } from './ownPaths';
import { RunnerLog } from './runnerLog';
import { startRunner } from './startRunner';

export interface RunnerProgram {
  version: string;
  /** See RunnerOptions.takeLock; `file` is the lock's. */
  takeLock(file: string): ReturnType<TakeLock>;
  /** See RunnerOptions.createService. */
  createService(paths: LocalPaths, log: (line: string) => void): Promise<PetriService>;
  /** See RunnerOptions.lingerMs. */
  lingerMs?: number;
}

/**
 * The runner as a whole process: answers its exit code when it is over. 0 when it left in order or another one serves. One
 * that cannot start says why as one line of JSON (ErrorBody) on stderr, which the client that started it reads.
 */
export async function runRunner({ version, takeLock, createService, lingerMs }: RunnerProgram): Promise<number> {
  let log: RunnerLog | undefined;
  try {
    const paths = prepareOwnPaths();
    const { write } = log = new RunnerLog(paths.runnerLog);
    endOnCrash(write);
    const runner = await startRunner({
      paths, version, log, lingerMs, takeLock: () => takeLock(paths.lifeLock), createService: () => createService(paths, write),
    });
    if (!runner) return 0;
    let asked = 0;
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => runner.stop(asked++ === 0 ? 'drain' : 'now', signal));
    }
    await runner.over;
    return 0;
  } catch (thrown) {
    const error = toPetriError(thrown, (line) => log?.write(line));
    log?.write(`cannot start (${error.code}): ${error.message}`);
    process.stderr.write(`${JSON.stringify(error.toBody())}\n`);
    return 1;
  }
}

/** After an error that nobody caught nothing is certain any more: the next runner puts things in order from the engine's labels. */
function endOnCrash(log: (line: string) => void): void {
  const end = (what: string) => (error: unknown) => {
    log(`${what}: ${error instanceof Error ? error.stack : String(error)}`);
    process.exit(1);
  };
  process.on('uncaughtException', end('uncaught exception'));
  process.on('unhandledRejection', end('unhandled rejection'));
}
