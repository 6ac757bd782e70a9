import type { DependencyAdapter, ManifestFile, Project, Requested } from '../adapter';
import { manifestInvalid } from '../manifestInvalid';
import { byDepth, folderOf, inFolder, isForeign, nameOf, resolveInside } from '../manifestPaths';
import { explainMaven } from './explainMaven';
import { mavenProgress } from './mavenProgress';
import { mavenRequests } from './mavenRequests';
import { JAVA_FOLDER, MAVEN_USER_HOME, mavenScript, PLANNED, REPOSITORY } from './mavenScript';
import { readExtensions, readPom } from './pomFile';
import { readWrapper, WRAPPER_PROPERTIES } from './wrapper';

const GRADLE = /^(build|settings)\.gradle(\.kts)?$/;
/** Files beside the outermost pom.xml that Maven itself reads. */
const BESIDE = ['.mvn/extensions.xml', '.mvn/maven.config', '.mvn/jvm.config', WRAPPER_PROPERTIES];

/**
 * Maven, by the image's own: into a repository that runs see read-only, below one of their own in the home folder, and use offline.
 * Gradle builds are found and named, not installed: their scripts are programs that only Gradle runs, and the images have none.
 */
export const javaAdapter: DependencyAdapter = {
  language: 'java',
  version: 1,
  folders: [REPOSITORY, JAVA_FOLDER],

  find(paths) {
    const all = new Set(paths);
    const own = [...all].filter((path) => !isForeign(path) && !/(^|\/)(src|target|build)\//.test(path));
    const poms = own.filter((path) => nameOf(path) === 'pom.xml');
    const maven = poms.map((manifest): Project => {
      const root = folderOf(manifest);
      const below = poms.filter((path) => path !== manifest && (root === '' || path.startsWith(`${root}/`)));
      return { language: 'java', root, manifest, inputs: [manifest, ...below, ...BESIDE.map((name) => inFolder(root, name)).filter((path) => all.has(path))] };
    });
    const gradle = new Map<string, Project>();
    for (const manifest of own.filter((path) => GRADLE.test(nameOf(path))).sort()) {
      const root = folderOf(manifest);
      if (!all.has(inFolder(root, 'pom.xml')) && !gradle.has(root)) gradle.set(root, { language: 'java', root, manifest, inputs: [manifest] });
    }
    return [...maven, ...gradle.values()].sort((a, b) => byDepth(a.manifest, b.manifest));
  },

  includes(project, files) {
    if (!isMaven(project)) return [];
    const known = new Set(files.map(({ path }) => path));
    const named = poms(files).flatMap(({ path, parent, modules }) => [
      ...(parent?.relativePath ? [parent.relativePath.endsWith('.xml') ? parent.relativePath : `${parent.relativePath}/pom.xml`] : []),
      ...modules.map((module) => (module.endsWith('.xml') ? module : `${module}/pom.xml`)),
    ].map((relative) => resolveInside(folderOf(path), relative)));
    return [...new Set(named)].filter((path): path is string => path !== undefined && !known.has(path));
  },

  plan(project, files, { registries }) {
    if (!isMaven(project)) {
      return {
        requested: [], packages: 0, steps: [], locks: [],
        notices: [`${project.manifest} is a Gradle build: its dependencies are not installed. Give the folder a pom.xml, or put the archives in it.`],
      };
    }
    if (!files.some(({ path }) => path === project.manifest)) throw manifestInvalid(project.manifest, 1, 'is not there');
    const { requested, notices } = mavenRequests(poms(files), registries);
    const wrapper = files.filter(({ path }) => path === inFolder(project.root, WRAPPER_PROPERTIES)).map(({ content }) => readWrapper(content))[0];
    return {
      requested: [...requested, ...extensions(files)],
      notices: [...notices, ...(wrapper ? [`The project's wrapper asks for Maven ${wrapper.version}; the image's own Maven stands in for it.`] : [])],
      files: files.map(({ path, content }) => ({ path: `${PLANNED}/${path}`, content })),
      packages: undefined,
      steps: [{
        title: 'Resolving', network: true, environment: { NL: '\n', MAVEN_SKIP_RC: '1' }, script: mavenScript(project.root, wrapper?.place),
        progress: mavenProgress(), explain: explainMaven(project.root),
      }],
      locks: [],
    };
  },

  environment: (project) => (isMaven(project) ? {
    // The installed repository is a tail that is only read; what a build installs itself goes to the head, in the home folder.
    MAVEN_ARGS: `-o -Dmaven.repo.local.tail=/sandbox/deps/${REPOSITORY}`,
    ...(project.inputs.some((path) => path.endsWith(WRAPPER_PROPERTIES)) && { MAVEN_USER_HOME }),
  } : {}),

  links: () => [],
};

function isMaven({ manifest }: Project): boolean {
  return nameOf(manifest) === 'pom.xml';
}

function poms(files: ManifestFile[]) {
  return files.filter(({ path }) => path.endsWith('.xml') && nameOf(path) !== 'extensions.xml').map(({ path, content }) => readPom(path, content));
}

/** Core extensions: loaded into Maven before any pom is. */
function extensions(files: ManifestFile[]): Requested[] {
  return files.filter(({ path }) => nameOf(path) === 'extensions.xml').flatMap(({ path, content }) => readExtensions(path, content));
}
