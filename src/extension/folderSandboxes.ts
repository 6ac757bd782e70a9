import type { Memento, WorkspaceFolder } from 'vscode';
import type { SandboxSettings } from '../protocol/sandbox';
import type { Sandbox } from '../sdk/typescript/sandbox';
import type { RunnerClient } from './runnerClient';
import { sandboxSettings, settingsChange } from './settings';

interface Told { sandboxId: string; settings: SandboxSettings }

/** Each workspace folder's one sandbox, with the user's settings. */
export class FolderSandboxes {
  constructor(private readonly runner: RunnerClient, private readonly memory: Memento) {}

  /** Answers the folder's sandbox, creating it on first use. Rejects PetriClientError. */
  async of(folder: WorkspaceFolder): Promise<Sandbox> {
    const petri = await this.runner.connect();
    const sandbox = await petri.create({ folder: folder.uri.fsPath });
    // Told only when they change: what was chosen on the command line meanwhile stays chosen.
    const key = `told:${folder.uri.toString()}`;
    const told = this.memory.get<Told>(key);
    const settings = sandboxSettings(folder);
    const change = settingsChange(told?.sandboxId === sandbox.id ? told.settings : undefined, settings);
    if (change) {
      await sandbox.update(change);
      await this.memory.update(key, { sandboxId: sandbox.id, settings } satisfies Told);
    }
    return sandbox;
  }
}
