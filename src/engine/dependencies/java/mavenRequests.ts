import type { RegistryHosts } from '../../gateway/door';
import type { Requested } from '../adapter';
import type { PomEntry, PomFile } from './pomFile';

/** Properties that refer to each other are followed no further than this. */
const MOST_ROUNDS = 10;

/** What the poms of a project ask for, and the repositories they name besides the configured one. */
export function mavenRequests(poms: readonly PomFile[], registries: RegistryHosts | undefined): { requested: Requested[]; notices: string[] } {
  const byName = new Map(poms.map((pom) => [nameOf(pom, poms), pom]));
  const requested = new Map<string, Requested>();
  const notices: string[] = [];
  for (const pom of poms) {
    const chain = lineage(pom, byName);
    const fill = (text: string) => filled(text, chain);
    const managed = new Map(chain.flatMap(({ managed }) => managed).reverse().map((one) => [`${fill(one.group)}:${fill(one.artifact)}`, one.version]));
    const wanted: PomEntry[] = pom.parent ? [pom.parent, ...pom.uses] : pom.uses;
    for (const { group, artifact, version, line } of wanted) {
      const name = `${fill(group)}:${fill(artifact)}`;
      if (byName.has(name)) continue;
      const written = version ?? managed.get(name);
      const settled = written === undefined ? undefined : fill(written);
      const one: Requested = { name, version: settled?.includes('${') ? undefined : settled, path: pom.path, line };
      requested.set(`${name} ${one.version ?? ''}`, one);
    }
    for (const { id, url, line, profile } of pom.repositories) {
      const address = fill(url);
      if (configured(address, registries)) continue;
      // Only whoever turns the profile on asks there, and the gateway answers.
      if (profile !== undefined) notices.push(`The repository ${id} (${address}) of the profile ${profile} is not asked: ${pom.path}, line ${line}.`);
      else requested.set(`repository ${id} ${address}`, { name: `repository ${id}`, path: pom.path, line, source: { kind: 'registry', address } });
    }
  }
  return { requested: [...requested.values()], notices: [...new Set(notices)] };
}

/** The pom and its parents, as far as they lie in the project. */
function lineage(pom: PomFile, byName: ReadonlyMap<string, PomFile>): PomFile[] {
  const chain = [pom];
  for (let above = pom.parent; above; above = chain.at(-1)!.parent) {
    const next = byName.get(`${above.group}:${above.artifact}`);
    if (!next || chain.includes(next)) break;
    chain.push(next);
  }
  return chain;
}

function nameOf(pom: PomFile, poms: readonly PomFile[]): string {
  return `${filled(pom.group ?? pom.parent?.group ?? '', [pom, ...poms])}:${pom.artifact}`;
}

function filled(text: string, chain: readonly PomFile[]): string {
  const [pom] = chain;
  const value = (name: string): string | undefined => {
    if (/^(project|pom)\.(parent\.)?version$/.test(name)) return name.includes('parent') ? pom?.parent?.version : pom?.version ?? pom?.parent?.version;
    if (/^(project|pom)\.(parent\.)?groupId$/.test(name)) return name.includes('parent') ? pom?.parent?.group : pom?.group ?? pom?.parent?.group;
    return chain.find(({ properties }) => properties.has(name))?.properties.get(name);
  };
  let result = text;
  for (let round = 0; round < MOST_ROUNDS && result.includes('${') && result.length < 10_000; round += 1) {
    const next = result.replace(/\$\{([^${}]{1,200})\}/g, (whole, name: string) => value(name) ?? whole);
    if (next === result) break;
    result = next;
  }
  return result;
}

function configured(address: string, registries: RegistryHosts | undefined): boolean {
  const host = URL.parse(address)?.host;
  return host !== undefined && (registries?.hosts.includes(host) ?? false);
}
