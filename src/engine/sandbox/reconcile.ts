import { LABEL } from '../container/spec';
import type { ContainerEngine } from '../ports/containerEngine';
import type { Store } from '../ports/store';

/**
 * What a runner that died left: its containers and networks go, its open runs read `interrupted`, volumes of deleted sandboxes
 * go. Only things with this installation's label are touched; a labelled volume without a row is left for `petri cleanup`,
 * since it may be the last copy of something.
 */
export async function reconcileEngine(engine: ContainerEngine, store: Store, keep: ReadonlySet<string>, log: (message: string) => void): Promise<void> {
  const mine = { [`${LABEL}install`]: store.installId };
  for (const container of await engine.listContainers(mine)) {
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
    if (store.getSandbox(volume.labels[`${LABEL}sandbox`] ?? '')?.status !== 'deleted') continue;
    log(`reconcile: removing volume ${volume.name}`);
    await engine.removeVolume(volume.name);
  }
  for (const intent of store.listIntents()) if (!keep.has(intent.name)) store.removeIntent(intent.name);
}

/** Needs no engine: whatever was open when the last runner ended did not end in its sight. */
export function interruptOpenRuns(store: Store, now: number): void {
  for (const run of store.openRuns()) store.updateRun(run.id, { status: 'finished', reason: 'interrupted', endedAt: now });
  // No container outlives the runner that holds its stdin: what was running is stopped until somebody runs something.
  for (const row of store.listSandboxes({ statuses: ['running'] })) store.updateSandbox(row.id, { status: 'stopped', stoppedAt: now });
}
