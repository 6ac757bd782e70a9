import type { LiveSandbox } from './liveSandbox';

const LOOK_MS = 20;

/** The workspace starts again from the host's files; the row, its settings and its runs' records stay. */
export async function resetSandbox(live: LiveSandbox): Promise<void> {
  await live.deps.gate.open();
  await endRuns(live);
  await live.workspaceLock.hold(async () => {
    await live.dropContainers();
    await live.removeDependencies();
    await live.removeVolume();
    live.workspace.forget();
    live.change({ status: 'created', error: null });
  });
}

/** With its volumes and its logs; the records of its runs stay. `forget`: called as soon as it is no sandbox any more. */
export async function removeSandbox(live: LiveSandbox, forget: () => void): Promise<void> {
  const { gate, inventories, logs, store } = live.deps;
  await endRuns(live);
  await live.workspaceLock.hold(async () => {
    if (live.row.status === 'deleted') return;
    // The row first: from here on a crash leaves a volume that the next start removes, never a row without its volume.
    live.change({ status: 'deleted' });
    forget();
    store.clearIndex(live.id);
    await live.dropContainers();
    await gate.open();
    await live.removeDependencies();
    await live.removeVolume();
    const sets = store.listDependencySets({ sandboxId: live.id });
    for (const { id } of [...store.listRuns(live.id), ...sets]) await logs.remove(id);
    for (const { id } of sets) await inventories.remove(id);
  });
}

async function endRuns(live: LiveSandbox): Promise<void> {
  for (const active of live.activeRuns.values()) active.stop('cancelled');
  await live.dependencies.cancel();
  while (live.activeRuns.size > 0) await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS));
  await live.settled();
}
