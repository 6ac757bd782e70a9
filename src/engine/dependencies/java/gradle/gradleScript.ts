import { shellQuote, shellWords } from '../../../container/shellQuote';
import { SCRATCH } from '../../adapter';
import { copyProject, projectFolder } from '../projectCopy';
import { JAVA_FOLDER } from '../mavenScript';
import type { Distribution } from './distribution';

/** Below /sandbox/deps: a distribution, what was resolved, and what runs get a copy of. */
export const GRADLE_FOLDER = 'gradle';
const FOLDER = `/sandbox/deps/${GRADLE_FOLDER}`;
export const GRADLE_BIN = `${FOLDER}/bin`;
/** Holds `modules-2`: Gradle since 6.1 reads it where it lies, and writes to a cache of the run's own. */
export const GRADLE_CACHES = `${FOLDER}/home/caches`;
/** What a run's own Gradle home starts with; its stamp beside it. */
export const GRADLE_HOME_COPY = `${FOLDER}/copy`;
/** Below /sandbox/deps, written before the first step. */
export const GRADLE_FILES = {
  fetch: 'scratch/Fetch.java', ask: 'scratch/ask.gradle', resolve: 'scratch/resolve.gradle', repositories: `${GRADLE_FOLDER}/copy/init.d/petri-repositories.gradle`,
  offline: `${GRADLE_FOLDER}/copy/init.d/petri-offline.gradle`,
};
/** Where `resolve.gradle` lists what the build needs. */
export const GRADLE_LIST = `/sandbox/deps/${JAVA_FOLDER}/dependencies.txt`;
/** The version of the Gradle that resolved, for what it needs in runs. */
export const GRADLE_VERSION = `${SCRATCH}/gradle-version`;
/** No process that stays, nothing at the same time, nothing kept but downloads. */
const SWITCHES = '--no-daemon --console=plain -Dorg.gradle.parallel=false -Dorg.gradle.configureondemand=false -Dorg.gradle.configuration-cache=false -Dorg.gradle.caching=false';

/** Downloads the wrapper's Gradle, checks and unpacks it. The wrapper's own program is the project's: it does not run. */
export function fetchScript({ url, sha256 = '' }: Distribution): string {
  return `
set -eu
cd ${SCRATCH}
javac -nowarn -d fetch Fetch.java
java -cp fetch Fetch ${shellWords([url, sha256, `${FOLDER}/distribution`])}
found=$(echo ${FOLDER}/distribution/*/bin/gradle)
[ -x "$found" ] || { echo 'petri-fetch-failed zip no Gradle in it' >&2; exit 1; }
mkdir -p ${GRADLE_BIN}
ln -s "$found" ${GRADLE_BIN}/gradle
`;
}

/** Has Gradle itself say which repositories it knows, in an empty folder. */
export const ASK_SCRIPT = `
mkdir -p ${SCRATCH}/ask && cd ${SCRATCH}/ask && : > settings.gradle
GRADLE_USER_HOME=${SCRATCH}/ask-home PATH="${GRADLE_BIN}:$PATH" gradle ${SWITCHES} --offline -q -I /sandbox/deps/${GRADLE_FILES.ask} help
`;

/**
 * Resolves all of the build in a copy of the project. Its scripts are programs and run here, while the registries are reachable, as a user
 * that owns nothing but this copy and the new set, behind a gateway that lets nothing but downloads from the registries through.
 */
export function resolveScript(root: string, distribution: Distribution | undefined): string {
  return `
set -eu
PATH="${GRADLE_BIN}:$PATH"
export GRADLE_USER_HOME=${FOLDER}/home
mkdir -p "$GRADLE_USER_HOME" /sandbox/deps/${JAVA_FOLDER}
${copyProject(root, '-name .git -o -name node_modules -o -name .gradle -o -name build -not -path "*/src/*"')}
cd ${projectFolder(root)}
gradle ${SWITCHES} --continue -I /sandbox/deps/${GRADLE_FILES.repositories} -I /sandbox/deps/${GRADLE_FILES.resolve} petriResolve
modules=${GRADLE_CACHES}/modules-2
mkdir -p "$modules"
find "$GRADLE_USER_HOME" -mindepth 1 -maxdepth 1 ! -name caches -exec rm -rf {} +
find ${GRADLE_CACHES} -mindepth 1 -maxdepth 1 ! -name modules-2 -exec rm -rf {} +
find "$modules" \\( -name '*.lock' -o -name gc.properties \\) -delete
# Before 6.1 Gradle writes to the caches it reads: runs get the small part of them, which leads to the files in the set.
version=$(cat ${GRADLE_VERSION})
if [ "$(printf '%s\\n6.1\\n' "$version" | sort -V | head -n 1)" != 6.1 ]; then
  mkdir -p ${GRADLE_HOME_COPY}/caches/modules-2
  for part in "$modules"/*; do
    case \${part##*/} in
      '*') ;; # nothing was asked for
      files-*) ln -s "$part" ${GRADLE_HOME_COPY}/caches/modules-2/ ;;
      *) cp -R "$part" ${GRADLE_HOME_COPY}/caches/modules-2/ ;;
    esac
  done
fi
${distribution === undefined ? '' : `
place=${GRADLE_HOME_COPY}/${shellQuote(distribution.place)}
mkdir -p "$place"
ln -s ${FOLDER}/distribution/* "$place"/
: > "$place"/${shellQuote(`${distribution.file}.ok`)}
`}
cat /proc/sys/kernel/random/uuid > ${GRADLE_HOME_COPY}.stamp
`;
}
