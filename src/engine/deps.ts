import type { WarmContainers } from './container/warmContainer';
import type { News } from './news';
import type { DependencyPolicy } from './dependencies/policy';
import type { EngineGate } from './sandbox/engineGate';
import type { Images } from './sandbox/images';
import type { Clock } from './ports/clock';
import type { ContainerEngine } from './ports/containerEngine';
import type { FileSource } from './ports/fileSource';
import type { RegistryHosts } from './gateway/door';
import type { Inventories } from './ports/inventories';
import type { InventoryTaker } from './sbom/inventoryTaker';
import type { HostNetwork } from './ports/hostNetwork';
import type { RunLogs } from './ports/runLogs';
import type { Store } from './ports/store';

/** What every part of the engine room works with; made once, in petri.ts. */
export interface Deps {
  engine: ContainerEngine; store: Store; clock: Clock; logs: RunLogs; inventories: Inventories;
  network: HostNetwork;
  /** What each image's package managers answered, by image id. */
  registries: Map<string, Promise<RegistryHosts>>;
  gate: EngineGate; images: Images; warm: WarmContainers;
  news: News;
  policy?: DependencyPolicy;
  inventory: InventoryTaker;
  openFolder(path: string): FileSource;
  options: PetriOptions;
  /** One line to the runner's own log; never content of files or output. */
  log(message: string): void;
}

export interface PetriOptions {
  version: string;
  /** Idle seconds until a new sandbox is stopped. */
  ttlSeconds: number;
  retentionSeconds: number;
  /** What gateways keep of downloaded artefacts, for all sandboxes together; 0: nothing. */
  artefactBytes: number;
  /** Of one run's log, and of all logs together. */
  logCapBytes: number; logsCapBytes: number;
  /** PETRI_WORKSPACE_ROOT: volumes are bound to folders made by this. */
  workspaceFolders?: { make(sandboxId: string): string; remove(sandboxId: string): void };
  /** One of the engine's runtimes, for every sandbox. */
  runtime?: string;
}
