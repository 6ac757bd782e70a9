import { Diagnostic, DiagnosticSeverity, Disposable, l10n, languages, Range, Uri, workspace, type TextDocument, type WorkspaceFolder } from 'vscode';
import type { MissingImport } from '../../protocol/missing';
import type { Sandbox } from '../../sdk/typescript/sandbox';
import type { FolderSandboxes } from '../folderSandboxes';
import type { WindowRuns } from '../runs/windowRuns';

/** What problems of ours are called in the list of problems. */
export const SOURCE = l10n.t('Sandbox');

/** A problem at an import, with what a fix needs to know. */
export class MissingDiagnostic extends Diagnostic {
  constructor(readonly folder: WorkspaceFolder, readonly missing: MissingImport, range: Range) {
    super(range, missing.package === null || missing.package === missing.import
      ? l10n.t('{0} is not installed in the sandbox.', missing.import)
      : l10n.t('{0} is not installed in the sandbox. It is in the package {1}.', missing.import, missing.package), DiagnosticSeverity.Warning);
    this.source = SOURCE;
    this.code = 'missing-import';
  }
}

/** Problems at imports that runs could not serve. They come with a run, and go when they are served or no longer there. */
export class MissingImports implements Disposable {
  readonly #collection = languages.createDiagnosticCollection('jhansi.missing');
  readonly #disposable: Disposable;
  readonly #seen = new WeakSet<object>();

  constructor(runs: WindowRuns, private readonly sandboxes: FolderSandboxes, private readonly onError: (error: unknown) => void) {
    this.#disposable = Disposable.from(
      this.#collection,
      runs.onDidChange(() => {
        for (const folder of workspace.workspaceFolders ?? []) {
          const done = runs.lastEnd({ folder })?.done;
          if (!done || this.#seen.has(done)) continue;
          this.#seen.add(done);
          if (done.missing.length > 0 || this.#shown(folder).length > 0) this.update(folder, done.missing).catch(this.onError);
        }
      }),
      workspace.onDidChangeTextDocument(({ document }) => this.#follow(document)),
      workspace.onDidDeleteFiles(({ files }) => files.forEach((file) => this.#collection.delete(file))),
    );
  }

  /** The problem itself, also after the editor has handed on a copy of it. */
  at(uri: Uri, range: Range): MissingDiagnostic[] {
    return (this.#collection.get(uri) ?? []).filter((one): one is MissingDiagnostic => one instanceof MissingDiagnostic && one.range.intersection(range) !== undefined);
  }

  /** What was shown and still is missing, and what a run has just found. */
  async update(folder: WorkspaceFolder, found: readonly MissingImport[] = []): Promise<void> {
    const sandbox: Sandbox = await this.sandboxes.of(folder);
    const still = new Set((await sandbox.missingImports()).map(keyOf));
    const kept = this.#shown(folder).map(({ missing }) => missing).filter((missing) => still.has(keyOf(missing)));
    await this.#show(folder, [...found, ...kept]);
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #shown(folder: WorkspaceFolder): MissingDiagnostic[] {
    const shown: MissingDiagnostic[] = [];
    this.#collection.forEach((_, diagnostics) => {
      for (const one of diagnostics) if (one instanceof MissingDiagnostic && one.folder.uri.toString() === folder.uri.toString()) shown.push(one);
    });
    return shown;
  }

  async #show(folder: WorkspaceFolder, missing: readonly MissingImport[]): Promise<void> {
    const files = new Map<string, MissingDiagnostic[]>();
    for (const { path } of this.#shown(folder).map(({ missing: one }) => one)) if (path !== null) files.set(path, []);
    for (const one of new Map(missing.map((each) => [keyOf(each), each])).values()) {
      if (one.path === null) continue;
      const range = await rangeOf(Uri.joinPath(folder.uri, one.path), one);
      if (range) files.set(one.path, [...files.get(one.path) ?? [], new MissingDiagnostic(folder, one, range)]);
    }
    for (const [path, diagnostics] of files) this.#collection.set(Uri.joinPath(folder.uri, path), diagnostics);
  }

  /** Typing moves an import, or takes it away: the problem goes along. */
  #follow(document: TextDocument): void {
    const shown = this.#collection.get(document.uri);
    if (!shown?.length) return;
    const moved = shown.flatMap((one) => {
      if (!(one instanceof MissingDiagnostic)) return [];
      const range = nearest(document, one.missing.import, one.range.start.line);
      return range ? [new MissingDiagnostic(one.folder, one.missing, range)] : [];
    });
    this.#collection.set(document.uri, moved);
  }
}

function keyOf({ path, import: name }: MissingImport): string {
  return `${path} ${name}`;
}

async function rangeOf(uri: Uri, missing: MissingImport): Promise<Range | undefined> {
  try {
    return nearest(await workspace.openTextDocument(uri), missing.import, (missing.line ?? 1) - 1);
  } catch {
    return undefined; // gone meanwhile, or no text
  }
}

/** Where the name stands, closest to the line where it stood; undefined when it does not stand there any more. */
function nearest(document: TextDocument, name: string, line: number): Range | undefined {
  const start = Math.min(line, document.lineCount - 1);
  for (let away = 0; away < document.lineCount; away += 1) {
    for (const at of new Set([start + away, start - away])) {
      if (at < 0 || at >= document.lineCount) continue;
      const column = wordAt(document.lineAt(at).text, name);
      if (column >= 0) return new Range(at, column, at, column + name.length);
    }
  }
  return undefined;
}

function wordAt(text: string, name: string): number {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + name.length] ?? '')) return at;
  }
  return -1;
}
