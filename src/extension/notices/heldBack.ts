import { commands, ConfigurationTarget, l10n, window, workspace, type Memento, type QuickPickItem, type WorkspaceFolder } from 'vscode';
import { plainLabel } from '../plainLabel';

interface HeldItem { path: string; why: string; secret: boolean }
interface AllowRow extends QuickPickItem { pattern: string }

/** What stays at home, and the way to let it in: by the user's own setting, which no folder can bring along. */
export class HeldBack {
  constructor(private readonly memory: Memento) {}

  /** Tells of files with secrets, once for each set of them; what a .gitignore names is no news. */
  found(folder: WorkspaceFolder, items: HeldItem[]): void {
    const known = this.#known(folder).filter(({ secret }) => secret).map(({ path }) => path);
    void this.memory.update(memoryKey(folder), items);
    const secrets = items.filter(({ secret }) => secret).map(({ path }) => path);
    if (secrets.every((path) => known.includes(path))) return;
    const allow = l10n.t('Allow for This Folder…');
    void window.showInformationMessage(l10n.t('Held back from the sandbox, since it may hold secrets: {0}', secrets.join(', ')), allow).then((chosen) => {
      if (chosen === allow) return this.choose(folder);
    });
  }

  /** What is ticked goes along with the next run. */
  async choose(folder: WorkspaceFolder): Promise<void> {
    const allowed = allowedFor(folder);
    const held = this.#known(folder).filter(({ path }) => path !== '.git');
    const rows: AllowRow[] = [
      ...allowed.map((pattern) => ({ label: plainLabel(pattern), pattern, picked: true, description: l10n.t('allowed') })),
      ...held.map(({ path, why }) => ({ label: plainLabel(path), pattern: asPattern(path), description: why })).filter(({ pattern }) => !allowed.includes(pattern)),
    ];
    if (rows.length === 0) {
      void window.showInformationMessage(l10n.t('Nothing of {0} was held back so far.', folder.name));
      return;
    }
    const picked = await window.showQuickPick(rows, {
      title: l10n.t('Files for the Sandbox of {0}', folder.name), placeHolder: l10n.t('Tick what the sandbox may have. Code that runs there can read it.'),
      canPickMany: true, matchOnDescription: true,
    });
    if (!picked) return;
    const config = workspace.getConfiguration('jhansi.sandbox');
    const all = { ...config.get<Record<string, string[]>>('allow', {}), [folder.uri.fsPath]: picked.map(({ pattern }) => pattern) };
    if (picked.length === 0) delete all[folder.uri.fsPath];
    await config.update('allow', all, ConfigurationTarget.Global);
    const again = l10n.t('Run Again');
    void window.showInformationMessage(l10n.t('Your choice counts from the next run on.'), again).then((chosen) => {
      if (chosen === again) return commands.executeCommand('jhansi.runAgain');
    });
  }

  #known(folder: WorkspaceFolder): HeldItem[] {
    return this.memory.get<HeldItem[]>(memoryKey(folder), []);
  }
}

function memoryKey(folder: WorkspaceFolder): string {
  return `held:${folder.uri.toString()}`;
}

function allowedFor(folder: WorkspaceFolder): string[] {
  return workspace.getConfiguration('jhansi.sandbox').get<Record<string, string[]>>('allow', {})[folder.uri.fsPath] ?? [];
}

/** One path and no other, as a .gitignore would name it. */
function asPattern(path: string): string {
  return `/${path.replace(/[\\*?[\]! #]/g, '\\$&')}`;
}
