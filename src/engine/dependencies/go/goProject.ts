import type { ManifestFile, Project } from '../adapter';
import { manifestInvalid } from '../manifestInvalid';
import { folderOf, resolveInside } from '../manifestPaths';
import { isFolder, parseGoMod, parseGoWork, type GoMod, type Replacement } from './goMod';

/** The modules that a project builds: its own, or the members of its workspace. */
export interface GoProject {
  /** By the path of their go.mod. */
  modules: Map<string, GoMod>;
  /** Whose replacements count, by file: of a workspace its own win over the members'. */
  replacements: Map<string, Replacement[]>;
  /** What their go lines say, e.g. `1.24.0`. */
  versions: string[];
}

/** Throws PetriError `manifest-invalid` with file and line. */
export function readGoProject(project: Project, files: ManifestFile[]): GoProject {
  const content = new Map(files.map((file) => [file.path, file.content]));
  const own = content.get(project.manifest);
  if (!own) throw manifestInvalid(project.manifest, 1, 'is not there');
  const modules = new Map<string, GoMod>();
  const replacements = new Map<string, Replacement[]>();
  let ofWorkspace: string | undefined;
  const add = (path: string, bytes: Buffer) => {
    const parsed = parseGoMod(path, bytes);
    modules.set(path, parsed);
    replacements.set(path, parsed.replace);
  };
  if (!isWorkspace(project.manifest)) {
    add(project.manifest, own);
  } else {
    const { go, use, replace } = parseGoWork(project.manifest, own);
    ofWorkspace = go;
    replacements.set(project.manifest, replace);
    for (const { folder, line } of use) {
      const path = resolveInside(project.root, `${folder}/go.mod`);
      const bytes = path === undefined ? undefined : content.get(path);
      if (path === undefined || !bytes) throw manifestInvalid(project.manifest, line, `uses ${folder}, which has no go.mod in the workspace`);
      add(path, bytes);
    }
  }
  const versions = [ofWorkspace, ...[...modules.values()].map(({ go }) => go)].filter((version) => version !== undefined);
  return { modules, replacements, versions };
}

/** What else decides: members of a workspace, and the modules that folders of the project stand in for. */
export function includedPaths(_: Project, files: ManifestFile[]): string[] {
  const found = new Set<string>();
  const include = (from: string, folder: string) => {
    for (const name of ['go.mod', 'go.sum']) {
      const path = resolveInside(from, `${folder}/${name}`);
      if (path !== undefined) found.add(path);
    }
  };
  for (const { path, content } of files) {
    const folder = folderOf(path);
    if (path.endsWith('go.work')) for (const { folder: member } of parseGoWork(path, content).use) include(folder, member);
    if (path.endsWith('go.mod') || path.endsWith('go.work')) {
      const replace = path.endsWith('go.work') ? parseGoWork(path, content).replace : parseGoMod(path, content).replace;
      for (const { to, toVersion } of replace) if (toVersion === undefined && isFolder(to)) include(folder, to);
    }
  }
  const known = new Set(files.map(({ path }) => path));
  return [...found].filter((path) => !known.has(path));
}

export function isWorkspace(manifest: string): boolean {
  return manifest === 'go.work' || manifest.endsWith('/go.work');
}
