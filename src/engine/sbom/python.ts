import { normalName } from '../dependencies/python/normalName';
import { exact, firstKnown, licenceFrom, licenceFromClassifier, licenceFromFile } from './licences';
import type { Found, MetadataReader } from './metadataReader';
import type { Contents, Hash, Licence, Package } from './package';
import { importableNames, recordedPaths } from './pythonRecord';
import { purlOf } from './purl';
import { clean, paragraphs, parseRecord, recordOf, textOf } from './text';

const MOST_METADATA = 4 * 1024 * 1024;
const MOST_RECORD = 16 * 1024 * 1024;
const MOST_LICENCE = 256 * 1024;

/** A package's folder of metadata: `….dist-info`, or `….egg-info`, which may be a single file. */
interface Distribution { folder: string; location: string; name: string; version: string; files: Map<string, Buffer> }

/** What is installed below these site-packages, as its metadata says. */
export async function pythonContents(reader: MetadataReader, roots: readonly string[]): Promise<Contents> {
  const found = await reader.list(roots, ['-regextype', 'posix-extended', '-regex', '.*/site-packages/[^/]+\\.(dist-info|egg-info)(/.*)?']);
  const wanted = (name: RegExp) => found.filter((file) => file.type === 'file' && name.test(file.path));
  const contents = new Map([
    ...await reader.read(wanted(/\.egg-info$|\/(METADATA|PKG-INFO|direct_url\.json)$/), MOST_METADATA),
    ...await reader.read(wanted(/\.dist-info\/RECORD$/), MOST_RECORD),
    ...await reader.read(wanted(/\.dist-info\/(licen[cs]es\/.*|licen[cs]e[^/]*|copying[^/]*|notice[^/]*)$/i), MOST_LICENCE),
  ]);
  const distributions = group(found, contents);
  const modules = new Set<string>();
  const owners = new Map<string, string>();
  const warnings = new Map<Distribution, string[]>();
  for (const distribution of distributions) {
    const own: string[] = [];
    const paths = recordedPaths(distribution.files.get('RECORD'));
    for (const name of importableNames(paths)) modules.add(name);
    for (const path of paths) {
      const owner = owners.get(path);
      if (owner !== undefined && !path.includes('/__pycache__/') && own.length < 5) own.push(`It has written over ${clean(path, 100)}, a file of ${owner}.`);
      else owners.set(path, distribution.name);
    }
    warnings.set(distribution, own);
  }
  const packages = distributions.map((distribution) => toPackage(distribution, warnings.get(distribution)!));
  linkAll(packages, distributions);
  warnOfTwins(packages);
  return { packages, modules: [...modules].sort(), incomplete: [] };
}

function group(found: readonly Found[], contents: ReadonlyMap<string, Buffer>): Distribution[] {
  const byFolder = new Map<string, Distribution>();
  for (const { path } of found) {
    const match = /^(.*\/site-packages)\/(([^/]+)\.(?:dist-info|egg-info))(?:\/(.*))?$/.exec(path);
    if (!match) continue;
    const folder = `${match[1]}/${match[2]}`;
    let distribution = byFolder.get(folder);
    if (!distribution) {
      const [name = '', version = ''] = match[3]!.split('-');
      byFolder.set(folder, distribution = { folder, location: match[1]!, name: clean(name), version: clean(version), files: new Map() });
    }
    const content = contents.get(path);
    if (content) distribution.files.set(match[4] ?? 'PKG-INFO', content);
  }
  return [...byFolder.values()];
}

function metadataOf(distribution: Distribution): Map<string, string[]> | undefined {
  const content = distribution.files.get('METADATA') ?? distribution.files.get('PKG-INFO');
  // The description may follow as a body, and be long.
  return content && [...take(paragraphs(content.toString('utf8')), 1)][0];
}

function toPackage(distribution: Distribution, warnings: string[]): Package {
  const metadata = metadataOf(distribution);
  const field = (name: string) => clean(metadata?.get(name)?.[0] ?? '');
  if (!metadata) warnings.push('Its metadata could not be read; name and version are its folder’s.');
  const direct = recordOf(parseRecord(distribution.files.get('direct_url.json') ?? Buffer.from('null')));
  const url = textOf(direct?.url);
  if (url !== '') warnings.push(`It does not come from a registry but from ${url}.`);
  return {
    type: 'pypi', name: field('name') || distribution.name, version: field('version') || distribution.version,
    licences: licencesOf(distribution, metadata),
    hashes: hashesOf(recordOf(direct?.archive_info)), dependsOn: [], location: distribution.location, warnings,
    ...(url !== '' && { qualifiers: { [/^git\+|\.git$/.test(url) || recordOf(direct?.vcs_info) ? 'vcs_url' : 'download_url']: url } }),
  };
}

/** The expression, the field, the classifiers, the files; what is exact in any of them before what is not. */
function licencesOf({ files }: Distribution, metadata: Map<string, string[]> | undefined): Licence[] {
  const field = metadata?.get('license')?.[0] ?? '';
  // Some put the whole text there.
  const text = field.includes('\n') ? licenceFromFile(Buffer.from(field)) : undefined;
  const classifiers = (metadata?.get('classifier') ?? []).slice(0, 200).map(licenceFromClassifier);
  const licenceFiles = [...files].filter(([path]) => /^licen[cs]es\/|^licen[cs]e|^copying/i.test(path));
  return firstKnown(
    () => [licenceFrom(metadata?.get('license-expression')?.[0] ?? '')],
    () => [field.includes('\n') ? text : exact(licenceFrom(field))],
    () => (classifiers.every((licence) => licence === undefined || exact(licence)) ? classifiers : []),
    () => licenceFiles.map(([, content]) => licenceFromFile(content)),
    () => [field.includes('\n') ? undefined : licenceFrom(field)],
    () => classifiers,
  );
}

function hashesOf(archive: Record<string, unknown> | undefined): Hash[] {
  const sha256 = textOf(recordOf(archive?.hashes)?.sha256);
  return /^[0-9a-f]{64}$/.test(sha256) ? [{ algorithm: 'SHA-256', content: sha256 }] : [];
}

/** By the names in Requires-Dist; what only an extra asks for counts when it is there and the extra is not told apart. */
function linkAll(packages: Package[], distributions: readonly Distribution[]): void {
  const byName = new Map(packages.map((one) => [normalName(one.name), one]));
  packages.forEach((one, at) => {
    const needed = new Set<string>();
    for (const requirement of metadataOf(distributions[at]!)?.get('requires-dist') ?? []) {
      const name = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(requirement)?.[1];
      const target = name && !/;.*\bextra\b/.test(requirement) ? byName.get(normalName(name)) : undefined;
      if (target && target !== one) needed.add(purlOf(target));
    }
    one.dependsOn = [...needed].sort();
  });
}

function warnOfTwins(packages: readonly Package[]): void {
  const seen = new Map<string, Package>();
  for (const one of packages) {
    const first = seen.get(normalName(one.name));
    if (!first) seen.set(normalName(one.name), one);
    else for (const twin of [first, one]) twin.warnings.push('Two packages of this name are installed.');
  }
}

function* take<T>(items: Iterable<T>, most: number): Generator<T> {
  let count = 0;
  for (const item of items) {
    if (count++ >= most) return;
    yield item;
  }
}
