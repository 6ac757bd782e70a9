import { realpathSync } from 'node:fs';
import type { Memento, WorkspaceFolder } from 'vscode';
import type { Language, Sandbox as SandboxInfo, SandboxSettings } from '../protocol/sandbox';
import { PetriClientError } from '../sdk/typescript/errors';
import type { Petri } from '../sdk/typescript/petri';
import type { Sandbox } from '../sdk/typescript/sandbox';
import type { RunnerClient } from './runnerClient';
import type { Place } from './runs/place';
import { machineSettings, sandboxSettings, settingsChange } from './settings';

interface Told { sandboxId: string; settings: SandboxSettings }
/** As many as the runner gives at once. */
const MOST = 1000;

/** Each workspace folder's one sandbox, with the user's settings; and those of texts that are in no folder. */
export class FolderSandboxes {
  /** @param memory of the workspace @param everywhere of all windows */
  constructor(private readonly runner: RunnerClient, private readonly memory: Memento, private readonly everywhere: Memento) {}

  /** Answers the place's sandbox, creating it on first use. Rejects PetriClientError. */
  at({ folder, alone }: Place): Promise<Sandbox> {
    return folder ? this.of(folder) : this.#alone(alone);
  }

  /** Answers the folder's sandbox, creating it on first use. Rejects PetriClientError. */
  async of(folder: WorkspaceFolder): Promise<Sandbox> {
    const petri = await this.runner.connect();
    const sandbox = await petri.create({ folder: folder.uri.fsPath });
    // Told only when they change: what was chosen on the command line meanwhile stays chosen.
    await this.#tell(sandbox, `told:${folder.uri.toString()}`, sandboxSettings(folder));
    return sandbox;
  }

  /** The folder's sandbox if it has one; creates none. */
  async find(folder: WorkspaceFolder): Promise<Sandbox | undefined> {
    const petri = await this.runner.connect();
    return (await petri.sandboxes({ limit: MOST })).find(({ info }) => belongsTo(info, folder));
  }

  /** Whether any folder of these was ever run in from here. */
  known(folders: readonly WorkspaceFolder[]): boolean {
    return folders.some((folder) => this.memory.get(`told:${folder.uri.toString()}`) !== undefined);
  }

  async #alone(language: Language): Promise<Sandbox> {
    const petri = await this.runner.connect();
    const key = `alone:${language}`;
    const id = this.everywhere.get<string>(key);
    const sandbox = (id === undefined ? undefined : await existing(petri, id)) ?? await petri.create({ language });
    if (sandbox.id !== id) await this.everywhere.update(key, sandbox.id);
    await this.#tell(sandbox, `told:${key}`, machineSettings());
    return sandbox;
  }

  async #tell(sandbox: Sandbox, key: string, settings: SandboxSettings): Promise<void> {
    const told = this.memory.get<Told>(key);
    const known = told?.sandboxId === sandbox.id ? told.settings : undefined;
    const change = settingsChange(known, settings);
    if (change) await sandbox.update(change);
    if (change || !known) await this.memory.update(key, { sandboxId: sandbox.id, settings } satisfies Told);
  }
}

/** Whether a sandbox is a folder's. The runner knows a folder by its real path, whatever path the window reached it by. */
export function belongsTo(info: SandboxInfo, folder: WorkspaceFolder): boolean {
  if (info.folder === null || folder.uri.scheme !== 'file') return false;
  return info.folder === folder.uri.fsPath || info.folder === realPath(folder.uri.fsPath);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

async function existing(petri: Petri, id: string): Promise<Sandbox | undefined> {
  try {
    return await petri.sandbox(id);
  } catch (error) {
    if (error instanceof PetriClientError && error.code === 'not-found') return undefined;
    throw error;
  }
}
