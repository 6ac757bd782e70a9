import { firstKnown, licenceFrom, licenceFromFile } from './licences';
import type { Found, MetadataReader } from './metadataReader';
import type { Contents, Hash, Licence, Package } from './package';
import { purlOf } from './purl';
import { byText, clean, parseRecord, recordOf, textOf } from './text';

const MOST_MANIFEST = 2 * 1024 * 1024;
const MOST_LOCK = 64 * 1024 * 1024;
const MOST_LICENCE = 256 * 1024;
const A_NAME = /^(?:@[^/]+\/)?[^/@.][^/]*$/;

interface Installed { place: string; manifest: Record<string, unknown> | undefined; lock: Record<string, unknown> | undefined; licenceFile: Buffer | undefined }

/** What is installed in every node_modules below these folders: packages that are there, whatever a lock says. */
export async function nodeContents(reader: MetadataReader, roots: readonly string[]): Promise<Contents> {
  const found = await reader.list(roots, ['-regextype', 'posix-extended', '(', '-type', 'f',
    '-regex', '.*/node_modules/((@[^/]+/)?[^/]+/(package\\.json|[Ll][Ii][Cc][Ee][Nn][CcSs][Ee][^/]*|COPYING[^/]*)|\\.package-lock\\.json)',
    ')', '-o', '(', '-type', 'l', '-regex', '.*/node_modules/(@[^/]+/)?[^/]+', ')']);
  const manifests = found.filter((file) => file.path.endsWith('/package.json') && isPlace(folderOf(file.path)));
  const locks = found.filter((file) => file.path.endsWith('/node_modules/.package-lock.json'));
  const contents = new Map([...await reader.read(manifests, MOST_MANIFEST), ...await reader.read(locks, MOST_LOCK)]);
  const lockEntries = entriesOfLocks(locks, contents);
  const installed = new Map<string, Installed>();
  for (const { path } of manifests) {
    const place = folderOf(path);
    const content = contents.get(path);
    installed.set(place, { place, manifest: content && parseRecord(content), lock: lockEntries.get(place), licenceFile: undefined });
  }
  await readLicences(reader, found, installed);
  const links = new Map(found.filter((file) => file.type === 'link').map((file) => [file.path, resolve(folderOf(file.path), file.target)]));
  return { packages: merge([...installed.values()], (from, name) => find(from, name, installed, links)), modules: importable(installed, links), incomplete: [] };
}

/** Somewhere that Node resolves from: in node_modules of the root, of a package, or of pnpm's store; not in what a package brings for its tests. */
function isPlace(folder: string): boolean {
  const [, ...parts] = folder.split('/node_modules/');
  return A_NAME.test(parts.at(-1) ?? '') && parts.slice(0, -1).every((part) => A_NAME.test(part) || /^\.pnpm\/[^/]+$/.test(part));
}

/** npm's own record of what it laid down, by absolute place. */
function entriesOfLocks(locks: readonly Found[], contents: ReadonlyMap<string, Buffer>): Map<string, Record<string, unknown>> {
  const entries = new Map<string, Record<string, unknown>>();
  for (const { path } of locks) {
    const base = path.slice(0, -'/node_modules/.package-lock.json'.length);
    const lock = contents.get(path);
    for (const [place, entry] of Object.entries(recordOf((lock && parseRecord(lock))?.packages) ?? {})) {
      const fields = recordOf(entry);
      if (fields && place.startsWith('node_modules/')) entries.set(`${base}/${place}`, fields);
    }
  }
  return entries;
}

/** Only for packages whose manifest names no licence. */
async function readLicences(reader: MetadataReader, found: readonly Found[], installed: ReadonlyMap<string, Installed>): Promise<void> {
  const wanted = found.filter((file) => file.type === 'file' && !file.path.endsWith('.json') && declared(installed.get(folderOf(file.path))).length === 0
    && installed.has(folderOf(file.path)));
  for (const [path, content] of await reader.read(wanted, MOST_LICENCE)) installed.get(folderOf(path))!.licenceFile ??= content;
}

