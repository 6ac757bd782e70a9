import type { FileSource, HostEntry } from '../ports/fileSource';
import { fileSide, isRacy, sameKey } from './hostSide';
import type { FolderNode, FolderRules } from './hostTree';
import type { Rules } from './ignoreRules';

/** A bigger .gitignore is no list for a person, and every pattern costs time for every file. */
export const MAX_RULES_BYTES = 1024 * 1024;

/**
 * The rules for the children of `folder`, given those of the folder above it (for the root: the root's own). Its
 * .gitignore is read only when its stat says so, and the same object comes back as long as nothing changed: then nothing
 * below needs deciding again. Throws HostFileError when the .gitignore cannot be read.
 */
export function folderRules(source: FileSource, folder: FolderNode, above: Rules, entries: HostEntry[], now: () => number): FolderRules {
  const known = folder.rules?.above === above ? folder.rules : undefined;
  const entered = known?.entered ?? (folder.path === '' ? above : above.enter(folder.path, above.decide(folder.path, true)));
  const entry = entries.find((candidate) => candidate.name === '.gitignore' && candidate.type === 'file');
  if (!entry) return known && !known.gitignore ? known : { above, entered, gitignore: undefined, rules: entered };
  if (known?.gitignore && !known.gitignore.racy && sameKey(known.gitignore, entry)) return known;

  const path = folder.path === '' ? '.gitignore' : `${folder.path}/.gitignore`;
  const racy = isRacy(entry, now());
  const text = source.readSmall(path).subarray(0, MAX_RULES_BYTES).toString();
  const gitignore = fileSide(entry, text, racy);
  const rules = known?.gitignore?.content === text ? known.rules : entered.with(folder.path, text);
  return { above, entered, gitignore, rules };
}
