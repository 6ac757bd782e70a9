import { CodeAction, CodeActionKind, l10n, type CodeActionProvider, type Range, type TextDocument } from 'vscode';
import type { FolderSandboxes } from '../folderSandboxes';
import type { MissingDiagnostic, MissingImports } from './missingImports';

/** What the command behind a fix is given. */
export interface MissingFix { diagnostic: MissingDiagnostic }

/** Add to requirements.txt and install, and its kin. */
export class MissingFixes implements CodeActionProvider {
  static readonly metadata = { providedCodeActionKinds: [CodeActionKind.QuickFix] };

  constructor(private readonly problems: MissingImports, private readonly sandboxes: FolderSandboxes) {}

  async provideCodeActions(document: TextDocument, range: Range): Promise<CodeAction[]> {
    return Promise.all(this.problems.at(document.uri, range).map(async (diagnostic) => {
      const fix = new CodeAction(await this.#title(diagnostic), CodeActionKind.QuickFix);
      fix.diagnostics = [diagnostic];
      fix.isPreferred = diagnostic.missing.package !== null;
      fix.command = { command: 'jhansi.addMissing', title: fix.title, arguments: [{ diagnostic } satisfies MissingFix] };
      return fix;
    }));
  }

  /** Names the manifest, which the runner knows. */
  async #title({ folder, missing }: MissingDiagnostic): Promise<string> {
    const wanted = missing.package;
    if (wanted === null) return l10n.t('Add the package that has {0}, and install…', missing.import);
    try {
      const { path } = await (await this.sandboxes.of(folder)).addDependency({ package: wanted });
      return l10n.t('Add {0} to {1} and install', wanted, path);
    } catch {
      return l10n.t('Add {0} and install', wanted); // the command says why it cannot
    }
  }
}
