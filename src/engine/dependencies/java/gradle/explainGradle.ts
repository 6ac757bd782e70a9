import { explainBy, type Reason } from '../../explain';
import { PROJECT } from '../projectCopy';
import type { Distribution } from './distribution';

/** What Gradle says when it fails, for a person. `root`: the project's folder. */
export function explainGradle(root: string): ReturnType<typeof explainBy> {
  return explainBy(REASONS, root);
}

/** What fetching a distribution says. `path`: the wrapper's properties. */
export function explainFetch({ version, url }: Distribution, path: string): ReturnType<typeof explainBy> {
  const from = new URL(url).host;
  return explainBy([
    [/petri-fetch-failed sha256 (\w+)/, ([, sum]) => ({
      code: 'hash-mismatch', message: `Gradle ${version} from ${from} is not what distributionSha256Sum in ${path} says: its sha256 is ${sum}.`,
      action: 'Compare it with what Gradle publishes, and correct the file.', path,
    })],
    [/petri-fetch-failed status (404|410)/, () => ({ code: 'package-unknown', message: `${from} has no Gradle ${version}.`, action: `Correct distributionUrl in ${path}.`, path })],
    [/petri-fetch-failed zip (.*)/, ([, what]) => ({ code: 'install-failed', message: `What ${from} gave for Gradle ${version} is no distribution of it: ${what}.` })],
    [/(?:Unable to tunnel through proxy|petri-fetch-failed status)[^\n]*\b403\b/, () => undefined], // the gateway knows which host
    [/petri-fetch-failed|java\.(?:io|net)\.\w*Exception/, () => ({ code: 'registry-unreachable', message: `Gradle ${version} could not be downloaded from ${from}.`, action: 'Check the connection and run again.' })],
    [/(?:javac|java): (?:command )?not found/, () => ({ code: 'install-failed', message: 'The image has no Java that could fetch Gradle.', action: 'Use an image with a JDK.' })],
    ...REASONS,
  ], '');
}

const own = (absolute: string) => absolute.replace(`${PROJECT}/`, '');
/** Where it went wrong, as Gradle says it beside what went wrong. */
const placeIn = (text: string): { path?: string; line?: number } => {
  const [, path, line] = /(?:file|script) '([^'\n]+)'(?: line: (\d+)|: (\d+):)/.exec(text) ?? [];
  return path?.startsWith(PROJECT) ? { path: own(path), ...(line !== undefined && { line: Number(line) }) } : {};
};

const REASONS: Reason[] = [
  [/Dependency verification failed[^\n]*/, () => ({
    code: 'hash-mismatch', message: 'An artefact is not what the project\'s gradle/verification-metadata.xml says it is.', action: 'Run again; if it happens again, compare it with what its publisher says.',
  })],
  [/(Did not resolve '([^'\n]+)' which (?:has been forced|is part of the dependency lock state)|Resolved '([^'\n]+)' which is not part of the dependency lock state)/, ([, , lost, extra]) => ({
    code: 'version-conflict', message: `The lock does not fit the build: ${lost === undefined ? `${extra} is not in it` : `${lost} in it is not asked for`}.`, action: 'Write it anew: gradle dependencies --write-locks.',
  })],
  [/PKIX path building failed|SSLHandshakeException|unable to find valid certification path/, () => ({
    code: 'tls-untrusted', message: 'The certificate of a repository is not trusted.',
  })],
  [/Unsupported class file major version (\d+)|Could not determine java version from '(\d+)/, ([, major, java]) => ({
    code: 'version-conflict', message: `The build's Gradle is too old for Java ${java ?? Number(major) - 44}, which the image has.`, action: 'Take a newer Gradle into its wrapper, or an image with an older Java.',
  })],
  [/(?:No matching toolchains found|No locally installed toolchains match|Cannot find a Java installation)(?:[^\n]*?languageVersion=(\d+))?/, ([, version]) => ({
    code: 'version-conflict', message: `The build asks for ${version === undefined ? 'a Java' : `Java ${version}`} that the image does not have.`, action: 'Use an image that has it, or ask for the image\'s own.',
  })],
  [/startup failed:\s*(?:\n)?(?:build file|settings file|script|buildfile) '([^'\n]+)': (\d+): ([^\n@]+)/, ([, file = '', line, what = '']) => ({
    code: 'manifest-invalid', message: `${own(file)} cannot be read: ${what.trim()}.`, action: 'Correct the file and run again.', path: own(file), line: Number(line),
  })],
  [/Plugin \[id: '([^']+)'(?:, version: '([^']+)')?[^\]]*\] was not found/, ([, id, version]) => ({
    code: 'package-unknown', message: `No registry has the Gradle plugin ${id}${version === undefined ? '' : ` ${version}`}.`, action: 'Check its name and version.', about: [`${id}:${id}.gradle.plugin`],
  })],
  // Which host said no, the gateway knows; what could not be had from one, Gradle asks of no other.
  [/Could not (?:GET|HEAD|get resource) '([^'\n]+)'[^\n]*\n[^\n]*(?:tunnel through proxy[^\n]*403|status code 403)/, ([, address = '']) => ({
    code: 'source-refused', message: `The build asks for artefacts at ${URL.parse(address)?.host ?? address}, which is no registry of Gradle's own or of yours.`,
    action: 'Take that repository out of the build, or name its host in the setting jhansi.network.registryHosts or in PETRI_REGISTRY_HOSTS.',
  })],
  [/Could not find ([\w.-]+:[\w.-]+)(?::(\S+?))?\.(?:\s|$)/, ([, name = '', version]) => ({
    code: 'package-unknown', message: `No registry has ${name}${version === undefined ? '' : ` ${version}`}.`, action: 'Check its name and version.', about: [name],
  })],
  [/(?:Could not find any (?:version|matches?)[^\n]*?|No versions? of )([\w.-]+:[\w.-]+)/, ([, name = '']) => ({
    code: 'version-conflict', message: `No registry has a version of ${name} that fits.`, action: 'Ask for another version.', about: [name],
  })],
  [/Could not (?:GET|HEAD|get resource) '([^'\n]+)'/, ([, address = '']) => ({
    code: 'registry-unreachable', message: `The repository ${URL.parse(address)?.host ?? ''} could not be reached.`, action: 'Check the connection and run again.',
  })],
  [/(?:\* Where:\s*\n([^\n]{1,300})\n\s*)?\* What went wrong:\s*\n([^\n]{1,300})(?:\n> ([^\n]{1,300}))?/, ([, where = '', what = '', why]) => ({
    code: 'build-failed', message: `The build's own scripts fail: ${(why ?? what).trim().replace(/\.$/, '')}.`, action: 'Correct them and run again.', ...placeIn(where),
  })],
];
