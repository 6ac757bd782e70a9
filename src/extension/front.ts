import type { LogOutputChannel } from 'vscode';
import type { SandboxModel } from './model/sandboxModel';
import type { FolderSandboxes } from './folderSandboxes';
import type { HeldBack } from './notices/heldBack';
import type { MissingImports } from './missing/missingImports';
import type { Notices } from './notices/notices';
import type { Outputs } from './output/outputs';
import type { RunnerClient } from './runnerClient';
import type { Execution } from './runs/execution';
import type { RunMemory } from './runs/runMemory';
import type { WindowRuns } from './runs/windowRuns';
import type { SandboxView } from './views/sandboxView';

/** What commands work with: one of each in a window, put together in main.ts. */
export interface Front {
  readonly runner: RunnerClient;
  readonly sandboxes: FolderSandboxes;
  readonly execution: Execution;
  readonly runs: WindowRuns;
  readonly memory: RunMemory;
  readonly notices: Notices;
  readonly heldBack: HeldBack;
  readonly model: SandboxModel;
  readonly view: SandboxView;
  readonly missing: MissingImports;
  readonly outputs: Outputs;
  /** What we have to say about ourselves. */
  readonly log: LogOutputChannel;
}
