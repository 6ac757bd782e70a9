import { PetriError } from '../../errors';
import { SCRATCH, type InstallPlan, type ManifestFile, type PlanOptions, type Project, type Requested } from '../adapter';
import { folderOf, inFolder, nameOf } from '../manifestPaths';
import { checkExact } from './exactLock';
import { buildProgress, explainPip, pipProgress, pipRemark } from './explain';
import { foreignRegistry } from './indexes';
import program from './install.py';
import { LOCK, madeFrom, OFFERED, readOwnLock, worthLocking } from './ownLock';
import { readPoetryLock } from './poetryLock';
import { readPylock } from './pylock';
import { defaultGroups, poetryRange, readPyProject } from './pyproject';
import { refused } from '../refused';
import { readRequirements } from './requirements';
import { readSetupCfg } from './setupCfg';
import { readToml } from './toml';
import { readUvLock } from './uvLock';

/** What install.py is told. */
export interface PythonPlan {
  /** One requirement a line, for pip. */
  requirements: string[];
  constraints: string[];
  pre: boolean;
  /** Every line is pinned and has hashes; pinned: without hashes. Neither looks for further dependencies. */
  hashed: boolean; pinned: boolean;
  /** The project itself: a package that is built for its metadata. */
  build: { root: string; requires: string[]; dynamic: boolean; extras: string[]; required: boolean } | null;
  /** Folders whose code is found as it lies there. */
  sources: string[];
  /**
   * A lock that was made here before: installed instead of `requirements` where it still is for them and for this environment;
   * otherwise its versions are kept as far as they go.
   */
  lock: { lines: string[]; versions: string[]; current: boolean; environments: string[] } | null;
  /** What a new lock says that it was made from; null for no lock. */
  offer: string | null;
  /** Which Pythons the lock is for, where another tool has made it. */
  python: string | null;
}

/** Rounds of fetching and building: each finds one more package that has no wheel. */
const ROUNDS = 4;

/** Throws manifest-invalid and source-refused. */
export function planPython(project: Project, all: ManifestFile[], { groups = [], registries }: PlanOptions): InstallPlan {
  const files = new Map(all.map((file) => [file.path, file]));
  const read = reading(project, files, groups, registries);
  const plan: PythonPlan = { ...EMPTY, ...read.plan };
  // The addresses in a lock would be the mirror's own.
  const offers = worthLocking(plan) && [LOCK, ...WRITTEN].includes(nameOf(project.manifest)) && registries?.mirrors?.pip === undefined;
  const made = steps({ ...plan, offer: offers ? madeFrom(plan) : null }, read.requested, read.packages);
  return { ...made, ...(read.notices && { notices: read.notices }), locks: offers && made.steps.length > 0 ? [{ from: OFFERED, path: inFolder(project.root, LOCK) }] : [] };
}

/** What people write, in order of trust. */
const WRITTEN = ['pyproject.toml', 'requirements.txt', 'setup.cfg', 'setup.py'];

/** The steps for a plan; none when there is nothing to do. */
export function steps(plan: PythonPlan, requested: Requested[], packages: number | undefined): InstallPlan {
  const nothing = plan.requirements.length === 0 && !plan.build && plan.sources.length === 0;
  if (nothing) return { requested, packages: 0, steps: [], locks: [] };
  const fetch = (ifAsked: boolean) => ({
    title: 'Downloading', network: true, script: `python3 ${SCRATCH}/install.py fetch`, environment: {}, ifAsked,
    progress: pipProgress(packages), remark: pipRemark, explain: explainPip,
  });
  const build = { title: 'Building', network: false, script: `python3 ${SCRATCH}/install.py build`, environment: {}, progress: buildProgress, explain: explainPip };
  const rounds = Array.from({ length: ROUNDS }, () => [{ ...build, ifAsked: true }, fetch(true)]).flat();
  // The project itself is built in any case; building it may tell what else is needed.
  const first = plan.build ? [fetch(false), { ...build, ifAsked: false }, fetch(true)] : [fetch(false)];
  return {
    requested, packages, locks: [], steps: [...first, ...rounds],
    files: [{ path: 'scratch/install.py', content: program }, { path: 'scratch/plan.json', content: JSON.stringify(plan) }],
  };
}

export const EMPTY: PythonPlan = { requirements: [], constraints: [], pre: false, hashed: false, pinned: false, build: null, sources: [], lock: null, offer: null, python: null };

interface Reading { plan: Partial<PythonPlan>; requested: Requested[]; packages?: number; notices?: string[] }

