import { l10n, Uri, type CancellationToken, type TextDocumentContentProvider } from 'vscode';
import type { RunnerClient } from '../runnerClient';

export const SANDBOX_SCHEME = 'petri';

/** What a document of ours stands for: one file in a sandbox. */
interface SandboxFile {
  path: string;
  /** Tells one look from the next, so that an open document is never taken for a newer one. */
  version: string;
}

/** The sandbox's version of a file. Its path is the host's, so that the two are seen to be one file, not a renamed one. */
export function sandboxUri(sandboxId: string, host: Uri, file: SandboxFile): Uri {
  return Uri.from({ scheme: SANDBOX_SCHEME, authority: sandboxId, path: host.path, query: JSON.stringify(file) });
}

/** Nothing: the side of a diff on which a file does not exist. */
export function absentUri(host: Uri): Uri {
  return Uri.from({ scheme: SANDBOX_SCHEME, path: host.path });
}

/** Reads files of sandboxes for the diff editor. */
export class SandboxDocuments implements TextDocumentContentProvider {
  constructor(private readonly runner: RunnerClient) {}

  async provideTextDocumentContent(uri: Uri, token: CancellationToken): Promise<string> {
    if (uri.query === '') return '';
    const { path } = JSON.parse(uri.query) as SandboxFile;
    const petri = await this.runner.connect();
    const sandbox = await petri.sandbox(uri.authority);
    if (token.isCancellationRequested) return '';
    const bytes = await sandbox.readFile(path);
    // As git tells it: a NUL in the first 8,000 bytes.
    if (bytes.subarray(0, 8000).includes(0)) return l10n.t('Binary file, {0} bytes', bytes.length.toLocaleString());
    return bytes.toString('utf8');
  }
}
