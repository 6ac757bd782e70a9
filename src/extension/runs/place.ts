import { l10n, type WorkspaceFolder } from 'vscode';
import type { Language } from '../../protocol/sandbox';

/** Where a run happens: in a folder's sandbox, or, for a text that is in no folder, in one that belongs to none. */
export type Place = { folder: WorkspaceFolder; alone?: undefined } | { folder?: undefined; alone: Language };

/** Tells places apart, also across windows and reloads. */
export function placeKey({ folder, alone }: Place): string {
  return folder ? folder.uri.toString() : `alone:${alone}`;
}

export function placeName({ folder }: Place): string {
  return folder ? folder.name : l10n.t('No Folder');
}
