import { Disposable, l10n, window, workspace, type TreeView } from 'vscode';
import { setContext } from '../commands/contexts';
import type { SandboxModel } from '../model/sandboxModel';
import type { RunnerClient } from '../runnerClient';
import type { WindowRuns } from '../runs/windowRuns';
import { SandboxTree, type TreeRow } from './sandboxTree';

/**
 * The view "Sandboxes". It asks for the runner when somebody looks at it, and for the engine only while it is known to be missing:
 * when the window or the view is looked at again.
 */
export class SandboxView implements Disposable {
  readonly #view: TreeView<TreeRow>;
  readonly #subscriptions: Disposable;

  constructor(private readonly model: SandboxModel, private readonly runner: RunnerClient, runs: WindowRuns) {
    const tree = new SandboxTree(model);
    this.#view = window.createTreeView('jhansi.sandboxes', { treeDataProvider: tree, showCollapseAll: true });
    this.#subscriptions = Disposable.from(
      this.#view, tree,
      model.onDidChange(() => this.#tell()),
      this.#view.onDidChangeVisibility(({ visible }) => { if (visible) void this.#look(); }),
      workspace.onDidChangeWorkspaceFolders(() => { tree.redraw(); this.#tell(); }),
      // Whether its folder is still there nobody tells; a run that could not start may have found out.
      runs.onDidChange(() => tree.redraw()),
      window.onDidChangeWindowState(({ focused }) => { if (focused && model.engineError) void this.checkEngine(); }),
    );
    if (this.#view.visible) void this.#look();
  }

  /** Looks for the engine; what is found comes as an event. */
  async checkEngine(): Promise<void> {
    await (await this.runner.connect()).status();
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #look(): Promise<void> {
    try {
      await this.runner.connect();
      if (this.model.engineError) await this.checkEngine();
    } catch (error) {
      this.#view.message = error instanceof Error ? error.message : String(error);
    }
  }

  #tell(): void {
    const { engineError, ready } = this.model;
    setContext('jhansi.ready', ready);
    setContext('jhansi.engineError', engineError?.code);
    this.#view.message = engineError ? [engineError.message, engineError.action].filter(Boolean).join(' ') : this.#noneHere();
  }

  /** The welcome text says it where there is no sandbox at all; it goes with the first row, whoever's that is. */
  #noneHere(): string | undefined {
    const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    if (!this.model.ready || this.model.all.length === 0 || folders.length === 0 || folders.some((folder) => this.model.of(folder))) return undefined;
    return folders.length === 1 ? l10n.t('This folder has no sandbox yet. The first run makes it.') : l10n.t('None of these folders has a sandbox yet. The first run makes it.');
  }
}
