import type { Verified } from '../../protocol/changes';
import type { Launcher } from '../container/launcher';
import { PetriError } from '../errors';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { Emit } from '../service';
import { sameEntry, type Entry } from './entry';
import { HostScanner } from './hostScan';
import { insideMode } from './hostSide';
import { scanInside } from './insideScan';
import { Tree } from './merkle';

/** Reads every byte on both sides, believing nothing that was remembered, and compares. */
export async function verifyWorkspace(live: LiveSandbox, launcher: Launcher, emit: Emit, signal: AbortSignal): Promise<Verified> {
  const folder = live.folder();
  if (!folder) throw new PetriError('bad-request', 'This sandbox belongs to no folder, so there is nothing to compare it with.');
  const tell = (message: string, done?: number, total?: number) => void emit({ event: 'progress', data: { stage: 'verify', message, done, total, unit: 'files' } });

  tell('Reading the folder…');
  const scan = await new HostScanner(folder.source).scan(new Map(), { allow: folder.allow, now: () => live.deps.clock.now(), signal });
  tell('Reading the workspace…');
  const inside = await scanInside(launcher, new Map(), { shifting: false, everything: true, onProgress: (done, total) => tell(`Reading the workspace: ${done} of ${total}`, done, total) });

  const host = new Map<string, Entry>();
  const trees = { host: new Tree(), box: new Tree() };
  for (const [path, side] of scan.entries()) {
    const entry = { ...side, mode: insideMode(side) };
    host.set(path, entry);
    trees.host.set(path, entry);
  }
  const differences: Verified['differences'] = [];
  for (const [path, box] of inside.updates) {
    if (!box) continue;
    trees.box.set(path, box);
    const there = host.get(path);
    host.delete(path);
    if (!there) differences.push({ path, what: 'only in the sandbox' });
    else if (!sameEntry(there, box)) differences.push({ path, what: there.content === box.content ? 'another mode' : 'another content' });
  }
  for (const path of host.keys()) differences.push({ path, what: 'only in the folder' });
  const roots = { host: trees.host.root(), box: trees.box.root() };
  return { same: roots.host === roots.box, host_root: roots.host, sandbox_root: roots.box, files: inside.files, bytes: inside.bytes, differences: differences.slice(0, 1000) };
}
