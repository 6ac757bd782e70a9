import { explainBy, type Reason } from '../explain';
import { inFolder } from '../manifestPaths';

/** What Go's command says when it fails, for a person. `root`: the project's folder, for the files that it names. */
export function explainGo(root: string): ReturnType<typeof explainBy> {
  return explainBy(REASONS, root);
}

/** Of `module@version`. */
const moduleOf = (named: string) => named.replace(/@.*$/, '');

/** Most telling first: a failed checksum also says that something was not downloaded. */
const REASONS: Reason[] = [
  [/verifying (\S+@\S+?)(?:\/go\.mod)?: checksum mismatch|SECURITY ERROR/, ([, module = 'a module']) => ({
    code: 'hash-mismatch', about: [moduleOf(module)], message: `${module} is not what go.sum or the checksum database says it is.`,
    action: 'Find out who changed it. Only if go.sum itself is wrong, remove its lines and run again.',
  })],
  [/(?:^|\n)(?:\S*\/)?(go\.(?:mod|work)):(\d+): ([^\n]{1,300})/, ([, file = 'go.mod', line = '1', what = ''], root) => ({
    code: /version "[^"]*" invalid|unknown revision/.test(what) ? 'package-unknown' : 'manifest-invalid',
    message: `${inFolder(root, file)}, line ${line}: ${what}.`, action: 'Correct the file and run again.', path: inFolder(root, file), line: Number(line),
  })],
  [/([^\s@:]+)(?:@([^\s:]+))? requires go >= (\S+) \(running go (\S+?);/, ([, module = '', version, wanted = '', running = '']) => ({
    code: 'version-conflict', about: [module],
    message: `${/^go\.(mod|work)$/.test(module) ? 'The project' : [module, version].filter(Boolean).join(' ')} needs Go ${wanted}; the image has ${running}, and no newer one could be fetched.`,
    action: `Choose an image with Go ${wanted} (jhansi.sandbox.image), or ${/^go\.(mod|work)$/.test(module) ? 'lower the go line' : 'an older version of it'}.`,
  })],
  [/(\S+@\S+?): parsing go\.mod:\s+module declares its path as: (\S+)\s+but was required as: (\S+)/, ([, module = '', declared = '', required = '']) => ({
    code: 'version-conflict', message: `${module} calls itself ${declared}, not ${required}.`, action: `Require ${declared} instead.`, about: [moduleOf(module)],
  })],
  [/(\S+) \(replaced by ([^)]+)\): reading \S+: open \S+: no such file/, ([, module = '', folder = '']) => ({
    code: 'manifest-invalid', message: `${module} is replaced by ${folder}, which is not in the workspace.`,
    action: 'Open the folder that holds both, or take the replacement out.',
  })],
  [/x509: [^\n]*/, () => ({
    code: 'tls-untrusted', message: 'The certificate of the Go module registry is not trusted.',
  })],
  [/(?:go: |\n\t)(?:module )?(\S+?)(?:@(\S+?))?: (?:module \S+: )?(?:reading \S+: 4(?:00|03|04|10) [^\n]*|no matching versions[^\n]*|invalid version: [^\n]*|unrecognized import path[^\n]*|cannot find module providing[^\n]*)/,
    ([, module = '', version]) => ({
      code: 'package-unknown', message: `The registry has no ${[module, version].filter(Boolean).join(' ')}.`, action: 'Check its name and version.', about: [module],
    })],
  [/(?:dial tcp|proxyconnect|i\/o timeout|TLS handshake timeout|unexpected EOF|connection reset|50[0-9] [A-Z])[^\n]*/, () => ({
    code: 'registry-unreachable', message: 'The Go module registry could not be reached.', action: 'Check the connection and run again.',
  })],
];
