import { resolve } from 'node:path';
import type { Language, SandboxSettings } from '../../../protocol/sandbox';
import type { Petri } from '../../../sdk/typescript/petri';
import type { Sandbox } from '../../../sdk/typescript/sandbox';

/** What `petri run` may settle for the folder, now and later. */
export interface FolderChoice {
  language?: Language;
  image?: string;
  /** Patterns to let in besides those let in before. */
  allow: string[];
}

/** The folder's sandbox, created if need be, with the choices made for it. */
export async function folderSandbox(petri: Petri, folder: string, { language, image, allow }: FolderChoice): Promise<Sandbox> {
  const choice: SandboxSettings = { ...(language && { language }), ...(image && { image }), ...(allow.length > 0 && { allow }) };
  const sandbox = await petri.create({ folder: resolve(folder), ...choice });
  const change = missing(sandbox, choice);
  if (Object.keys(change).length > 0) await sandbox.update(change);
  return sandbox;
}

/** What an existing sandbox has otherwise; creating answers it as it is. */
function missing({ info }: Sandbox, { language, image, allow = [] }: SandboxSettings): SandboxSettings {
  const added = allow.filter((pattern) => !info.allow.includes(pattern));
  return {
    ...(language && language !== info.language && { language }),
    ...(image && image !== info.image && { image }),
    ...(added.length > 0 && { allow: [...info.allow, ...added] }),
  };
}
