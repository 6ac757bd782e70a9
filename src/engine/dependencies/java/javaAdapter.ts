import type { DependencyAdapter, ManifestFile, Project, Requested } from '../adapter';
import { manifestInvalid } from '../manifestInvalid';
import { byDepth, folderOf, inFolder, isForeign, nameOf, resolveInside } from '../manifestPaths';
import { explainMaven } from './explainMaven';
import { mavenProgress } from './mavenProgress';
import { mavenRequests } from './mavenRequests';
import { gradleCopies, gradleEnvironment, planGradle } from './gradle/gradleBuild';
import { gradleProjects } from './gradle/gradleProjects';
import { GRADLE_FOLDER } from './gradle/gradleScript';
import { JAVA_FOLDER, MAVEN_USER_HOME, mavenScript, REPOSITORY } from './mavenScript';
import { readExtensions, readPom } from './pomFile';
import { PLANNED } from './projectCopy';
import { readWrapper, WRAPPER_PROPERTIES } from './wrapper';

/** Files beside the outermost pom.xml that Maven itself reads. */
const BESIDE = ['.mvn/extensions.xml', '.mvn/maven.config', '.mvn/jvm.config', WRAPPER_PROPERTIES];

/**
 * Maven, by the image's own: into a repository that runs see read-only, below one of their own in the home folder, and use offline.
 * Gradle builds by the Gradle that their wrapper asks for or that the image has.
 */
export const javaAdapter: DependencyAdapter = {
  language: 'java',
  version: 2,
  folders: [REPOSITORY, JAVA_FOLDER, GRADLE_FOLDER],

  find(paths) {
    const all = new Set(paths);
    const own = [...all].filter((path) => !isForeign(path) && !/(^|\/)(src|target|build)\//.test(path));
    const poms = own.filter((path) => nameOf(path) === 'pom.xml');
    const maven = poms.map((manifest): Project => {
      const root = folderOf(manifest);
      const below = poms.filter((path) => path !== manifest && (root === '' || path.startsWith(`${root}/`)));
      return { language: 'java', root, manifest, inputs: [manifest, ...below, ...BESIDE.map((name) => inFolder(root, name)).filter((path) => all.has(path))] };
    });
    // Where both lie in one folder, Maven's comes first.
    return [...maven, ...gradleProjects(own, all)].sort((a, b) => (a.root === b.root ? 0 : byDepth(inFolder(a.root, ''), inFolder(b.root, ''))));
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

  plan(project, files, options) {
    if (!isMaven(project)) return planGradle(project, files, options);
    if (!files.some(({ path }) => path === project.manifest)) throw manifestInvalid(project.manifest, 1, 'is not there');
    const { requested, notices } = mavenRequests(poms(files), options.registries);
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
  } : gradleEnvironment(project)),

  links: () => [],
  copies: (project) => (isMaven(project) ? [] : gradleCopies()),
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
