import { l10n, TerminalProfile, ThemeIcon, window, type Disposable, type TerminalOptions, type ExtensionTerminalOptions, type WorkspaceFolder } from 'vscode';
import { chosenFolder } from '../commands/target';
import type { Front } from '../front';
import { SandboxPty } from './sandboxPty';

/** The profile's id in package.json. */
const PROFILE = 'jhansi.sandbox';

/** A shell in the folder's sandbox, in a terminal of its own. */
export async function openTerminal(front: Front, given: unknown): Promise<void> {
  const folder = await chosenFolder(given);
  if (folder) window.createTerminal(terminalOptions(front, folder)).show();
}

/** The same, from the list beside the terminals' plus sign. */
export function registerTerminalProfile(front: Front): Disposable {
  return window.registerTerminalProfileProvider(PROFILE, {
    async provideTerminalProfile() {
      const folder = await chosenFolder();
      return folder && new TerminalProfile(terminalOptions(front, folder) as TerminalOptions | ExtensionTerminalOptions);
    },
  });
}

function terminalOptions({ sandboxes, notices }: Front, folder: WorkspaceFolder): ExtensionTerminalOptions {
  return {
    name: l10n.t('Sandbox: {0}', folder.name), iconPath: new ThemeIcon('vm'), isTransient: true,
    pty: new SandboxPty({
      sandbox: () => sandboxes.of(folder), noticeLine: (sandbox, notice) => notices.take(sandbox, { folder }, notice), keepFailure: true,
    }),
  };
}
