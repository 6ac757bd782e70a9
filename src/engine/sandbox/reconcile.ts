import { LABEL } from '../container/spec';
import type { Clock } from '../ports/clock';
import { LABEL_SET } from '../dependencies/setVolumes';
import type { ContainerEngine } from '../ports/containerEngine';
import type { Store } from '../ports/store';

/**
 * What a runner that died left: its containers and networks go, its open runs read `interrupted`, volumes of deleted sandboxes
 * go. Only things with this installation's label are touched; a labelled volume without a row is left for `petri cleanup`,
 * since it may be the last copy of something. Answers the names of containers that were asked for and are not there: an engine
 * that is slow may still make them.
 */
export async function reconcileEngine(engine: ContainerEngine, store: Store, keep: ReadonlySet<string>, log: (message: string) => void): Promise<string[]> {
  const mine = { [`${LABEL}install`]: store.installId };
  const intended = store.listIntents().map(({ name }) => name).filter((name) => !keep.has(name));
  const found = new Set<string>();
  for (const container of await engine.listContainers(mine)) {
    found.add(container.name);
    if (keep.has(container.name)) continue;
    log(`reconcile: removing container ${container.name}`);
    await engine.removeContainer(container.id);
  }
  for (const network of await engine.listNetworks(mine)) {
    if (keep.has(network.name)) continue;
    log(`reconcile: removing network ${network.name}`);
    await engine.removeNetwork(network.id);
  }
  for (const volume of await engine.listVolumes(mine)) {
    const deleted = store.getSandbox(volume.labels[`${LABEL}sandbox`] ?? '')?.status === 'deleted';
    const setId = volume.labels[LABEL_SET];
    const status = setId === undefined ? undefined : store.getDependencySet(setId)?.status ?? 'removed';
    // What an install left that did not end well is worth nothing to anybody.
    if (!deleted && (status === undefined || status === 'ready' || status === 'installing')) continue;
    log(`reconcile: removing volume ${volume.name}`);
    await engine.removeVolume(volume.name);
  }
  for (const name of intended) store.removeIntent(name);
  return intended.filter((name) => !found.has(name));
}

/** How long after the start a container that a dead runner asked for may still appear. */
const LATE_MS = [500, 2000, 5000, 15_000, 60_000];

/** Looks again for what `reconcileEngine` did not find; each look is one call, and with the last name found the looking ends. */
export function removeLate(engine: ContainerEngine, installId: string, names: readonly string[], clock: Clock, log: (message: string) => void): void {
  const missing = new Set(names);
  const look = async () => {
    for (const container of await engine.listContainers({ [`${LABEL}install`]: installId })) {
      if (!missing.delete(container.name)) continue;
      log(`reconcile: removing container ${container.name}, which came late`);
      await engine.removeContainer(container.id);
    }
  };
  const next = ([wait, ...waits]: number[]): void => {
    if (wait === undefined || missing.size === 0) return;
    clock.after(wait, () => void look().catch((error: unknown) => log(`reconcile: ${String(error)}`)).finally(() => next(waits)));
  };
  next(LATE_MS);
}

/** Needs no engine: whatever was open when the last runner ended did not end in its sight. */
export function interruptOpenRuns(store: Store, now: number): void {
  for (const run of store.openRuns()) store.updateRun(run.id, { status: 'finished', reason: 'interrupted', endedAt: now });
  for (const set of store.listDependencySets({ statuses: ['installing'] })) store.updateDependencySet(set.id, { status: 'interrupted', endedAt: now });
  // No container outlives the runner that holds its stdin: what was running is stopped until somebody runs something.
  for (const row of store.listSandboxes({ statuses: ['running'] })) store.updateSandbox(row.id, { status: 'stopped', stoppedAt: now });
}
