import type { Notice, Progress } from '../../protocol/run';
import type { Clock } from '../ports/clock';
import type { Emit } from '../service';
import { isSecret } from './holdBack';
import type { HostScan } from './hostScan';
import type { Named } from './hostTree';
import type { PackReport } from './packDelta';
import type { Conflict } from './plan';

const TELL_AFTER_MS = 1000;
const TELL_EVERY_MS = 250;

/** What the user hears of one sandbox's syncs. */
export class SyncNotices {
  private readonly told = new Map<string, string>();

  /** Once for each set of paths, so that what the user knows already is not repeated at every run. */
  scanned(scan: HostScan, emit: Emit): void {
    const tell = (code: Notice['code'], message: string, named: Named[]) => {
      const key = named.map(({ path, why }) => `${path}\0${why}`).join('\0');
      if (key === (this.told.get(message) ?? '')) return;
      this.told.set(message, key);
      if (named.length === 0) return;
      const items = named.map(({ path, why }) => ({ path, why, secret: code === 'held-back' && isSecret(why) }));
      void emit({ event: 'notice', data: { code, message, paths: named.map(({ path, why }) => `${path} (${why})`), items } });
    };
    tell('held-back', 'Held back, not sent to the sandbox; allow a path to send it.', scan.heldBack);
    tell('skipped', 'Could not be sent.', scan.skipped);
    tell('skipped', 'Refused: these names cannot stand side by side or at all.', scan.refused);
  }
}

/** Of a sync that is done: what the user did not expect of it. */
export async function tellOutcome(report: PackReport, conflicts: readonly Conflict[], emit: Emit): Promise<void> {
  const odd = [...report.unstable, ...report.vanished];
  if (odd.length > 0) await notice(emit, 'skipped', 'Changed or went away while it was sent; the next sync sends it again.', odd);
  for (const { path, kept } of conflicts) {
    const message = `A run and the folder both changed ${path}; the folder's version is used, the sandbox's is kept as ${kept}.`;
    await notice(emit, 'conflict', message, [path, kept]);
  }
}

export async function tellResynced(emit: Emit): Promise<void> {
  await notice(emit, 'resynced', 'The workspace was not as it was left; every file in it is checked.');
}

/** Tells how far a long step is, from its second second on and not too often: progress is for what takes long. */
export function progressTeller(clock: Clock, stage: Progress['stage'], what: string, emit: Emit): (done: number, total?: number) => void {
  let next = clock.monotonic() + TELL_AFTER_MS;
  return (done, total) => {
    if (clock.monotonic() < next) return;
    next = clock.monotonic() + TELL_EVERY_MS;
    const message = `${what}: ${done}${total === undefined ? '' : ` of ${total}`}`;
    void emit({ event: 'progress', data: { stage, message, done, total, unit: 'files' } });
  };
}

async function notice(emit: Emit, code: Notice['code'], message: string, paths?: string[]): Promise<void> {
  await emit({ event: 'notice', data: { code, message, ...(paths && { paths }) } });
}