function declared(one: Installed | undefined): Licence[] {
  const { manifest, lock } = one ?? {};
  const old = Array.isArray(manifest?.licenses) ? manifest.licenses.slice(0, 20) : [manifest?.licenses];
  return firstKnown(
    () => [licenceFrom(textOf(manifest?.license) || textOf(recordOf(manifest?.license)?.type))],
    () => old.map((item: unknown) => licenceFrom(textOf(item) || textOf(recordOf(item)?.type))),
    () => [licenceFrom(textOf(lock?.license))],
  );
}

type Resolve = (from: string, name: string) => Installed | undefined;

/** One package may lie in several places: one entry, with what any of them needs. */
function merge(installed: readonly Installed[], resolveName: Resolve): Package[] {
  const byPurl = new Map<string, Package>();
  for (const one of installed) {
    const mine = toPackage(one);
    const purl = purlOf(mine);
    const first = byPurl.get(purl);
    if (!first) byPurl.set(purl, mine);
    const target = first ?? mine;
    const names = ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) => Object.keys(recordOf(one.manifest?.[kind]) ?? {}));
    const needed = names.map((name) => resolveName(one.place, name)).filter((found) => found !== undefined && found !== one).map((found) => purlOf(toPackage(found!)));
    target.dependsOn = [...new Set([...target.dependsOn, ...needed])].sort();
  }
  return [...byPurl.values()].sort((a, b) => byText(purlOf(a), purlOf(b)));
}

function toPackage(one: Installed): Package {
  const { manifest, lock, place } = one;
  const placed = place.slice(place.lastIndexOf('/node_modules/') + '/node_modules/'.length);
  const name = textOf(manifest?.name, 214) || textOf(lock?.name, 214) || clean(placed, 214);
  const warnings: string[] = [];
  if (!manifest) warnings.push('Its package.json could not be read; the name is its folder’s.');
  if (manifest && lock && textOf(lock.version) !== '' && textOf(lock.version) !== textOf(manifest.version)) {
    warnings.push(`npm laid down ${textOf(lock.version)}, its package.json says ${textOf(manifest.version)}.`);
  }
  const resolved = textOf(lock?.resolved, 2000);
  if (/^(git|file:|ssh:)/.test(resolved)) warnings.push(`It does not come from a registry but from ${clean(resolved)}.`);
  const slash = name.startsWith('@') ? name.indexOf('/') : -1;
  return {
    type: 'npm', ...(slash > 0 && { namespace: name.slice(0, slash) }), name: slash > 0 ? name.slice(slash + 1) : name,
    version: textOf(manifest?.version) || textOf(lock?.version),
    licences: firstKnown(() => declared(one), () => [one.licenceFile && licenceFromFile(one.licenceFile)]),
    hashes: integrity(textOf(lock?.integrity, 1000)), dependsOn: [], location: place, warnings,
  };
}

/** Subresource integrity: `sha512-<base64> …`. */
function integrity(text: string): Hash[] {
  const names = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const;
  return [...text.matchAll(/\b(sha1|sha256|sha384|sha512)-([A-Za-z0-9+/]+=*)/g)]
    .map(([, name, base64]) => ({ algorithm: names[name as keyof typeof names], content: Buffer.from(base64!, 'base64').toString('hex') }));
}

/** As Node looks for a package: in node_modules beside and above. */
function find(from: string, name: string, installed: ReadonlyMap<string, Installed>, links: ReadonlyMap<string, string>): Installed | undefined {
  if (!A_NAME.test(name)) return undefined;
  for (let base = from; base !== ''; base = base.slice(0, base.lastIndexOf('/'))) {
    if (base.endsWith('/node_modules')) continue;
    const place = `${base}/node_modules/${name}`;
    const found = installed.get(place) ?? installed.get(links.get(place) ?? '');
    if (found) return found;
  }
  return undefined;
}

/** What a file of the project can name: packages at the top of a node_modules. */
function importable(installed: ReadonlyMap<string, Installed>, links: ReadonlyMap<string, string>): string[] {
  const names = [...installed.keys(), ...links.keys()].flatMap((place) => {
    const parts = place.split('/node_modules/');
    return parts.length === 2 && !parts[1]!.startsWith('.') ? [parts[1]!] : [];
  });
  return [...new Set(names)].sort();
}

function resolve(folder: string, target: string): string {
  const parts = target.startsWith('/') ? [] : folder.split('/').slice(1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
