import { l10n, window, type Disposable, type Memento } from 'vscode';
import type { Sandbox } from '../../protocol/sandbox';
import { sandboxName } from '../commands/target';
import { showFailure } from '../failures';
import type { SandboxModel } from '../model/sandboxModel';
import type { RunnerClient } from '../runnerClient';

/** Says once that an unused sandbox is about to be deleted, with a way to keep it. */
export class DeletionNotices implements Disposable {
  readonly #listening: Disposable;

  /** @param memory of all windows: one of them says it */
  constructor(private readonly model: SandboxModel, private readonly runner: RunnerClient, private readonly memory: Memento) {
    this.#listening = model.onDidChange(() => this.#look());
  }

  dispose(): void {
    this.#listening.dispose();
  }

  #look(): void {
    for (const sandbox of this.model.all) {
      const key = `deletes:${sandbox.id}`;
      if (sandbox.deletes_at === null || this.memory.get(key) === sandbox.deletes_at) continue;
      void this.memory.update(key, sandbox.deletes_at);
      this.#tell(sandbox, sandbox.deletes_at);
    }
  }

  #tell({ id, folder }: Sandbox, deletesAt: string): void {
    const keep = l10n.t('Keep');
    const when = new Date(deletesAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
    const message = l10n.t('The sandbox of {0} was not used for long. It is deleted on {1}, with what its runs changed. Your folder stays as it is.', sandboxName(folder), when);
    const ask = () => void window.showWarningMessage(message, keep).then(async (chosen) => {
      if (chosen === keep) await (await (await this.runner.connect()).sandbox(id)).extend();
    }).then(undefined, (error: unknown) => showFailure(error, ask));
    ask();
  }
}
