import { delimiter } from 'node:path';
import { Disposable, ExtensionMode, l10n, languages, Uri, window, workspace, type ExtensionContext } from 'vscode';
import { setContext } from './commands/contexts';
import { registerCommands } from './commands/table';
import { runnerEnvironment, watchEngineSetting } from './engineSetting';
import { FolderSandboxes } from './folderSandboxes';
import type { Front } from './front';
import { SandboxModel } from './model/sandboxModel';
import { networkEnvironment } from './networkEnvironment';
import { ChangedFiles } from './notices/changedFiles';
import { DeletionNotices } from './notices/deletionNotices';
import { HeldBack } from './notices/heldBack';
import { MissingFixes } from './missing/missingFixes';
import { MissingImports } from './missing/missingImports';
import { Notices } from './notices/notices';
import { InstallChannel } from './output/installChannel';
import { Outputs } from './output/outputs';
import { RunnerClient } from './runnerClient';
import { Execution } from './runs/execution';
import { resumeRuns } from './runs/resumeRuns';
import { RunMemory } from './runs/runMemory';
import { WindowRuns } from './runs/windowRuns';
import { networkSettings } from './settings';
import { StatusItem } from './status/statusItem';
import { RunLogs, RUN_LOG_SCHEME } from './views/runLog';
import { registerTasks } from './tasks/taskProvider';
import { registerTerminalProfile } from './terminals/sandboxTerminals';
import { SANDBOX_SCHEME, SandboxDocuments } from './views/sandboxDocuments';
import { SandboxView } from './views/sandboxView';

/** What the suite inside the extension host sees; VS Code offers no way to read an output channel. */
export interface TestHooks { readonly output: readonly string[] }

/** Wiring only. */
export function activate(context: ExtensionContext): TestHooks | undefined {
  const testing = context.extensionMode === ExtensionMode.Test;
  const shown: string[] = [];
  const front = makeFront(context, (text) => { if (testing) shown.push(text); });
  const { runner, runs, outputs, log, model, view, sandboxes } = front;
  context.subscriptions.push(
    registerCommands(front),
    workspace.registerTextDocumentContentProvider(SANDBOX_SCHEME, new SandboxDocuments(runner)),
    new StatusItem(model, runs, (id) => void model.refresh(id)),
    new DeletionNotices(model, runner, context.globalState),
    new ChangedFiles(runner, runs, outputs),
    workspace.registerTextDocumentContentProvider(RUN_LOG_SCHEME, new RunLogs(runner)),
    languages.registerCodeActionsProvider({ scheme: 'file' }, new MissingFixes(front.missing, sandboxes), MissingFixes.metadata), front.missing,
    registerTerminalProfile(front), registerTasks(front),
    watchEngineSetting(runner),
    runs.onDidChange(() => setContext('jhansi.running', runs.all.length > 0)),
    // VS Code disposes in this order: runs before the connection they use.
    Disposable.from(view, runs, outputs, model, log, runner),
  );
  // Where there was a sandbox before, its state is shown; a runner is not started for that.
  if (sandboxes.known(workspace.workspaceFolders ?? [])) void runner.join().catch((error: unknown) => log.warn(String(error)));
  void resumeRuns(front).catch((error: unknown) => log.warn(String(error)));
  return testing ? { output: shown } : undefined;
}

function makeFront(context: ExtensionContext, onText: (text: string) => void): Front {
  const log = window.createOutputChannel(l10n.t('Sandbox Log'), { log: true });
  const runner = new RunnerClient(() => ({
    entry: Uri.joinPath(context.extensionUri, 'dist', 'runner', 'petri.cjs').fsPath,
    version: (context.extension.packageJSON as { version: string }).version,
    client: 'vscode', onProgress: (message) => log.info(message),
    env: networkEnvironment(networkSettings(), runnerEnvironment(), delimiter),
  }));
  const sandboxes = new FolderSandboxes(runner, context.workspaceState, context.globalState);
  const runs = new WindowRuns();
  const memory = new RunMemory(context.workspaceState);
  const outputs = new Outputs(onText);
  const installs = new InstallChannel();
  context.subscriptions.push(installs);
  const heldBack = new HeldBack(context.workspaceState);
  const notices = new Notices(heldBack, context.globalState);
  const model = new SandboxModel(runner);
  const view = new SandboxView(model, runner, runs);
  const missing = new MissingImports(runs, sandboxes, (error) => log.warn(String(error)));
  return { runner, sandboxes, model, view, missing, runs, memory, outputs, log, notices, heldBack, execution: new Execution(sandboxes, runs, outputs, memory, notices, installs) };
}
