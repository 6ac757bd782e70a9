import { appendFileSync, existsSync, unlinkSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunnerStatus } from '../../../src/protocol/runner';
import { pathsOf } from '../../../src/sdk/typescript/localFiles';
import { FakeRunner } from './fakeRunner';

/** How a stand-in behaves; it comes as JSON in the environment variable STAND_IN. */
export interface StandIn {
  status?: Partial<RunnerStatus>;
  /** Writes this and ends with code 1 before it listens. */
  dies?: string;
  startsAfterMs?: number;
}

/** A process with the runner's manners: the socket is the lock. Notes what it sees in `home`/seen. */
export async function runStandIn(): Promise<void> {
  const home = process.env['PETRI_HOME']!;
  const { status, dies, startsAfterMs = 0 } = JSON.parse(process.env['STAND_IN'] ?? '{}') as StandIn;
  const note = (line: string) => appendFileSync(join(home, 'seen'), `${line}\n`);
  const { NODE_OPTIONS: options, ELECTRON_RUN_AS_NODE: electron } = process.env;
  note(`launched ${JSON.stringify({ argv: process.argv.slice(2), options, electron })}`);
  await sleep(startsAfterMs);
  // The test is over already.
  if (!existsSync(home)) return;
  if (dies !== undefined) {
    process.stderr.write(dies);
    process.exitCode = 1;
    return;
  }
  const runner = await listen(home, { pid: process.pid, ...status });
  if (!runner) return note('lost');
  note(`listening ${process.pid}`);
  // A test that fails leaves no process behind.
  setInterval(() => { if (!existsSync(home)) process.exit(); }, 500).unref();
  setTimeout(() => process.exit(), 30_000).unref();
}

/** undefined when another has the socket; one that a killed runner left behind is taken over. */
async function listen(home: string, status: Partial<RunnerStatus>): Promise<FakeRunner | undefined> {
  try {
    return await FakeRunner.start(home, status);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
  }
  const { socket } = pathsOf({ env: { PETRI_HOME: home } });
  const alive = await new Promise<boolean>((resolve) => {
    const connection = createConnection(socket).on('error', () => resolve(false)).on('connect', () => {
      connection.destroy();
      resolve(true);
    });
  });
  if (alive) return undefined;
  unlinkSync(socket);
  return FakeRunner.start(home, status);
}
