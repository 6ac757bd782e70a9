import type { Project } from '../adapter';
import { byDepth, folderOf, inFolder, isForeign, nameOf } from '../manifestPaths';
import { VERSION_FILES } from './wantedNode';

/** In order of trust. npm's shrinkwrap is its lock by another name, and goes before it. */
const LOCKS = ['npm-shrinkwrap.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock'];
const MANIFEST = 'package.json';
/** What belongs to one of the tools' own ways and decides what is installed. */
const BESIDE = ['pnpm-workspace.yaml', ...VERSION_FILES];

/**
 * Every folder with a lock, or with a package.json that lies below no such folder: what lies below is taken for a member of the workspace
 * above. Outermost first; after them each package.json that has a lock, for whoever wants it without.
 */
export function findProjects(paths: Iterable<string>): Project[] {
  const folders = new Map<string, Set<string>>();
  for (const path of paths) {
    const name = nameOf(path);
    if ((name !== MANIFEST && !LOCKS.includes(name) && !BESIDE.includes(name)) || isForeign(path)) continue;
    const folder = folderOf(path);
    folders.set(folder, (folders.get(folder) ?? new Set()).add(name));
  }
  const roots = [...folders.keys()].filter((folder) => folders.get(folder)!.has(MANIFEST)).sort((a, b) => byDepth(inFolder(a, 'x'), inFolder(b, 'x')));
  const projects: Project[] = [];
  const withoutLocks: Project[] = [];
  for (const root of roots) {
    const names = folders.get(root)!;
    const lock = LOCKS.find((name) => names.has(name));
    const above = projects.some((other) => other.root === '' || root.startsWith(`${other.root}/`));
    if (!lock && above) continue;
    const members = roots.filter((other) => other !== root && (root === '' || other.startsWith(`${root}/`))).map((folder) => inFolder(folder, MANIFEST));
    const own = [MANIFEST, ...(lock ? [lock] : []), ...BESIDE.filter((name) => names.has(name))].map((name) => inFolder(root, name));
    projects.push({ language: 'node', root, manifest: inFolder(root, lock ?? MANIFEST), inputs: [...own, ...members] });
    const unlocked = own.filter((path) => nameOf(path) !== lock);
    if (lock) withoutLocks.push({ language: 'node', root, manifest: inFolder(root, MANIFEST), inputs: [...unlocked, ...members] });
  }
  return [...projects, ...withoutLocks];
}
