import { EventEmitter, type Disposable, type TreeDataProvider, type TreeItem, type WorkspaceFolder, workspace } from 'vscode';
import type { Change } from '../../protocol/changes';
import type { Run } from '../../protocol/run';
import type { Sandbox } from '../../protocol/sandbox';
import { belongsTo } from '../folderSandboxes';
import type { SandboxModel } from '../model/sandboxModel';
import { changeItem, changesItem, elsewhereItem, runItem, runsItem, sandboxItem } from './treeItems';

/** One row. `sandboxId` is what commands in its menu go by. */
export type TreeRow =
  | { kind: 'sandbox'; sandboxId: string; sandbox: Sandbox; folder: WorkspaceFolder | undefined }
  | { kind: 'changes'; sandboxId: string; folder: WorkspaceFolder | undefined; changes: Change[] }
  | { kind: 'change'; sandboxId: string; folder: WorkspaceFolder | undefined; change: Change }
  | { kind: 'runs'; sandboxId: string }
  | { kind: 'run'; sandboxId: string; run: Run }
  | { kind: 'elsewhere'; sandboxes: Sandbox[]; alone: boolean };

/** What happens within this is one redrawing, ms. */
const TOGETHER_MS = 100;

/** The sandboxes of this window's folders, with what they ran and changed; all others below them. */
export class SandboxTree implements TreeDataProvider<TreeRow>, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #listening: Disposable;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(private readonly model: SandboxModel) {
    this.#listening = model.onDidChange(() => this.redraw());
  }

  /** Soon, and once for all that asked for it meanwhile. */
  redraw(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire();
    }, TOGETHER_MS);
  }

  getTreeItem(row: TreeRow): TreeItem {
    const item = itemOf(row, this.model.engineError === null);
    // VS Code would have a screen reader say the tooltip instead.
    item.accessibilityInformation = { label: [item.label, item.description].filter(Boolean).join(', ') };
    return item;
  }

  async getChildren(row?: TreeRow): Promise<TreeRow[]> {
    if (!row) return this.#top();
    switch (row.kind) {
      case 'sandbox': return this.#inSandbox(row.sandboxId, row.folder);
      case 'changes': return row.changes.map((change) => ({ kind: 'change', sandboxId: row.sandboxId, folder: row.folder, change }));
      case 'runs': return (await this.model.runs(row.sandboxId)).map((run) => ({ kind: 'run', sandboxId: row.sandboxId, run }));
      case 'elsewhere': return row.sandboxes.map((sandbox) => sandboxRow(sandbox, undefined));
      default: return [];
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listening.dispose();
    this.#changed.dispose();
  }

  #top(): TreeRow[] {
    const rest = new Set(this.model.all);
    const here: TreeRow[] = [];
    const folders = workspace.workspaceFolders ?? [];
    for (const folder of folders) {
      const sandbox = [...rest].find((one) => belongsTo(one, folder));
      if (!sandbox) continue;
      rest.delete(sandbox);
      here.push(sandboxRow(sandbox, folder));
    }
    if (rest.size === 0) return here;
    return folders.length === 0 ? [...rest].map((sandbox) => sandboxRow(sandbox, undefined)) : [...here, { kind: 'elsewhere', sandboxes: [...rest], alone: here.length === 0 }];
  }

  async #inSandbox(sandboxId: string, folder: WorkspaceFolder | undefined): Promise<TreeRow[]> {
    const [changes, runs] = await Promise.all([this.model.changes(sandboxId), this.model.runs(sandboxId)]);
    return [
      ...(changes.length === 0 ? [] : [{ kind: 'changes' as const, sandboxId, folder, changes }]),
      ...(runs.length === 0 ? [] : [{ kind: 'runs' as const, sandboxId }]),
    ];
  }
}

function sandboxRow(sandbox: Sandbox, folder: WorkspaceFolder | undefined): TreeRow {
  return { kind: 'sandbox', sandboxId: sandbox.id, sandbox, folder };
}

function itemOf(row: TreeRow, reachable: boolean): TreeItem {
  switch (row.kind) {
    case 'sandbox': return sandboxItem(row.sandbox, row.folder, reachable);
    case 'changes': return changesItem(row.sandboxId, row.changes);
    case 'change': return changeItem(row);
    case 'runs': return runsItem(row.sandboxId);
    case 'run': return runItem(row.run);
    case 'elsewhere': return elsewhereItem(row.sandboxes.length, row.alone);
  }
}
