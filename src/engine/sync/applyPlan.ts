import { PetriError } from '../errors';
import { LauncherFailure, type Launcher } from '../container/launcher';
import type { FileSource } from '../ports/fileSource';
import type { Emit } from '../service';
import { nulList, parseHashes } from './insideScan';
import { landing } from './landing';
import { emptyReport, type PackOptions, type PackReport } from './packDelta';
import type { SyncPlan } from './plan';

/** A first sync says how far it is; a delta is over before anybody could read that. */
const WORTH_TELLING_FILES = 200;
const WORTH_TELLING_BYTES = 8 * 1024 * 1024;
const TELL_EVERY_MS = 200;

export interface ApplyOptions {
  emit: Emit;
  signal?: AbortSignal | undefined;
  /** All has been sent and the report is complete; whether it arrived is not known yet. */
  onSent: (report: PackReport) => void;
}

/**
 * Does what the plan says, inside, through a launcher no user code shared a container with, and has the launcher hash every
 * file that arrived. Between `begin` and `commit` the volume's marker names no generation. Rejects sync-failed, disk-full, cancelled.
 */
export async function applyPlan(launcher: Launcher, source: FileSource, plan: SyncPlan, generation: number, { emit, signal, onSent }: ApplyOptions): Promise<PackReport> {
  const list = async (call: string, words: readonly string[]) => {
    if (words.length === 0) return;
    const payload = nulList(words);
    await launcher.call(call, [String(payload.length)], payload);
  };
  try {
    await launcher.call('begin');
    await list('move', plan.keeps.flatMap(({ from, to }) => [from, to]));
    await list('move', plan.moves.flatMap(({ from }, at) => [from, staged(at)]));
    await list('remove', plan.deletes);
    await list('prune', plan.deleteFolders);
    const report = await send(launcher, plan, source, { onProgress: teller(plan, emit), signal }, onSent);
    await list('move', plan.moves.flatMap(({ to }, at) => [staged(at), to]));
    await list('mode', [...plan.moves.map(({ to, mode }) => ({ path: to, mode })), ...plan.chmods].flatMap(({ path, mode }) => [mode.toString(8), path]));
    await launcher.call('commit', [String(generation)]);
    return report;
  } catch (error) {
    throw failure(error);
  }
}

function staged(at: number): string {
  return `/sandbox/state/moving-${at}`;
}

function teller(plan: SyncPlan, emit: Emit): (done: { files: number; bytes: number }) => void {
  const total = { files: plan.writes.length, bytes: plan.writes.reduce((sum, { host }) => sum + host.size, 0) };
  if (total.files < WORTH_TELLING_FILES && total.bytes < WORTH_TELLING_BYTES) return () => undefined;
  let last = 0;
  return ({ files, bytes }) => {
    const now = performance.now();
    if (now - last < TELL_EVERY_MS) return;
    last = now;
    const mib = (value: number) => (value / 1024 / 1024).toFixed(1);
    void emit({ event: 'progress', data: { stage: 'sync', message: `Sending files: ${files} of ${total.files}, ${mib(bytes)} of ${mib(total.bytes)} MiB`, done: bytes, total: total.bytes, unit: 'bytes' } });
  };
}

/** What arrived must be what was sent, byte for byte. */
async function send(launcher: Launcher, plan: SyncPlan, source: FileSource, options: PackOptions, onSent: (report: PackReport) => void): Promise<PackReport> {
  const report = emptyReport();
  if (plan.writes.length === 0) {
    onSent(report);
    return report;
  }
  let arrived: Map<string, string>;
  try {
    arrived = parseHashes(await launcher.call('land', [], await landing(plan.writes, source, report, options, () => onSent(report))));
  } catch (error) {
    // Whatever it was in the middle of, it takes no other call.
    launcher.destroy();
    throw error;
  }
  const wrong = report.sent.filter(({ path, sha256 }) => arrived.get(path) !== sha256).map(({ path }) => path);
  if (wrong.length === 0) return report;
  throw new PetriError('sync-failed', `${wrong.length} of ${report.sent.length} files did not arrive as they were sent.`, {
    action: 'Run again. If a program in the sandbox keeps writing them, stop it first.', details: wrong.slice(0, 20),
  });
}

function failure(error: unknown): unknown {
  if (!(error instanceof LauncherFailure)) return error;
  if (/No space left|Wrote only|Disk quota|File too large/i.test(error.complaint)) {
    return new PetriError('disk-full', 'The disk that holds the sandbox is full; not all files could be sent.', { action: 'Free some space, or remove sandboxes: petri cleanup.', cause: error });
  }
  return new PetriError('sync-failed', `The workspace could not be updated: ${error.complaint.trim().split('\n')[0] ?? error.message}`, { action: 'Run again; reset the sandbox if it stays so.', cause: error });
}
