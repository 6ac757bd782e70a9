import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { l10n, ProgressLocation, Uri, window, workspace, type CancellationToken, type TextDocumentContentProvider } from 'vscode';
import type { Run } from '../../protocol/run';
import type { Petri } from '../../sdk/typescript/petri';
import { commandText } from '../output/runText';
import { sizeText } from '../output/units';
import type { RunnerClient } from '../runnerClient';

export const RUN_LOG_SCHEME = 'petri-log';
/** VS Code opens no document of more than 50 MB, and is slow long before. */
const MOST_SHOWN = 16 * 1024 * 1024;

/** A row of the view that stands for a run. */
export interface RunRow { run: Run }

/** Opens what a run wrote, as it was kept, with its control characters. Of a long log the end opens, and the whole goes to a file if the user wants it. */
export async function openRunLog(runner: RunnerClient, given: RunRow | { runId: string }): Promise<void> {
  const petri = await runner.connect();
  const run = await petri.run('run' in given ? given.run.id : given.runId);
  const uri = Uri.from({ scheme: RUN_LOG_SCHEME, path: `/${fileName(run)}`, query: run.id });
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
  const bytes = run.stdout_bytes + run.stderr_bytes;
  if (bytes <= MOST_SHOWN) return;
  const save = l10n.t('Save Whole Log…');
  void window.showInformationMessage(l10n.t('This is the end of a log of {0}.', sizeText(bytes)), save).then((chosen) => {
    if (chosen === save) return saveLog(petri, run);
  });
}

async function saveLog(petri: Petri, run: Run): Promise<void> {
  const folder = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  const target = await window.showSaveDialog({ title: l10n.t('Save Whole Log'), defaultUri: folder && Uri.joinPath(folder, '..', fileName(run)) });
  if (!target) return;
  const open = l10n.t('Open');
  await window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Saving the log'), cancellable: true }, (progress, token) => (
    writeLog(petri, run, target.fsPath, (done, total) => progress.report({ message: l10n.t('{0} of {1}', sizeText(done), sizeText(total)) }), token)));
  void window.showInformationMessage(l10n.t('The log was saved.'), open).then((chosen) => {
    if (chosen === open) return window.showTextDocument(target);
  });
}

/** Streams the log to a file, at the disk's speed, whatever its size. Cancelling leaves what was written. */
export async function writeLog(petri: Petri, run: Run, path: string, tell: (done: number, total: number) => void, token?: CancellationToken): Promise<void> {
  const stop = new AbortController();
  token?.onCancellationRequested(() => stop.abort());
  const total = run.stdout_bytes + run.stderr_bytes;
  let done = 0;
  let told = 0;
  const bytes = async function* () {
    for await (const { chunk } of petri.runLog(run.id)) {
      yield chunk;
      done += chunk.length;
      if (done - told < total / 100) continue;
      told = done;
      tell(done, total);
    }
  };
  await pipeline(Readable.from(bytes()), createWriteStream(path), { signal: stop.signal });
}

function fileName(run: Run): string {
  const command = commandText(run.command);
  return `${command.replace(/[^\w.-]+/g, ' ').trim().slice(0, 40)}.log`;
}

/** Reads runs' logs for the editor. */
export class RunLogs implements TextDocumentContentProvider {
  constructor(private readonly runner: RunnerClient) {}

  async provideTextDocumentContent({ query: runId }: Uri, token: CancellationToken): Promise<string> {
    const petri = await this.runner.connect();
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const { chunk } of petri.runLog(runId, { from: -MOST_SHOWN })) {
      if (token.isCancellationRequested) return '';
      chunks.push(chunk);
      length += chunk.length;
      // It may be growing while it is read.
      while (length - chunks[0]!.length >= MOST_SHOWN) length -= chunks.shift()!.length;
    }
    return Buffer.concat(chunks).toString('utf8') || l10n.t('This run wrote nothing.');
  }
}
