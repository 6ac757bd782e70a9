import type { Requested } from '../adapter';
import { manifestInvalid } from '../manifestInvalid';
import { folderOf, resolveInside } from '../manifestPaths';
import type { Replacement, Requirement } from './goMod';
import { isWorkspace, type GoProject } from './goProject';

export interface GoRequests {
  requested: Requested[];
  /** `module@version` as `go mod download` takes it: what a folder stands in for is not downloaded. */
  downloads: string[];
}

/** What the modules of a project ask for, with replacements in effect. Throws PetriError `manifest-invalid`. */
export function goRequests({ modules, replacements }: GoProject): GoRequests {
  const own = new Set([...modules.values()].map(({ module }) => module));
  // Of a workspace its own replacements win over its members'.
  const files = [...replacements].sort(([a], [b]) => Number(isWorkspace(b)) - Number(isWorkspace(a)));
  const found: GoRequests = { requested: [], downloads: [] };
  for (const [path, { require }] of modules) {
    for (const one of require) {
      if (own.has(one.path)) continue;
      const [file = path, replacement] = replacementOf(one, files);
      found.requested.push(requestOf(path, one, file, replacement));
      if (replacement?.toVersion !== undefined || !replacement) found.downloads.push(`${one.path}@${one.version}`);
    }
  }
  return { ...found, downloads: [...new Set(found.downloads)] };
}

function replacementOf({ path, version }: Requirement, files: Array<[string, Replacement[]]>): [string, Replacement] | [] {
  for (const [file, replacements] of files) {
    const replacement = replacements.find((one) => one.from === path && (one.version === undefined || one.version === version));
    if (replacement) return [file, replacement];
  }
  return [];
}

function requestOf(path: string, one: Requirement, file: string, replacement: Replacement | undefined): Requested {
  if (!replacement) return { name: one.path, version: one.version, path, line: one.line };
  const { to, toVersion, line } = replacement;
  if (toVersion !== undefined) return { name: to, version: toVersion, path: file, line };
  if (resolveInside(folderOf(file), `${to}/go.mod`) === undefined) {
    throw manifestInvalid(file, line, `replaces ${one.path} with ${to}, which lies outside the folder that the sandbox has`);
  }
  return { name: one.path, version: one.version, path: file, line, source: { kind: 'path', address: to } };
}
