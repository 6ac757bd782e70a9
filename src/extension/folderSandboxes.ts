import type { Memento, WorkspaceFolder } from 'vscode';
import type { SandboxSettings } from '../protocol/sandbox';
import type { Sandbox } from '../sdk/typescript/sandbox';
import type { RunnerClient } from './runnerClient';
import { sandboxSettings, settingsChange } from './settings';

/** Each workspace folder's one sandbox, with the user's settings. */
export class FolderSandboxes {
  constructor(private readonly runner: RunnerClient, private readonly memory: Memento) {}

  /** Answers the folder's sandbox, creating it on first use. Rejects PetriClientError. */
  async of(folder: WorkspaceFolder): Promise<Sandbox> {
    const petri = await this.runner.connect();
    const settings = sandboxSettings(folder);
    const sandbox = await petri.create({ folder: folder.uri.fsPath, ...settings });
    // Told only when they change: what was chosen on the command line meanwhile stays chosen.
    const key = `settings:${sandbox.id}`;
    const change = settingsChange(this.memory.get<SandboxSettings>(key), settings);
    if (change) {
      await sandbox.update(change);
      await this.memory.update(key, settings);
    }
    return sandbox;
  }
}
