import { commands, l10n, Uri, window, workspace, ExtensionMode, type ExtensionContext } from 'vscode';
import { ActiveRuns } from './commands/activeRuns';
import { ReviewChanges } from './commands/reviewChanges';
import { RunInSandbox } from './commands/runInSandbox';
import { FolderSandboxes } from './folderSandboxes';
import { ProgramOutput, type TextSink } from './output/programOutput';
import { RunnerClient } from './runnerClient';
import { RunStatus } from './status/runStatus';
import { SANDBOX_SCHEME, SandboxDocuments } from './views/sandboxDocuments';

/** What the suite inside the extension host sees; VS Code offers no way to read an output channel. */
export interface TestHooks { readonly output: readonly string[] }

/** Wiring only. */
export function activate(context: ExtensionContext): TestHooks | undefined {
  const runner = new RunnerClient({
    entry: Uri.joinPath(context.extensionUri, 'dist', 'runner', 'petri.cjs').fsPath,
    version: (context.extension.packageJSON as { version: string }).version,
    client: 'vscode',
  });
  const sandboxes = new FolderSandboxes(runner, context.workspaceState);
  const channel = window.createOutputChannel(l10n.t('Sandbox'));
  const shown: string[] = [];
  const sink: TextSink = context.extensionMode === ExtensionMode.Test
    ? { append: (text) => { shown.push(text); channel.append(text); } }
    : channel;
  const output = new ProgramOutput(sink, l10n.t('[More output is not shown here; the log of the run has it.]'));
  const status = new RunStatus();
  const active = new ActiveRuns();
  const running = new RunInSandbox(sandboxes, active, channel, output, status);
  const reviewing = new ReviewChanges(sandboxes, channel, output);
  context.subscriptions.push(
    commands.registerCommand('jhansi.runInSandbox', running.run),
    commands.registerCommand('jhansi.stop', () => active.current?.stop.abort()),
    commands.registerCommand('jhansi.reviewChanges', reviewing.review),
    commands.registerCommand('jhansi.showOutput', () => channel.show(true)),
    workspace.registerTextDocumentContentProvider(SANDBOX_SCHEME, new SandboxDocuments(runner)),
    // VS Code disposes in this order: runs before the connection they use.
    active, output, status, channel, runner,
  );
  return context.extensionMode === ExtensionMode.Test ? { output: shown } : undefined;
}
