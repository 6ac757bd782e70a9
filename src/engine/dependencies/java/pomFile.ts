import type { XmlElement } from '@rgrove/parse-xml';
import { parseXml, XmlError } from '@rgrove/parse-xml';
import { child, children } from '../../sbom/pom';
import type { Requested } from '../adapter';
import { lineNumbers } from '../lineNumbers';
import { manifestInvalid } from '../manifestInvalid';

export interface PomEntry { group: string; artifact: string; version: string | undefined; line: number }
export interface PomRepository { id: string; url: string; line: number; profile: string | undefined }

/** What of a pom.xml decides what is downloaded, with its own properties filled in where they say it. */
export interface PomFile {
  path: string;
  group: string | undefined; artifact: string; version: string | undefined;
  parent: (PomEntry & { relativePath: string }) | undefined;
  properties: Map<string, string>;
  modules: string[];
  /** Dependencies, and what runs the build: plugins, extensions, with what they need besides. */
  uses: PomEntry[];
  /** Versions for those that give none. */
  managed: PomEntry[];
  repositories: PomRepository[];
}

const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Reads a pom.xml. No entity of a document type is ever expanded. Throws PetriError `manifest-invalid` with file and line.
 */
export function readPom(path: string, content: Buffer): PomFile {
  const text = content.toString('utf8').replace(/^\uFEFF/, '');
  const root = parsed(path, content.length, text);
  const lineOf = lineNumbers(text);
  const at = (element: XmlElement) => lineOf(element.start);
  if (root.name !== 'project') throw manifestInvalid(path, at(root), `is no Maven project: it starts with <${root.name}>`);
  const own = (name: string) => words(child(root, name));
  const artifact = own('artifactId');
  if (artifact === undefined) throw manifestInvalid(path, at(root), 'does not say what its artifact is called (artifactId)');
  const entry = (element: XmlElement, group?: string): PomEntry[] => {
    const found = { group: words(child(element, 'groupId')) ?? group, artifact: words(child(element, 'artifactId')) };
    if (found.group === undefined || found.artifact === undefined) throw manifestInvalid(path, at(element), `<${element.name}> lacks its groupId or artifactId`);
    return [{ group: found.group, artifact: found.artifact, version: words(child(element, 'version')), line: at(element) }];
  };
  const dependencies = (element: XmlElement | undefined) => children(child(element, 'dependencies'), 'dependency').flatMap((one) => entry(one));
  const plugins = (build: XmlElement | undefined) => children(child(build, 'plugins'), 'plugin')
    .flatMap((plugin) => [...entry(plugin, 'org.apache.maven.plugins'), ...dependencies(plugin)]);
  const profiles = children(child(root, 'profiles'), 'profile');
  const scopes = [root, ...profiles];
  const parent = child(root, 'parent');
  return {
    path, group: own('groupId'), artifact, version: own('version'),
    parent: parent && { ...entry(parent)[0]!, relativePath: child(parent, 'relativePath')?.text.trim() ?? '../pom.xml' },
    properties: new Map(children(child(root, 'properties'), undefined).map((one) => [one.name, one.text.trim()])),
    modules: scopes.flatMap((scope) => children(child(scope, 'modules'), 'module').map((one) => one.text.trim())),
    uses: scopes.flatMap((scope) => [
      ...dependencies(scope), ...plugins(child(scope, 'build')),
      ...children(child(child(scope, 'build'), 'extensions'), 'extension').flatMap((one) => entry(one)),
      // Bills of materials are downloaded; what else is managed only if something asks for it.
      ...children(child(child(scope, 'dependencyManagement'), 'dependencies'), 'dependency').filter((one) => words(child(one, 'scope')) === 'import').flatMap((one) => entry(one)),
    ]),
    managed: scopes.flatMap((scope) => [
      ...dependencies(child(scope, 'dependencyManagement')), ...plugins(child(child(scope, 'build'), 'pluginManagement')),
    ]),
    repositories: scopes.flatMap((scope) => ['repository', 'pluginRepository'].flatMap((name) =>
      children(child(scope, name === 'repository' ? 'repositories' : 'pluginRepositories'), name).map((one) => ({
        id: words(child(one, 'id')) ?? name, url: words(child(one, 'url')) ?? '', line: at(one),
        profile: scope === root ? undefined : words(child(scope, 'id')) ?? 'default',
      })))),
  };
}

/** `.mvn/extensions.xml`. Throws PetriError `manifest-invalid` with file and line. */
export function readExtensions(path: string, content: Buffer): Requested[] {
  const text = content.toString('utf8').replace(/^\uFEFF/, '');
  const lineOf = lineNumbers(text);
  return children(parsed(path, content.length, text), 'extension').map((one) => ({
    name: `${words(child(one, 'groupId')) ?? ''}:${words(child(one, 'artifactId')) ?? ''}`, version: words(child(one, 'version')), path, line: lineOf(one.start),
  }));
}

/** Any XML file of a project. Throws PetriError `manifest-invalid` with file and line. */
function parsed(path: string, bytes: number, text: string): XmlElement {
  if (bytes > MOST_BYTES) throw manifestInvalid(path, 1, `is larger than ${MOST_BYTES} bytes`);
  try {
    const { root } = parseXml(text, { includeOffsets: true, ignoreUndefinedEntities: true });
    if (root) return root;
  } catch (error) {
    if (error instanceof XmlError) throw manifestInvalid(path, error.line, `is not well-formed: ${error.message.split('\n')[0]}`);
    throw manifestInvalid(path, 1, 'is nested too deeply');
  }
  throw manifestInvalid(path, 1, 'is empty');
}

function words(element: XmlElement | undefined): string | undefined {
  const text = element?.text.trim();
  return text === '' ? undefined : text;
}
