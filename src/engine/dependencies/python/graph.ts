/** A locked package and what it needs, each need with the condition under which it does ('' for always). */
export interface Locked {
  name: string; version: string;
  /** sha256, hex. */
  hashes: string[];
  needs: Array<{ to: string; marker: string }>;
  /** False for the workspace's own packages: walked through, not installed. */
  install: boolean;
}

/** Past this many alternatives a condition is not worth stating: the package is installed always. */
const MOST_ALTERNATIVES = 40;

/**
 * Under which condition each package is needed, from the roots on: a package that is reached in several ways is needed when any of
 * them holds, and a way holds when every marker on it does. Keys are the nodes' own; the result leaves out what nothing needs.
 */
export function reach(nodes: ReadonlyMap<string, Locked>, roots: ReadonlyArray<{ to: string; marker: string }>): Map<string, string> {
  const ways = new Map<string, Array<Set<string>>>();
  const queue: Array<{ to: string; way: Set<string> }> = roots.map(({ to, marker }) => ({ to, way: new Set(marker === '' ? [] : [marker]) }));
  for (let next = queue.pop(); next; next = queue.pop()) {
    const node = nodes.get(next.to);
    if (!node) continue;
    const known = ways.get(next.to) ?? [];
    const { way } = next;
    if (known.some((other) => isSubset(other, way))) continue;
    const kept = [...known.filter((other) => !isSubset(way, other)), way];
    ways.set(next.to, kept.length > MOST_ALTERNATIVES ? [new Set()] : kept);
    for (const { to, marker } of node.needs) queue.push({ to, way: marker === '' ? way : new Set([...way, marker]) });
  }
  return new Map([...ways].map(([key, alternatives]) => [key, printed(alternatives)]));
}

function printed(alternatives: Array<Set<string>>): string {
  if (alternatives.some((way) => way.size === 0)) return '';
  return alternatives.map((way) => [...way].map((marker) => `(${marker})`).join(' and ')).map((all) => (alternatives.length > 1 ? `(${all})` : all)).join(' or ');
}

function isSubset(small: Set<string>, big: Set<string>): boolean {
  for (const one of small) if (!big.has(one)) return false;
  return true;
}

/** For pip: pinned, with condition and hashes. */
export function lockedLine({ name, version, hashes }: Pick<Locked, 'name' | 'version' | 'hashes'>, marker: string): string {
  return `${name}==${version}${marker === '' ? '' : ` ; ${marker}`}${hashes.map((hash) => ` --hash=sha256:${hash}`).join('')}`;
}
