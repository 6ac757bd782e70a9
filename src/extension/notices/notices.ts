import { commands, l10n, Uri, window, type Memento, type WorkspaceFolder } from 'vscode';
import type { Notice } from '../../protocol/run';
import type { Sandbox } from '../../sdk/typescript/sandbox';
import type { Place } from '../runs/place';
import { sandboxUri } from '../views/sandboxDocuments';
import type { HeldBack } from './heldBack';
import { NoticeLines } from './noticeLines';

/** What the runner has to say beside a program's output: a line in the channel, and what wants an answer as a notification. */
export class Notices {
  readonly #lines = new NoticeLines();

  constructor(private readonly heldBack: HeldBack, private readonly memory: Memento) {}

  /** Answers the line for the channel; undefined when it was said before. */
  take(sandbox: Sandbox, { folder }: Place, notice: Notice): string | undefined {
    if (folder && notice.code === 'held-back') this.heldBack.found(folder, notice.items ?? []);
    if (folder && notice.code === 'conflict') conflict(sandbox, folder, notice);
    if (notice.code === 'weaker-isolation') this.#once('weaker', notice.message);
    return this.#lines.lineFor(sandbox.id, notice);
  }

  /** A warning that is true until the engine is another one, said once. */
  #once(key: string, message: string): void {
    if (this.memory.get(`said:${key}`) === message) return;
    void this.memory.update(`said:${key}`, message);
    void window.showWarningMessage(message);
  }
}

/** The folder's version runs; what the run had made of it lies beside it in the sandbox. */
function conflict(sandbox: Sandbox, folder: WorkspaceFolder, { message, paths = [] }: Notice): void {
  const [path, kept] = paths;
  if (path === undefined || kept === undefined) return;
  const compare = l10n.t('Compare');
  void window.showWarningMessage(message, compare).then((chosen) => {
    if (chosen !== compare) return;
    const host = Uri.joinPath(folder.uri, path);
    return commands.executeCommand('vscode.diff', host, sandboxUri(sandbox.id, host, { path: kept, version: String(Date.now()) }), l10n.t('{0} (kept in the sandbox)', path));
  });
}
