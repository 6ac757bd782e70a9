import { goBuildList, replaced } from './goBuildList';
import { parseGoMod, unescaped, type GoModFile, type GoModule } from './goModFile';
import { firstKnown, licenceFromFile } from './licences';
import type { Found, MetadataReader } from './metadataReader';
import type { Contents, Package } from './package';
import { purlOf } from './purl';
import { byText, clean } from './text';

const MOST_MOD = 1024 * 1024;
const MOST_LICENCE = 256 * 1024;

/**
 * The modules of the build list, and which of them lie in the cache. `mains`: go.mod of the project, or of each member of its
 * workspace; without one, whatever was downloaded counts. `toolchains`: where a Go lies that took the place of the image's.
 */
export async function goContents(reader: MetadataReader, cache: string, toolchains: string, mains: readonly string[]): Promise<Contents> {
  const download = `${cache}/cache/download`;
  const listed = await reader.list([download], ['-regextype', 'posix-extended', '-regex', '.*/@v/[^/]+\\.(mod|zip)']);
  const files = new Map(listed.map((file) => [file.path, file]));
  const mods = await reader.read(listed.filter((file) => file.path.endsWith('.mod')), MOST_MOD);
  const parsed = mains.map(parseGoMod);
  const pathOf = ({ path, version }: GoModule, kind: string) => `${download}/${escaped(path)}/@v/${escaped(version)}.${kind}`;
  const modOf = (module: GoModule): GoModFile | undefined => {
    const content = mods.get(pathOf(module, 'mod'));
    return content && parseGoMod(content.toString('utf8'));
  };
  const replacements = parsed.flatMap((main) => main.replace);
  const { versions, requires } = parsed.length > 0 ? goBuildList(parsed, modOf) : downloaded(listed, download);
  const zips = [...versions].map(([path, version]) => files.get(pathOf(replaced({ path, version }, replacements), 'zip'))).filter((file) => file !== undefined);
  const digests = await reader.digests(zips);
  const licences = await licenceFiles(reader, cache);
  const packages = [...versions].map(([path, version]): Package => {
    const real = replaced({ path, version }, replacements);
    const zip = pathOf(real, 'zip');
    const place = `${cache}/${escaped(real.path)}@${escaped(real.version)}`;
    const sha256 = digests.get(zip);
    const inFolder = real.version === '' ;
    return {
      ...named(real.path, real.version), licences: firstKnown(() => (licences.get(place) ?? []).map(licenceFromFile)), hashes: [], dependsOn: [],
      location: files.has(zip) ? place : '', ...(sha256 && { artefact: { sha256 } }), ...(!files.has(zip) && !inFolder && { optional: true }),
      warnings: [
        ...(real.path === path ? [] : [`It stands in for ${clean(path)} ${clean(version)}, as the project’s go.mod says.`]),
        ...(inFolder ? ['It is a folder of the project, not a module from a registry.'] : []),
      ],
    };
  });
  const purls = new Map([...versions.keys()].map((path, at) => [path, purlOf(packages[at]!)]));
  [...versions.keys()].forEach((path, at) => {
    packages[at]!.dependsOn = (requires.get(path) ?? []).map((needed) => purls.get(needed)).filter((purl) => purl !== undefined).sort();
  });
  packages.push(...await toolchainsIn(reader, toolchains));
  return { packages: packages.sort((a, b) => byText(purlOf(a), purlOf(b))), modules: [...versions.keys()].sort(), incomplete: [] };
}

/** The project's go.mod files, those in the place of their own that the install has completed where the user's say too little. */
export async function completedMods(reader: MetadataReader, folder: string, mods: readonly string[]): Promise<string[]> {
  const found = await reader.read(await reader.list([folder], ['-type', 'f', '-name', 'go.mod']), MOST_MOD);
  const completed = [...found.values()].map((content) => content.toString('utf8'));
  const modules = new Set(completed.map((text) => parseGoMod(text).module));
  return [...completed, ...mods.filter((text) => !modules.has(parseGoMod(text).module))];
}

function named(path: string, version: string): Pick<Package, 'type' | 'namespace' | 'name' | 'version'> {
  const slash = path.lastIndexOf('/');
  return { type: 'golang', ...(slash > 0 && { namespace: clean(path.slice(0, slash)) }), name: clean(path.slice(slash + 1)), version: clean(version) };
}

/** As Go itself names them when it fetches them: modules, though no build has them in its list. */
async function toolchainsIn(reader: MetadataReader, folder: string): Promise<Package[]> {
  const licences = await reader.read(await reader.list([folder], ['-maxdepth', '3', '-type', 'f', '-path', '*/toolchain@*/LICENSE']), MOST_LICENCE);
  return [...licences].map(([path, content]): Package => {
    const location = path.slice(0, path.lastIndexOf('/'));
    return {
      ...named('golang.org/toolchain', location.slice(location.lastIndexOf('@') + 1)), licences: firstKnown(() => [licenceFromFile(content)]),
      hashes: [], dependsOn: [], location, warnings: [],
    };
  });
}

function downloaded(listed: readonly Found[], download: string) {
  const versions = new Map<string, string>();
  for (const { path } of listed) {
    const match = /^(.+)\/@v\/([^/]+)\.zip$/.exec(path.slice(download.length + 1));
    if (match) versions.set(unescaped(match[1]!), unescaped(match[2]!));
  }
  return { versions, requires: new Map<string, string[]>() };
}

/** By the folder a module was unpacked to. */
async function licenceFiles(reader: MetadataReader, cache: string): Promise<Map<string, Buffer[]>> {
  const found = await reader.list([cache], ['-path', `${cache}/cache`, '-prune', '-false', '-o', '-path', '*@*/*/*', '-prune', '-false', '-o',
    '-regextype', 'posix-extended', '-type', 'f', '-iregex', '.*@[^/]+/(licen[cs]e|copying)[^/]*']);
  const licences = new Map<string, Buffer[]>();
  for (const [path, content] of await reader.read(found, MOST_LICENCE)) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    licences.set(folder, [...(licences.get(folder) ?? []), content]);
  }
  return licences;
}

function escaped(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}