function reading({ root, manifest }: Project, files: ReadonlyMap<string, ManifestFile>, groups: string[], registries: PlanOptions['registries']): Reading {
  const file = files.get(manifest);
  if (!file) throw new PetriError('manifest-invalid', `${manifest} cannot be read.`, { details: [manifest] });
  const name = nameOf(manifest);
  const pyproject = files.get(inFolder(root, 'pyproject.toml'));
  const own = name === LOCK ? readOwnLock(file) : undefined;
  const beside = own && WRITTEN.map((written) => inFolder(root, written)).find((path) => files.has(path));
  if (own && beside !== undefined) {
    const asked = reading({ language: 'python', root, manifest: beside, inputs: [] }, files, groups, registries);
    const lock = readPylock(file, root, groups, registries);
    const current = own.madeFrom === madeFrom({ ...EMPTY, ...asked.plan });
    return {
      requested: current ? lock.requested : asked.requested, ...(current && { packages: lock.requested.length }),
      plan: { ...asked.plan, lock: { lines: lock.lines, versions: own.versions, current, environments: own.environments } },
    };
  }
  if (name === 'uv.lock' || name === 'poetry.lock' || name.startsWith('pylock')) {
    const settings = pyproject ? readToml(pyproject) : {};
    const lock = name === 'uv.lock' ? readUvLock(file, root, { groups: [...defaultGroups(settings), ...groups], extras: groups }, registries)
      : name === 'poetry.lock' ? readPoetryLock(file, root, settings, groups, registries) : readPylock(file, root, groups, registries);
    // A lock without hashes is still complete: nothing is looked for besides.
    const ownFolder = pyproject && name !== 'uv.lock' ? [root] : lock.local.filter((folder) => folder === root);
    const declared = pyproject && readPyProject(pyproject, root, []);
    return {
      requested: lock.requested, packages: lock.requested.length, notices: checkExact(manifest, lock),
      plan: {
        python: lock.python === undefined ? null : poetryRange(lock.python), requirements: lock.lines, hashed: lock.hashed && lock.lines.length > 0, pinned: !lock.hashed,
        build: ownFolder.length > 0 && declared?.build ? { root, ...declared.build, dynamic: false, extras: groups, required: false } : null,
        sources: lock.local.filter((folder) => folder !== root),
      },
    };
  }
  if (name === 'pyproject.toml') {
    const found = readPyProject(file, root, groups);
    if (found.declares) {
      return {
        requested: found.requested,
        plan: { requirements: found.lines, sources: found.local, build: found.build ? { root, ...found.build, extras: groups, required: found.build.dynamic } : null },
      };
    }
    // Settings of tools alone: what declares the dependencies stands beside it.
    for (const other of WRITTEN.slice(1)) {
      const path = inFolder(root, other);
      if (files.has(path)) return reading({ language: 'python', root, manifest: path, inputs: [] }, files, groups, registries);
    }
    return { plan: {}, requested: [] };
  }
  if (name === 'setup.cfg' || name === 'setup.py') return readSetup(root, files, groups, manifest);
  return readRequirementsProject(manifest, files, groups, registries);
}

/** setup.py is a program: only building it tells what it needs. */
function readSetup(root: string, files: ReadonlyMap<string, ManifestFile>, groups: string[], manifest: string): Reading {
  const cfg = files.get(inFolder(root, 'setup.cfg'));
  const declared = cfg && readSetupCfg(cfg, groups);
  const program = files.has(inFolder(root, 'setup.py'));
  if (!declared && !program) return { plan: {}, requested: [] };
  const requires = ['setuptools', 'wheel'];
  return {
    requested: declared?.requested ?? [{ name: 'setuptools', path: manifest }],
    plan: { requirements: declared?.lines ?? [], build: { root, requires, dynamic: program, extras: groups, required: program && !declared } },
  };
}

function readRequirementsProject(manifest: string, files: ReadonlyMap<string, ManifestFile>, groups: string[], registries: PlanOptions['registries']): Reading {
  const folder = folderOf(manifest);
  const further = groups.flatMap((group) => [`requirements-${group}.txt`, `${group}-requirements.txt`, `requirements/${group}.txt`, `requirements_${group}.txt`])
    .map((name) => inFolder(folder, name)).filter((path) => files.has(path));
  const all = [manifest, ...further].map((path) => readRequirements(path, files));
  const indexes = all.flatMap((one) => one.indexes).filter(({ name }) => foreignRegistry(name, registries));
  if (indexes[0]) throw refused(indexes[0], 'the image does not download from there');
  const locals = all.flatMap((one) => one.local);
  const requirements = all.flatMap((one) => one.lines);
  const [local] = locals;
  const setup = local && files.get(inFolder(local.root, 'pyproject.toml'));
  const declared = setup && readPyProject(setup, local.root, local.extras);
  return {
    requested: [...all.flatMap((one) => one.requested), ...declared?.requested ?? []],
    plan: {
      requirements: [...requirements, ...declared?.lines ?? []], constraints: all.flatMap((one) => one.constraints), pre: all.some((one) => one.pre),
      hashed: requirements.some((line) => line.includes('--hash=')),
      build: local ? { root: local.root, requires: declared?.build?.requires ?? ['setuptools', 'wheel'], dynamic: declared?.build?.dynamic ?? !declared, extras: local.extras, required: true } : null,
      sources: locals.slice(1).map((one) => one.root),
    },
  };
}
