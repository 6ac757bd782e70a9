import type { WarmContainer } from '../container/warmContainer';
import { PetriError } from '../errors';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import { DISK_ACTION } from './explain';

/** A look is a walk through all that is installed so far: not often. */
const LOOK_MS = 2000;
const OVER = 77;

/**
 * Volumes have no quota: looks how much the new set holds while it is installed, from inside its container, and calls `onFull` when
 * that is more than the sandbox's disk limit. What the program there can do about the answer it could do about its files as well:
 * the engine's disk is still its own. Answers the function that ends the watch.
 */
export function watchSet(live: LiveSandbox, container: WarmContainer, onFull: () => void): () => void {
  const { clock, engine, log } = live.deps;
  const { disk_bytes: bytes, disk_files: files } = live.limits;
  const script = `b=$(du -s -B1 /sandbox/deps 2>/dev/null | cut -f1); n=$(du -s --inodes /sandbox/deps 2>/dev/null | cut -f1); `
    + `[ "\${b:-0}" -le ${bytes} ] && [ "\${n:-0}" -le ${files} ] || exit ${OVER}`;
  let over = false;
  let stop = () => {};
  const look = async () => {
    if (await engine.exec(container.id, ['/bin/sh', '-c', script]) === OVER && !over) onFull();
  };
  const next = () => {
    stop = clock.after(LOOK_MS, () => {
      look().catch((error: unknown) => over || log(`${live.id}: install disk watch: ${String(error)}`)).finally(() => {
        if (!over) next();
      });
    });
  };
  next();
  return () => {
    over = true;
    stop();
  };
}

export function diskFull(live: LiveSandbox): PetriError {
  const mib = Math.floor(live.limits.disk_bytes / 1024 / 1024);
  return new PetriError('disk-full', `The install was ended: it took more than the sandbox's disk limit of ${mib} MiB.`, { action: DISK_ACTION });
}
