import { firstKnown, licenceFrom } from './licences';
import type { Found, MetadataReader } from './metadataReader';
import type { Contents, Licence, Package } from './package';
import { parsePom, type Coordinates, type Pom } from './pom';
import { purlOf } from './purl';
import { byText, clean } from './text';

const MOST_POM = 2 * 1024 * 1024;
const MOST_LIST = 8 * 1024 * 1024;
/** Parents of parents; no real chain is longer than six. */
const MOST_PARENTS = 12;

interface Artefact extends Coordinates { type: string; classifier: string; scope: string }

/**
 * The artefacts that the build's own dependency lists name, out of a repository that holds its plugins too. `lists`: folder with
 * the output of Maven's `dependency:list`, or the like of it. `caches`: where Gradle keeps files, by group, artefact, version and digest.
 */
export async function javaContents(reader: MetadataReader, repository: string, lists: string, caches = ''): Promise<Contents> {
  const listed = await reader.list([lists], ['-maxdepth', '1', '-type', 'f', '-name', '*.txt']);
  const names = [...(await reader.read(listed, MOST_LIST)).values()].flatMap((content) => parseList(content.toString('utf8')));
  const places = caches === '' ? [repository] : [repository, caches];
  const jars = new Map((await reader.list(places, ['-type', 'f', '(', '-name', '*.jar', '-o', '-name', '*.pom', ')'])).map((file) => [asInMaven(file.path, repository, caches), file]));
  const artefacts = unique(names.length > 0 ? names : inRepository([...jars.keys()], repository));
  const poms = await readPoms(reader, jars, repository, artefacts);
  const files = artefacts.map((one) => jars.get(`${folderOf(repository, one)}/${fileOf(one)}`)).filter((file) => file !== undefined);
  const digests = await reader.digests(files);
  const packages = artefacts.map((one): Package => {
    const path = jars.get(`${folderOf(repository, one)}/${fileOf(one)}`)?.path;
    const sha256 = path && digests.get(path);
    return {
      type: 'maven', namespace: one.group, name: one.artifact, version: one.version,
      ...((one.classifier || one.type !== 'jar') && { qualifiers: { ...(one.classifier && { classifier: one.classifier }), ...(one.type !== 'jar' && { type: one.type }) } }),
      licences: licencesOf(one, poms), hashes: [], dependsOn: [], location: path ?? '', warnings: path ? [] : ['Its file is not in the repository.'],
      ...(sha256 && { artefact: { sha256 } }),
    };
  });
  const byName = new Map(packages.map((one) => [`${one.namespace}:${one.name}`, purlOf(one)]));
  packages.forEach((one, at) => {
    const needed = poms.get(idOf(artefacts[at]!))?.dependencies ?? [];
    one.dependsOn = [...new Set(needed.map((name) => byName.get(name)).filter((purl) => purl !== undefined && purl !== purlOf(one)))].sort() as string[];
  });
  return {
    packages: packages.sort((a, b) => byText(purlOf(a), purlOf(b))), modules: [],
    incomplete: names.length === 0 && packages.length > 0 ? ['Which of the repository’s artefacts the project needs is not known: all are listed, Maven’s plugins too.'] : [],
  };
}

/** `group:artifact:type[:classifier]:version:scope`, with whatever Maven puts around it. */
export function parseList(text: string): Artefact[] {
  const found: Artefact[] = [];
  for (const line of text.split(/\r?\n/).slice(0, 100_000)) {
    const parts = /^(?:\[INFO\])?\s+([\w.+-]+(?::[\w.+-]+){4,5})(?:\s|$)/.exec(line)?.[1]?.split(':');
    if (!parts) continue;
    const [group = '', artifact = '', type = ''] = parts;
    found.push({ group, artifact, type, classifier: parts.length === 6 ? parts[3]! : '', version: parts.at(-2)!, scope: parts.at(-1)! });
  }
  return found;
}

/** Where a file of Gradle's would lie in a Maven repository. */
function asInMaven(path: string, repository: string, caches: string): string {
  if (caches === '' || !path.startsWith(`${caches}/`)) return path;
  const [group = '', artifact = '', version = '', , file = ''] = path.slice(caches.length + 1).split('/');
  return `${folderOf(repository, { group, artifact, version })}/${file}`;
}

function inRepository(paths: readonly string[], repository: string): Artefact[] {
  return paths.flatMap((path) => {
    const parts = path.slice(repository.length + 1).split('/');
    const [file = '', version = '', artifact = ''] = [parts.at(-1), parts.at(-2), parts.at(-3)];
    return file === `${artifact}-${version}.jar` ? [{ group: parts.slice(0, -3).join('.'), artifact, version, type: 'jar', classifier: '', scope: '' }] : [];
  });
}

/** Of the artefacts and of their parents, as far up as the repository has them. */
async function readPoms(reader: MetadataReader, files: ReadonlyMap<string, Found>, repository: string, artefacts: readonly Coordinates[]): Promise<Map<string, Pom>> {
  const poms = new Map<string, Pom>();
  let wanted: readonly Coordinates[] = artefacts;
  for (let round = 0; round < MOST_PARENTS && wanted.length > 0; round += 1) {
    const found = wanted.filter((one) => !poms.has(idOf(one))).map((one) => [files.get(`${folderOf(repository, one)}/${one.artifact}-${one.version}.pom`), one] as const);
    const paths = new Map(found.flatMap(([file, one]) => (file ? [[file.path, one] as const] : [])));
    const contents = await reader.read([...new Set(found.flatMap(([file]) => (file ? [file] : [])))], MOST_POM);
    const parents: Coordinates[] = [];
    for (const [path, content] of contents) {
      const pom = parsePom(content);
      if (!pom) continue;
      poms.set(idOf(paths.get(path)!), pom);
      if (pom.parent) parents.push(pom.parent);
    }
    wanted = parents;
  }
  return poms;
}

/** A licence is inherited from the nearest parent that has one. */
function licencesOf(one: Coordinates, poms: ReadonlyMap<string, Pom>): Licence[] {
  let pom = poms.get(idOf(one));
  for (let round = 0; round < MOST_PARENTS && pom; round += 1) {
    const { licences } = pom;
    if (licences.length > 0) return firstKnown(() => licences.map(({ name, url }) => licenceFrom(name) ?? licenceFrom(url)));
    pom = pom.parent && poms.get(idOf(pom.parent));
  }
  return [];
}

function folderOf(repository: string, { group, artifact, version }: Coordinates): string {
  return `${repository}/${group.replaceAll('.', '/')}/${artifact}/${version}`;
}

function fileOf({ artifact, version, type, classifier }: Artefact): string {
  const extension = /^(test-jar|maven-plugin|ejb|bundle|java-source|javadoc)$/.test(type) ? 'jar' : type;
  const suffix = classifier || (type === 'test-jar' ? 'tests' : '');
  return `${artifact}-${version}${suffix && `-${suffix}`}.${extension}`;
}

function idOf({ group, artifact, version }: Coordinates): string {
  return clean(`${group}:${artifact}:${version}`);
}

function unique(artefacts: Artefact[]): Artefact[] {
  return [...new Map(artefacts.map((one) => [`${idOf(one)}:${one.type}:${one.classifier}`, one])).values()];
}
