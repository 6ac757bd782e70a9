import { shellQuote } from '../../container/shellQuote';
import { SCRATCH } from '../adapter';
import { copyProject, projectFolder } from './projectCopy';

/** Below /sandbox/deps: Maven's repository, and what is known about the project. */
export const REPOSITORY = 'm2';
export const JAVA_FOLDER = 'java';
/** What wrappers take for the user's Maven folder. */
export const MAVEN_USER_HOME = '/sandbox/deps/java/home';
const LIST = `/sandbox/deps/${JAVA_FOLDER}/dependencies.txt`;
const LOG = `${SCRATCH}/maven.log`;
/** No method is called so: the suite starts, with everything that takes, and runs nothing. */
const NO_TEST = '*#petriStartsNothing';
/** Maven's words when something could not be downloaded, or a pom not read. Anything else is the build's own business. */
export const UNRESOLVED = [
  'Could not (find|transfer|resolve)', 'Non-(resolvable|parseable)', 'was not found in', 'No versions available', 'Error resolving version',
  'could not be resolved', 'Some problems were encountered while processing the POMs', 'problems? .*building the effective model', 'No plugin found for prefix',
  'Malformed POM', 'Child module .* does not exist',
].join('|');

/**
 * Runs the build up to its packages in a copy of the project, with a test suite that starts and runs no test: Maven resolves plugins, test
 * providers and what they ask for only as it runs them, and knows no way to fetch without that (`dependency:go-offline` leaves test
 * providers out). So plugins of the project do run while the registry is reachable, as a user that owns nothing but this copy and the new
 * repository, behind a gateway that lets nothing but downloads from the registry through.
 *
 * When the build itself fails, because code does not compile for one, it runs again without the project's code, so that a set is
 * installed all the same. Only what cannot be downloaded fails the install.
 */
export function mavenScript(root: string, wrapper: string | undefined): string {
  return `
set -eu
mkdir -p /sandbox/deps/${JAVA_FOLDER} /sandbox/deps/${REPOSITORY}
${copyProject(root, '-name .git -o -name node_modules -o -name target')}
cd ${projectFolder(root)}
maven() {
  : > ${LIST}
  { status=0; mvn -B -C -Dmaven.repo.local=/sandbox/deps/${REPOSITORY} -Daether.dependencyCollector.impl=bf -Dmaven.artifact.threads=8 -Dstyle.color=never \\
    "$@" clean package dependency:list install:help -Dtest=${shellQuote(NO_TEST)} -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false -DskipITs \\
    -DoutputFile=${LIST} -DappendOutput=true 2>&1 || status=$?; echo "$status" > ${SCRATCH}/status; } | tee ${LOG}
  [ "$(cat ${SCRATCH}/status)" = 0 ]
}
unresolved() { grep -E '${UNRESOLVED}' ${LOG} > ${SCRATCH}/unresolved; }
if ! maven -fae; then
  ! unresolved || exit 1
  echo 'The build does not come to its end; once more without the code, for what Maven resolves as it goes.'
  find . -name pom.xml -not -path '*/target/*' -not -path '*/src/*' | while IFS= read -r pom; do
    module=\${pom%/*}
    rm -rf "$module/src/main" "$module/src/test"
    mkdir -p "$module/src/main/java/petri" "$module/src/test/java/petri"
    echo 'package petri; public class Probe { public static void main(String[] arguments) { } }' > "$module/src/main/java/petri/Probe.java"
    echo 'package petri; public class ProbeTest { }' > "$module/src/test/java/petri/ProbeTest.java"
  done
  maven -fn || true
  ! unresolved || exit 1
fi
${wrapper === undefined ? '' : `
home=$(mvn -v 2> /dev/null | sed -n 's/^.*Maven home: //p')
mkdir -p ${shellQuote(`${MAVEN_USER_HOME}/${wrapper.slice(0, wrapper.lastIndexOf('/'))}`)}
ln -s "$home" ${shellQuote(`${MAVEN_USER_HOME}/${wrapper}`)}
`}`;
}
