import type { DependencyAdapter, InstallPlan, InstallStep, ManifestFile, PlanOptions, Project } from '../../adapter';
import { inFolder } from '../../manifestPaths';
import { PLANNED } from '../projectCopy';
import askProgram from './ask.gradle';
import { GRADLE_WRAPPER, readDistribution, type Distribution } from './distribution';
import { explainFetch, explainGradle } from './explainGradle';
import fetchProgram from './Fetch.java';
import { hasWrapper } from './gradleProjects';
import { fetchProgress, resolveProgress } from './gradleProgress';
import { gradleRequests } from './gradleRequests';
import { ASK_SCRIPT, fetchScript, GRADLE_BIN, GRADLE_CACHES, GRADLE_FILES, GRADLE_HOME_COPY, GRADLE_LIST, GRADLE_VERSION, resolveScript } from './gradleScript';
import repositoriesProgram from './repositories.gradle';
import resolveProgram from './resolve.gradle';

const GRADLE_HOME = '/sandbox/home/.gradle';
const OFFLINE = '// Runs have no network.\ngradle.startParameter.offline = true\n';
/** Gradle's daemons end with the container: the next one looks for none that is gone. */
const DAEMONS = '-Dorg.gradle.daemon.registry.base=/tmp/gradle-daemon';
/** The JVMs of an install live for seconds. */
const SHORT_LIVED = { GRADLE_OPTS: '-XX:TieredStopAtLevel=1' };

/**
 * Gradle: the one that the project's wrapper asks for, or the image's own where there is no wrapper. Into caches that runs see read-only
 * and use offline, beside caches of their own in the home folder.
 */
export function planGradle(project: Project, files: ManifestFile[], { registries }: PlanOptions): InstallPlan {
  const { requested, locked } = gradleRequests(files);
  const wrapper = inFolder(project.root, GRADLE_WRAPPER);
  const properties = files.find(({ path }) => path === wrapper);
  const distribution = properties && readDistribution(properties, registries ?? {});
  if (!distribution && !registries?.tools?.includes('gradle')) {
    return { requested: [], packages: 0, steps: [], locks: [], notices: [`${project.manifest}: its dependencies are not installed, since it has no wrapper and the image no Gradle. Add the wrapper with \`gradle wrapper\`, or name an image that has Gradle.`] };
  }
  const mirror = registries?.mirrors?.maven ?? '';
  return {
    requested, packages: locked, locks: [],
    files: [
      ...files.map(({ path, content }) => ({ path: `${PLANNED}/${path}`, content })),
      { path: GRADLE_FILES.fetch, content: fetchProgram }, { path: GRADLE_FILES.ask, content: askProgram }, { path: GRADLE_FILES.offline, content: OFFLINE },
      { path: GRADLE_FILES.repositories, content: repositoriesProgram.replace('@MIRROR@', () => mirror.replace(/['\\]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)) },
      { path: GRADLE_FILES.resolve, content: resolveProgram.replace('@LIST@', GRADLE_LIST).replace('@VERSION@', GRADLE_VERSION) },
    ],
    steps: [
      ...(distribution ? [fetching(distribution, wrapper)] : []),
      // Behind a mirror nothing else is asked.
      ...(mirror === '' ? [asking(project)] : []),
      {
        title: 'Resolving', network: true, environment: SHORT_LIVED, script: resolveScript(project.root, distribution),
        progress: resolveProgress(), explain: explainGradle(project.root),
      },
    ],
  };
}

function fetching(distribution: Distribution, wrapper: string): InstallStep {
  return {
    title: `Fetching Gradle ${distribution.version}`, network: true, hosts: distribution.hosts, environment: {}, script: fetchScript(distribution),
    progress: fetchProgress(distribution.version), explain: explainFetch(distribution, wrapper),
  };
}

function asking({ root }: Project): InstallStep {
  return { title: 'Asking Gradle', network: false, environment: SHORT_LIVED, script: ASK_SCRIPT, registries: registriesIn, explain: explainGradle(root) };
}

/** The addresses that `ask.gradle` prints. The plugin portal sends whoever asks there to its neighbour for the files. */
function registriesIn(line: string): string[] {
  const address = /^petri-registry (https:\/\/\S+)$/.exec(line)?.[1];
  return address === undefined ? [] : [address, address.replace(/^https:\/\/plugins\./, 'https://plugins-artifacts.')];
}

export function gradleEnvironment(project: Project): Record<string, string> {
  return { GRADLE_USER_HOME: GRADLE_HOME, GRADLE_RO_DEP_CACHE: GRADLE_CACHES, GRADLE_OPTS: DAEMONS, ...(hasWrapper(project) && { PATH: GRADLE_BIN }) };
}

export function gradleCopies(): ReturnType<NonNullable<DependencyAdapter['copies']>> {
  return [{ from: GRADLE_HOME_COPY, to: GRADLE_HOME }];
}
