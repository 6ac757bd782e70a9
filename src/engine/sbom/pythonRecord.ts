/** Paths of a RECORD that can be files of the package; relative to site-packages, cut where the file is absurd. */
const MOST_PATHS = 200_000;

/** RECORD's first column. Paths that leave site-packages (scripts) or are the metadata's own are left out. */
export function recordedPaths(record: Buffer | undefined): string[] {
  if (!record) return [];
  const paths: string[] = [];
  for (const line of record.toString('utf8').split(/\r?\n/)) {
    const path = line.startsWith('"') ? (/^"((?:[^"]|"")*)"/.exec(line)?.[1] ?? '').replaceAll('""', '"') : line.slice(0, Math.max(0, line.lastIndexOf(',', line.lastIndexOf(',') - 1)));
    if (path === '' || path.startsWith('/') || path.includes('..') || /^[^/]*\.(dist-info|egg-info|data)\//.test(path)) continue;
    paths.push(path);
    if (paths.length >= MOST_PATHS) break;
  }
  return paths;
}

/** How deep a namespace is looked into: `google.cloud.storage`. */
const DEEPEST = 4;

/**
 * What can be imported: `numpy` for numpy/__init__.py, `six` for six.py, `_cffi_backend` for its .so; for a folder without
 * __init__ (a namespace, shared by packages) the names in it, `google.cloud.storage`.
 */
export function importableNames(paths: readonly string[]): Set<string> {
  const regular = new Set<string>();
  for (const path of paths) {
    const match = /^(.+)\/__init__\.(?:py|pyi|[^/]*\.so)$/.exec(path);
    if (match) regular.add(match[1]!);
  }
  const names = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    const file = parts.pop()!;
    const module = /^([A-Za-z_][A-Za-z0-9_]*)(?:\.py|(?:\.[A-Za-z0-9_-]+)*\.(?:so|pyd))$/.exec(file)?.[1];
    if (module === undefined || parts.includes('__pycache__') || !parts.every((part) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(part))) continue;
    const first = parts.findIndex((_, at) => regular.has(parts.slice(0, at + 1).join('/')));
    const named = first >= 0 ? parts.slice(0, first + 1) : module === '__init__' ? parts : [...parts, module];
    if (named.length > 0 && named.length <= DEEPEST) names.add(named.join('.'));
  }
  return names;
}
