import { l10n, Uri, type CancellationToken, type TextDocumentContentProvider } from 'vscode';
import type { RunnerClient } from '../runnerClient';

export const SANDBOX_SCHEME = 'petri';

/** The sandbox's version of a file. `version` tells one look from the next, so that an open document is never taken for a newer one. */
export function sandboxUri(sandboxId: string, path: string, version: string): Uri {
  return Uri.from({ scheme: SANDBOX_SCHEME, authority: sandboxId, path: `/${path}`, query: version });
}

/** Nothing: the side of a diff on which a file does not exist. */
export function absentUri(path: string): Uri {
  return Uri.from({ scheme: SANDBOX_SCHEME, path: `/${path}`, query: 'absent' });
}

/** Reads files of sandboxes for the diff editor. */
export class SandboxDocuments implements TextDocumentContentProvider {
  constructor(private readonly runner: RunnerClient) {}

  async provideTextDocumentContent(uri: Uri, token: CancellationToken): Promise<string> {
    if (uri.authority === '') return '';
    const petri = await this.runner.connect();
    const sandbox = await petri.sandbox(uri.authority);
    if (token.isCancellationRequested) return '';
    const bytes = await sandbox.readFile(uri.path.slice(1));
    // As git tells it: a NUL in the first 8,000 bytes.
    if (bytes.subarray(0, 8000).includes(0)) return l10n.t('Binary file, {0} bytes', bytes.length.toLocaleString());
    return bytes.toString('utf8');
  }
}
