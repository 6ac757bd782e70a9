import { compareVersions, isPruned, type GoModFile, type GoModule } from './goModFile';

/** A hostile graph is not followed for ever. */
const MOST_MODULES = 50_000;

export interface BuildList {
  /** Chosen version by module path, without the main modules. */
  versions: Map<string, string>;
  /** Paths that a module's go.mod requires. */
  requires: Map<string, string[]>;
}

/**
 * Minimal version selection over the pruned module graph, as `go list -m all` has it. `modOf` answers the go.mod of a version,
 * undefined when the cache has none. Several main modules are a workspace (go.work): their graphs are laid over each other.
 */
export function goBuildList(mains: readonly GoModFile[], modOf: (module: GoModule) => GoModFile | undefined): BuildList {
  const own = new Set(mains.map((main) => main.module));
  const excluded = new Set(mains.flatMap((main) => main.exclude.map(({ path, version }) => `${path}@${version}`)));
  const replacements = mains.flatMap((main) => main.replace);
  const versions = new Map<string, string>();
  const requires = new Map<string, string[]>();
  const loaded = new Map<string, GoModFile | undefined>();
  const load = (module: GoModule): GoModFile | undefined => {
    const key = `${module.path}@${module.version}`;
    if (!loaded.has(key)) loaded.set(key, modOf(replaced(module, replacements)));
    return loaded.get(key);
  };
  const wanted = (file: GoModFile) => file.require.filter(({ path, version }) => !own.has(path) && !excluded.has(`${path}@${version}`));
  const note = ({ path, version }: GoModule) => {
    const chosen = versions.get(path);
    if (chosen === undefined || compareVersions(version, chosen) > 0) versions.set(path, version);
  };
  const seen = new Set<string>();
  // A workspace is not pruned by one member for another.
  const queue = mains.flatMap((main) => wanted(main).map((module) => ({ module, pruned: isPruned(main) })));
  for (const { module } of queue) note(module);
  for (let at = 0; at < queue.length && loaded.size < MOST_MODULES; at += 1) {
    const { module, pruned } = queue[at]!;
    const key = `${module.path}@${module.version} ${pruned}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const file = load(module);
    if (!file) continue;
    for (const next of wanted(file)) {
      note(next);
      // Below a pruned module only what does not prune itself is looked into.
      if (!pruned || !isPruned(file)) queue.push({ module: next, pruned: pruned && isPruned(file) });
    }
  }
  for (const [path, version] of versions) {
    const file = load({ path, version });
    requires.set(path, file ? [...new Set(wanted(file).map((module) => module.path))] : []);
  }
  return { versions, requires };
}

/** What a `replace` line puts in a module's place; a folder has no version. */
export function replaced(module: GoModule, replacements: GoModFile['replace']): GoModule {
  const found = replacements.find(({ from, version }) => from === module.path && (version === undefined || version === module.version));
  return found ? found.to : module;
}
