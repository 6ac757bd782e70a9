import type { Project } from '../adapter';
import { byDepth, folderOf, inFolder, isForeign, nameOf } from '../manifestPaths';

/** In order of trust; a folder's first one is what it is installed from. */
const MANIFESTS = [/^uv\.lock$/, /^poetry\.lock$/, /^pylock(\.[\w-]+)?\.toml$/, /^pyproject\.toml$/, /^requirements\.txt$/, /^setup\.cfg$/, /^setup\.py$/];
const REQUIREMENTS = /^(requirements.*|.*requirements)\.(txt|in)$/;
/** Beside `pyproject.toml` and its kin: what may say more about the same project. */
const BESIDE = ['pyproject.toml', 'requirements.txt', 'setup.cfg', 'setup.py'];
/** Folders whose only manifests are somebody's examples of manifests. */
const EXAMPLES = /(^|\/)(tests?|examples?|docs?|fixtures|benchmarks?)(\/|$)/;

/** One project a folder, and every other requirements file as one that a setting may pick. */
export function findProjects(paths: Iterable<string>): Project[] {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const name = nameOf(path);
    if (!MANIFESTS.some((pattern) => pattern.test(name)) && !REQUIREMENTS.test(name)) continue;
    if (isForeign(path)) continue;
    const folder = folderOf(path);
    const names = folders.get(folder);
    if (names) names.push(name);
    else folders.set(folder, [name]);
  }
  const first: Project[] = [];
  const further: Project[] = [];
  for (const [folder, names] of [...folders].sort(([a], [b]) => byDepth(inFolder(a, 'x'), inFolder(b, 'x')))) {
    const manifest = MANIFESTS.flatMap((pattern) => names.filter((name) => pattern.test(name)).sort()).at(0);
    if (manifest !== undefined) first.push(project(folder, manifest, folders));
    for (const name of names.sort()) {
      if (REQUIREMENTS.test(name) && name !== manifest) further.push(project(folder, name, folders));
    }
  }
  const rank = ({ root }: Project) => (EXAMPLES.test(root) ? 1 : 0);
  return [...first.sort((a, b) => rank(a) - rank(b)), ...further.sort((a, b) => rank(a) - rank(b))];
}

function project(root: string, manifest: string, folders: Map<string, string[]>): Project {
  const there = (folder: string) => folders.get(folder) ?? [];
  const beside = REQUIREMENTS.test(manifest) || manifest.startsWith('pylock.') && manifest !== 'pylock.toml' ? [] : there(root).filter((name) => BESIDE.includes(name));
  // A workspace's members and a project's optional requirements stand elsewhere.
  const members = manifest === 'uv.lock' ? [...folders.keys()].filter((folder) => folder !== root && there(folder).includes('pyproject.toml')).map((folder) => inFolder(folder, 'pyproject.toml')) : [];
  const inputs = new Set([manifest, ...beside].map((name) => inFolder(root, name)));
  return { language: 'python', root, manifest: inFolder(root, manifest), inputs: [...inputs, ...members] };
}
