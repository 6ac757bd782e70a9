import { archiveOf } from '../container/archive';
import type { Seed, WarmContainer } from '../container/warmContainer';
import { cancelled } from '../async';
import { PetriError } from '../errors';
import { clientEnvironment, clientSetup } from '../gateway/clientEnvironment';
import type { Door, RegistryHosts } from '../gateway/door';
import type { EngineInfo, ImageInfo } from '../ports/containerEngine';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import { diskFull, watchSet } from './diskWatch';
import { ASKED, SCRATCH, type InstallStep, type Requested } from './adapter';
import { failureOf } from './failure';
import type { InstallOutput } from './installOutput';
import { watchRegistries } from './registryWatch';

export interface StepWork {
  live: LiveSandbox; image: ImageInfo; engineInfo: EngineInfo;
  volume: string; step: InstallStep; output: InstallOutput;
  /** What the manifests ask for, to say where a failure comes from. */
  requested: readonly Requested[];
  /** The volume is new. */
  seeds: Seed[];
  files: ReadonlyArray<{ path: string; content: Buffer | string }>;
  /** Where it leads to a network; absent for a step without one. */
  through?: { door: Door; hosts: RegistryHosts };
  /** No step has to follow: when it asks for none, what only the install needed is cleared away. */
  mayEnd: boolean;
  signal: AbortSignal;
}

/** One step in one container, which is gone afterwards whatever happened. Answers whether it asked for more. Rejects with the reason, as an InstallFailure where it is known. */
export async function runStep(work: StepWork): Promise<{ asked: boolean }> {
  const { live, signal } = work;
  const { warm } = live.deps;
  const door = work.through?.door;
  const container = await warm.startInstall({
    sandboxId: live.id, uid: live.row.uid, limits: live.limits, image: work.image, engineInfo: work.engineInfo, runtime: live.deps.options.runtime,
    seeds: work.seeds,
    mounts: [{ volume: live.row.volume, target: '/sandbox', readOnly: true }, { volume: work.volume, target: '/sandbox/deps' }],
  }, door && { id: door.network, gateway: door.address });
  const end = Promise.withResolvers<never>();
  end.promise.catch(() => undefined);
  const stop = (reason: PetriError) => {
    end.reject(reason);
    container.launcher.destroy();
  };
  const onAbort = () => stop(signal.reason instanceof PetriError ? signal.reason : cancelled());
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  void door?.lost.then(stop);
  const from = door?.decisions().length ?? 0;
  const stopWatching = [watchSet(live, container, () => stop(diskFull(live))), ...(door ? [watchRegistries(live.deps.clock, door, stop)] : [])];
  try {
    return await Promise.race([follow(work, container, from), end.promise]);
  } finally {
    for (const stopLooking of stopWatching) stopLooking();
    signal.removeEventListener('abort', onAbort);
    container.launcher.destroy();
    await warm.remove(container.name);
  }
}

/** `from`: how many decisions of the door's came before this step. */
async function follow({ live, step, files, requested, through, output, mayEnd }: StepWork, { launcher }: WarmContainer, from: number): Promise<{ asked: boolean }> {
  if (files.length > 0) await launcher.call('fill', [], await archiveOf(files.map(({ path, content }) => ({ name: path, mode: 0o644, content }))));
  const { ended } = await launcher.run({
    argv: ['/bin/sh', '-ec', wrapped(step.script, through, mayEnd)], cwd: '', stdin: false,
    env: { HOME: `${SCRATCH}/home`, TMPDIR: `${SCRATCH}/tmp`, ...(through && clientEnvironment(through.door, through.hosts)), ...step.environment },
  }, (stream, chunk) => output.take(step, stream, chunk));
  const report = await ended;
  if (!report) throw new PetriError('engine-failed', 'The install\'s container went away.', { action: 'Run again.' });
  if (report.oomKills > 0 && report.exitCode !== 0) {
    throw new PetriError('install-failed', `${step.title} the dependencies needed more memory than the sandbox may use.`, { action: 'Raise the memory limit, and run again.' });
  }
  if (report.exitCode !== 0 && report.exitCode !== ASKED) {
    throw failureOf(step, output.tail, report.exitCode, { decisions: through?.door.decisions().slice(from) ?? [], requested, diskBytes: live.limits.disk_bytes });
  }
  return { asked: report.exitCode === ASKED };
}

function wrapped(script: string, through: StepWork['through'], mayEnd: boolean): string {
  const clear = mayEnd ? `\ncd / && find ${SCRATCH} -mindepth 1 -delete` : '';
  const setup = through ? clientSetup(through.door, through.hosts) : '';
  return `umask 022; mkdir -p "$HOME" "$TMPDIR"; cd /sandbox/deps\n${setup}\n(\n${script}\n)${clear}`;
}
