import { l10n, Uri, window, workspace, type CancellationToken, type TextDocumentContentProvider } from 'vscode';
import type { Run } from '../../protocol/run';
import type { RunnerClient } from '../runnerClient';
import { commandText } from '../output/runText';

export const RUN_LOG_SCHEME = 'petri-log';
/** VS Code opens no document of more than 50 MB. */
const MOST_SHOWN = 32 * 1024 * 1024;

/** A row of the view that stands for a run. */
export interface RunRow { run: Run }

/** Opens what a run wrote, as it was kept: with its control characters. */
export async function openRunLog({ run }: RunRow): Promise<void> {
  const command = typeof run.command === 'string' ? run.command : commandText(run.command);
  const title = `${command.replace(/[^\w.-]+/g, ' ').trim().slice(0, 40)}.log`;
  const uri = Uri.from({ scheme: RUN_LOG_SCHEME, path: `/${title}`, query: run.id });
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
}

/** Reads runs' logs for the editor. */
export class RunLogs implements TextDocumentContentProvider {
  constructor(private readonly runner: RunnerClient) {}

  async provideTextDocumentContent({ query: runId }: Uri, token: CancellationToken): Promise<string> {
    const petri = await this.runner.connect();
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const { chunk } of petri.runLog(runId)) {
      if (token.isCancellationRequested) return '';
      chunks.push(chunk);
      length += chunk.length;
      if (length > MOST_SHOWN) break;
    }
    const text = Buffer.concat(chunks).toString('utf8');
    return length > MOST_SHOWN ? `${text}\n[${l10n.t('The log is longer; this is its beginning.')}]\n` : text === '' ? l10n.t('This run wrote nothing.') : text;
  }
}
