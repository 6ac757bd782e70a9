import { l10n, window, type WorkspaceFolder } from 'vscode';
import type { Synced } from '../../protocol/run';
import type { Front } from '../front';
import { StartProgress } from '../output/startProgress';
import { chosenFolder } from './target';

const SHOWN_MS = 5000;

/** Sends what changed without running anything. A second press while one is under way joins it. */
export class SyncNow {
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(private readonly front: Front) {}

  async sync(given: unknown): Promise<void> {
    const folder = await chosenFolder(given);
    if (!folder) return;
    const key = folder.uri.toString();
    const work = this.#underWay.get(key) ?? this.#syncFolder(folder).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, work);
    return work;
  }

  async #syncFolder(folder: WorkspaceFolder): Promise<void> {
    const { sandboxes, outputs, notices } = this.front;
    const abort = new AbortController();
    const progress = new StartProgress(() => abort.abort());
    const { output } = outputs.of({ folder });
    try {
      const sandbox = await sandboxes.of(folder);
      const synced = await sandbox.sync({
        signal: abort.signal, onProgress: (event) => progress.report(event),
        onNotice: (event) => {
          const line = notices.take(sandbox, { folder }, event);
          if (line !== undefined) output.line(line);
        },
      });
      const text = syncedText(synced);
      output.line(`[${text}]`);
      output.flush();
      window.setStatusBarMessage(`$(sync) ${folder.name}: ${text}`, SHOWN_MS);
    } finally {
      progress.dispose();
    }
  }
}

function syncedText({ sent_files: sent, deleted_files: deleted, total_files: total }: Synced): string {
  if (sent === 0 && deleted === 0) return l10n.t('In sync: {0} files', total.toLocaleString());
  return l10n.t('Synced: {0} sent, {1} deleted, {2} files in all', sent.toLocaleString(), deleted.toLocaleString(), total.toLocaleString());
}
