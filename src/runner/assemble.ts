import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { WarmContainers } from '../engine/container/warmContainer';
import type { Deps } from '../engine/deps';
import { livePolicy } from '../engine/dependencies/policy/livePolicy';
import { PetriError } from '../engine/errors';
import { Petri } from '../engine/petri';
import { News } from '../engine/news';
import { EngineGate } from '../engine/sandbox/engineGate';
import { Images } from '../engine/sandbox/images';
import { interruptOpenRuns, reconcileEngine, removeLate } from '../engine/sandbox/reconcile';
import { InventoryTaker } from '../engine/sbom/inventoryTaker';
import type { Clock } from '../engine/ports/clock';
import type { ContainerEngine } from '../engine/ports/containerEngine';
import type { Store } from '../engine/ports/store';
import { launcherText, terminalText } from '../inside/launcher';
import { dockerEngine } from './docker/dockerEngine';
import { ownSurroundings } from './docker/endpoints/surroundings';
import { FolderSource } from './host/folderSource';
import { BundledImages } from './images/bundledImages';
import { FileInventories } from './logs/fileInventories';
import { FileRunLogs } from './logs/fileRunLogs';
import { hostNetwork } from './network/hostNetwork';
import { optionsFromEnvironment } from './options';
import { openStore } from './store/openStore';
import { systemClock } from './systemClock';

export interface Assembly {
  database: string; runsFolder: string;
  version: string; imagesFolder: string;
  env: Record<string, string | undefined>;
  log(message: string): void;
  /** For tests that turn time forward. */
  clock?: Clock;
  /** For tests that put something between Petri and the engine. */
  wrapEngine?(engine: ContainerEngine): ContainerEngine;
}

/** Puts Petri together from the rooms: the only place where ports meet what implements them. */
export async function assemble(assembly: Assembly): Promise<{ petri: Petri; store: Store; deps: Deps }> {
  const { env, log, clock = systemClock } = assembly;
  const options = optionsFromEnvironment(env, assembly.version);
  const store = await openStore(assembly.database);
  interruptOpenRuns(store, clock.now());
  const around = { ...ownSurroundings(), env };
  const direct = dockerEngine(around, env.PETRI_ENGINE);
  const engine = assembly.wrapEngine?.(direct) ?? direct;
  const warm: WarmContainers = new WarmContainers(engine, store, clock, { launcher: launcherText, terminal: terminalText }, () => gate.close());
  const news = new News(clock);
  const clearLeft = async () => removeLate(engine, store.installId, await reconcileEngine(engine, store, warm.held, log), clock, log);
  const gate: EngineGate = new EngineGate(engine, clearLeft, () => news.tell({ kind: 'engine' }));
  const inventories = new FileInventories(assembly.runsFolder);
  const deps: Deps = {
    engine, store, gate, log, options, clock, news, inventories,
    inventory: new InventoryTaker({ engine, gate, inventories, options, warm }),
    logs: new FileRunLogs(assembly.runsFolder, (runId, error) => log(`${runId}: its log ended early: ${String(error)}`)),
    images: new Images(engine, new BundledImages(assembly.imagesFolder, env), store.installId),
    network: hostNetwork(env, around), registries: new Map(),
    warm, openFolder, policy: livePolicy,
  };
  return { petri: new Petri(deps, process.pid), store, deps };
}

function openFolder(path: string): FolderSource {
  if (!isAbsolute(path)) throw new PetriError('bad-request', `The folder ${JSON.stringify(path)} is not an absolute path.`);
  try {
    // One folder, one sandbox, whatever path it was reached by.
    const real = realpathSync.native(path);
    if (!statSync(real).isDirectory()) throw new PetriError('folder-missing', `${path} is not a folder.`);
    return new FolderSource(real);
  } catch (cause) {
    if (cause instanceof PetriError) throw cause;
    throw new PetriError('folder-missing', `The folder ${path} is not there or cannot be read.`, { action: 'Check the path.', cause });
  }
}

/** Where this bundle's images lie: dist/images beside dist/runner. */
export function bundledImagesFolder(bundle: string): string {
  return join(bundle, '..', 'images');
}
