// The runner's process before a service that runs nothing. Answers TEST_RUNNER (JSON) and writes what happens to PETRI_HOME/events.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PetriError } from '../../../src/engine/errors';
import type { Emit } from '../../../src/engine/service';
import type { ExecParsed } from '../../../src/protocol/run';
import { runRunner } from '../../../src/runner/process/runRunner';
import { takeLifeLock } from '../../../src/runner/store/lifeLock';
import { FakeService, done, synced, RUN_ID } from '../http/fakeService';

export interface TestRunner { version?: string; lingerMs?: number; startMs?: number; fails?: boolean }

/** Its runs end when cancelled or after the seconds that their command says. */
class SleepingService extends FakeService {
  readonly #runs = new Set<AbortController>();
  constructor(readonly version: string) { super(); }

  override async status() { return { ...await super.status(), version: this.version, active_runs: this.#runs.size }; }

  override async exec(_id: string, request: ExecParsed, emit: Emit, signal: AbortSignal) {
    if (request.command === 'crash') setTimeout(() => { void Promise.reject(new Error('nobody caught this')); });
    if (request.command === 'quote the token') throw new Error(`a header said ${request.env['TOKEN']}`);
    const cancel = new AbortController();
    this.#runs.add(cancel);
    this.busy = true;
    await emit({ event: 'started', data: { ...synced, run_id: RUN_ID, warm: true } });
    const ended = await sleep(Number(request.command) * 1000, 'exited', { signal: AbortSignal.any([signal, cancel.signal]) }).catch(() => 'cancelled');
    this.#runs.delete(cancel);
    this.busy = this.#runs.size > 0;
    return { ...done, reason: ended as 'exited' };
  }

  override async shutdown(mode: 'drain' | 'now'): Promise<void> {
    note(`shutdown ${mode}`);
    if (mode === 'now') for (const run of this.#runs) run.abort();
    while (this.#runs.size > 0) await sleep(10);
    note('closed');
  }
}

function note(line: string): void {
  appendFileSync(join(process.env['PETRI_HOME']!, 'events'), `${process.pid} ${line}\n`);
}

async function main(): Promise<void> {
  const { version = '1.0.0', lingerMs = 20_000, startMs = 0, fails = false } = JSON.parse(process.env['TEST_RUNNER'] ?? '{}') as TestRunner;
  process.exit(await runRunner({
    version, lingerMs, takeLock: takeLifeLock,
    createService: async () => {
      note('creating');
      await sleep(startMs);
      if (fails) throw new PetriError('database-newer', 'The database is newer.', { action: 'Update.' });
      return new SleepingService(version);
    },
  }));
}

if (process.env['PETRI_HOME']) void main();
