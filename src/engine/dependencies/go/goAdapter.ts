import semver from 'semver';
import type { DependencyAdapter, InstallStep, Project } from '../adapter';
import { byDepth, folderOf, inFolder, isForeign, nameOf } from '../manifestPaths';
import { explainGo } from './explainGo';
import { goImportScan } from './goImportScan';
import { goProgress } from './goProgress';
import { includedPaths, isWorkspace, readGoProject } from './goProject';
import { goRequests } from './goRequests';
import { COMPLETED, GO_ENVIRONMENT, GO_FOLDER, MODULE_CACHE, NEWER_GO, OVERLAY, PLANNED, projectScript, toolchainScript } from './goScript';

/** Says what a project's own copies of its modules are: `go mod vendor` writes it. */
const VENDORED = 'vendor/modules.txt';

/** The Go of our own image: whose go line asks for more needs an install, modules or not. */
const OUR_GO = '1.26.0';

/**
 * Go modules, by Go's own command: into a module cache that runs see read-only and use without a network. Nothing of a module runs
 * while it is installed. A vendored project has its modules already.
 */
export const goAdapter: DependencyAdapter = {
  language: 'go',
  version: 2,
  folders: [GO_FOLDER],
  imports: goImportScan,

  find(paths) {
    const all = new Set(paths);
    const manifests = [...all].filter((path) => /^go\.(mod|work)$/.test(nameOf(path)) && !isForeign(path) && !/(^|\/)_/.test(path));
    return manifests.sort((a, b) => byDepth(folderOf(a), folderOf(b)) || (isWorkspace(a) ? -1 : 1)).map((manifest): Project => {
      const root = folderOf(manifest);
      const beside = isWorkspace(manifest) ? ['go.work.sum'] : ['go.sum'];
      const inputs = [manifest, ...[...beside, VENDORED].map((name) => inFolder(root, name)).filter((path) => all.has(path))];
      return { language: 'go', root, manifest, inputs };
    });
  },

  includes: includedPaths,

  plan(project, files) {
    const read = readGoProject(project, files);
    const { requested, downloads } = goRequests(read);
    const vendored = files.some(({ path }) => path === inFolder(project.root, VENDORED));
    const nothing = vendored || downloads.length === 0;
    if (nothing && !read.versions.some(isNewer)) return { requested, packages: 0, steps: [], locks: [] };
    const planned = files.map(({ path, content }) => ({ path: `${PLANNED}/${path}`, content }));
    if (nothing) return { requested, files: planned, packages: undefined, steps: [step(project, toolchainScript(project.root))], locks: [] };
    const locked = files.some(({ path }) => path.endsWith('.sum'));
    return {
      requested,
      files: planned,
      packages: locked ? downloads.length : undefined,
      steps: [step(project, downloadScript(project, [...read.modules.keys()], downloads), downloads.length)],
      locks: locked || isWorkspace(project.manifest) ? [] : [{ from: `${COMPLETED}/${inFolder(project.root, 'go.sum')}`, path: inFolder(project.root, 'go.sum') }],
    };
  },

  environment: () => ({
    PATH: NEWER_GO, GOMODCACHE: MODULE_CACHE, GOPROXY: 'off', GOTOOLCHAIN: 'local', GOFLAGS: `-buildvcs=false -modcacherw -overlay=${OVERLAY}`,
  }),

  links: () => [],
};

function isNewer(version: string): boolean {
  const wanted = semver.coerce(version);
  return wanted !== null && semver.gt(wanted, OUR_GO);
}

/** `modules`: how many are expected; undefined when nobody can say. */
function step({ manifest }: Project, script: string, modules?: number): InstallStep {
  return { title: 'Downloading', network: true, environment: GO_ENVIRONMENT, progress: goProgress(modules), explain: explainGo(folderOf(manifest)), script };
}

function downloadScript({ root, manifest }: Project, mods: string[], downloads: string[]): string {
  const sums = mods.map((path) => inFolder(folderOf(path), 'go.sum'));
  const workspace = isWorkspace(manifest);
  const below = (path: string) => (root === '' ? folderOf(path) : folderOf(path).slice(root.length + 1));
  return projectScript({
    root, requirements: downloads, manifests: [...mods, ...sums, ...(workspace ? [inFolder(root, 'go.work.sum')] : [])],
    patterns: workspace ? mods.map((path) => `./${inFolder(below(path), '...')}`) : [],
  });
}
