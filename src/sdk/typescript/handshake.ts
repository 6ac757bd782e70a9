import type { RunnerStatus } from '../../protocol/runner';
import { PROTOCOL_VERSION } from '../../protocol/version';
import { PetriClientError } from './errors';

/**
 * What a client does with the runner it found. `replace`: ask it to drain and start our own. `leaving`: it drains already.
 * `newer`: it speaks a protocol that this client does not know.
 */
export type Verdict = 'use' | 'replace' | 'leaving' | 'newer';

/** Judges a runner by its status. Lenient about everything but what the handshake is about: an old runner may lack fields. */
export function judge(status: Partial<RunnerStatus>, ourVersion: string): Verdict {
  const protocol = typeof status.protocol === 'number' ? status.protocol : 0;
  if (protocol > PROTOCOL_VERSION) return 'newer';
  if (status.draining) return 'leaving';
  if (protocol < PROTOCOL_VERSION) return 'replace';
  // They can talk. An older build makes way only when nobody would notice.
  const idle = status.active_runs === 0 && status.leases === 0;
  return idle && isOlder(status.version ?? '', ourVersion) ? 'replace' : 'use';
}

/** The sentence for a runner that is newer than its client. */
export function newerRunner(status: Partial<RunnerStatus>, ourVersion: string): PetriClientError {
  return new PetriClientError('runner-version', `The running Petri (${versionOf(status)}) is newer than this client (${ourVersion}).`, {
    action: 'Update this client, or run petri stop with the newer Petri to let this one start its own.',
  });
}

/** The sentence for an older runner that did not leave in time. */
export function busyRunner(status: Partial<RunnerStatus>): PetriClientError {
  const runs = status.active_runs ?? 0;
  const busy = runs > 0 ? ` with ${runs === 1 ? 'one run' : `${runs} runs`}` : '';
  return new PetriClientError('runner-version', `A Petri (${versionOf(status)}) that is about to end is still busy${busy}.`, {
    action: 'Wait until its runs are over, or end them with petri stop --now.',
  });
}

function versionOf(status: Partial<RunnerStatus>): string {
  return status.version ?? 'unknown version';
}

function isOlder(theirs: string, ours: string): boolean {
  const [a, b] = [numbers(theirs), numbers(ours)];
  for (let index = 0; index < 3; index += 1) {
    if (a[index]! !== b[index]!) return a[index]! < b[index]!;
  }
  return false;
}

function numbers(version: string): number[] {
  const found = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  return found ? found.slice(1).map(Number) : [0, 0, 0];
}
