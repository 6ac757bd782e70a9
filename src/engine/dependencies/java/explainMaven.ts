import { explainBy, type Reason } from '../explain';
import { inFolder } from '../manifestPaths';

/** What Maven says when it fails, for a person. `root`: the project's folder. */
export function explainMaven(root: string): ReturnType<typeof explainBy> {
  return explainBy(REASONS, root);
}

/** `group:artifact:type[:classifier]:version` as a person would say it. */
function said(coordinates: string): string {
  const parts = coordinates.split(':');
  return `${parts.slice(0, 2).join(':')} ${parts.at(-1)}`;
}

/** As the poms name it. */
const nameOf = (coordinates: string) => coordinates.split(':').slice(0, 2).join(':');

const pomPath = (absolute: string, root: string) => inFolder(root, absolute.replace(/^.*\/scratch\/project\//, '').slice(root === '' ? 0 : root.length + 1));

const REASONS: Reason[] = [
  [/Checksum validation failed[^\n]*/, () => ({
    code: 'hash-mismatch', message: 'An artefact is not what its checksum says it is.', action: 'Run again; if it happens again, ask whoever runs the registry.',
  })],
  [/PKIX path building failed|SSLHandshakeException|unable to find valid certification path/, () => ({
    code: 'tls-untrusted', message: 'The certificate of the Maven repository is not trusted.',
  })],
  [/Non-parseable POM (\S+?): ([^\n]{1,200}?) ?\(?@?(?:line )?(\d+)?/, ([, file = 'pom.xml', what = '', line], root) => ({
    code: 'manifest-invalid', message: `${pomPath(file, root)} cannot be read: ${what}.`, action: 'Correct the file and run again.', path: pomPath(file, root), ...(line && { line: Number(line) }),
  })],
  [/'([\w.[\]]+)' for (\S+) is missing\. @ (?:[^\n]*?, )?line (\d+)/, ([, what = '', name = '', line], root) => ({
    code: 'manifest-invalid', message: `${what} is missing for ${name}.`, action: 'Give it in the pom.xml and run again.', path: inFolder(root, 'pom.xml'), line: Number(line),
  })],
  [/Child module (\S+) of (\S+) does not exist/, ([, module = '', file = 'pom.xml'], root) => ({
    code: 'manifest-invalid', message: `The module ${module.split('/').slice(-2).join('/')} is not in the folder.`, action: 'Take it out of the modules, or add its folder.', path: pomPath(file, root),
  })],
  // Before refusals: what one repository could not give, Maven asks of all others that any pom names.
  [/(?:Connection refused|Connect timed out|timed out|UnknownHostException|No route to host|status(?: code)?: 50[0-9])[^\n]*/, () => ({
    code: 'registry-unreachable', message: 'The Maven repository could not be reached.', action: 'Check the connection and run again.',
  })],
  [/Could not transfer artifact (\S+) from\/to (\S+) \(([^)]+)\): [^\n]*?(?:status code: 403|403 Forbidden|\b403\b)/, ([, artifact = '', id = '', address = '']) => ({
    code: 'source-refused', message: `${said(artifact)} was asked for at ${id} (${address}), which is not the configured registry.`,
    action: 'Use an artefact that the registry has, or name that repository as a mirror.', about: [nameOf(artifact)],
  })],
  [/No versions available for (\S+) within specified range/, ([, artifact = '']) => ({
    code: 'version-conflict', message: `The registry has no version of ${said(artifact)} in that range.`, action: 'Ask for another version.', about: [nameOf(artifact)],
  })],
  [/Non-resolvable (parent|import) POM[^\n]*?: (?:The following artifacts could not be resolved: )?(?:Could not find artifact )?(\S+:\S+:\S+?)(?:[\s,]|$)/, ([, kind = '', artifact = '']) => ({
    code: 'package-unknown', message: `The registry has no ${said(artifact.replace(/\.$/, ''))}, which the project names as its ${kind === 'parent' ? 'parent' : 'bill of materials'}.`, action: 'Check its name and version.', about: [nameOf(artifact)],
  })],
  [/Could not find artifact (\S+:\S+?)(?: in|[\s,]|$)/, ([, artifact = '']) => ({
    code: 'package-unknown', message: `The registry has no ${said(artifact)}.`, action: 'Check its name and version.', about: [nameOf(artifact)],
  })],
  [/No plugin found for prefix '([^']+)'|Plugin (\S+:\S+) or one of its dependencies could not be resolved/, ([, prefix, plugin]) => ({
    code: 'package-unknown', message: `The registry has no Maven plugin ${prefix ?? plugin}.`, action: 'Check its name and version.', about: plugin === undefined ? [] : [nameOf(plugin)],
  })],
];
