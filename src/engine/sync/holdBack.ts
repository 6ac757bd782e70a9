/**
 * What never leaves the host unless the folder's user allows it (DESIGN.md, "What never leaves the host"): by name. What
 * may be a certificate as well is looked into by the scan. Compared in lower case, since a host may not tell `ID_RSA` from `id_rsa`.
 */
const EXACT = new Map<string, string>([
  ...[
    '.npmrc', '.netrc', '_netrc', '.pypirc', '.git-credentials', '.dockercfg', '.pgpass', '.my.cnf', '.s3cfg', '.boto', '.htpasswd',
    '.vault-token',
    '.terraformrc', 'terraform.rc', 'kubeconfig', 'application_default_credentials.json',
  ].map((name): [string, string] => [name, 'credentials']),
]);
/** Folders by name; those with a slash only below that parent. */
const FOLDERS = new Map([
  ['.git', "git's own data"], ['.ssh', 'keys'], ['.gnupg', 'keys'], ['.aws', 'credentials'], ['.azure', 'credentials'],
  ['.gcloud', 'credentials'],
  ['.kube', 'credentials'], ['.config/gcloud', 'credentials'], ['.config/gh', 'credentials'],
]);
const BELOW = new Map([
  ['.docker/config.json', 'credentials'], ['.cargo/credentials', 'credentials'], ['.cargo/credentials.toml', 'credentials'],
  ['.gem/credentials', 'credentials'],
  ['.m2/settings.xml', 'credentials'], ['.m2/settings-security.xml', 'credentials'], ['.composer/auth.json', 'credentials'],
]);

/** Held back for its name, unless its content is seen to be public: certificates have the same names. */
export const MAY_HOLD_A_KEY = 'it may hold a private key';

const PATTERNS: Array<[RegExp, string]> = [
  [/\.(pem|key)$/, MAY_HOLD_A_KEY],
  [/\.(p12|pfx|p8|jks|keystore|ppk|kdbx)$/, 'a key'],
  [/\.tfstate(\.|$)/, "Terraform's state, which holds secrets"],
  [/^\.(.+\.)?petri-[0-9a-f]{12}$/, 'left over from an interrupted pull'],
];
const ENV = /^\.env/;
const ENV_REASON = 'environment settings, which often hold secrets';
const SSH_REASON = 'an SSH key';
const NO_SECRETS = ["git's own data", 'left over from an interrupted pull'];
const SECRET_REASONS = new Set([...EXACT.values(), ...FOLDERS.values(), ...BELOW.values(), ...PATTERNS.map(([, reason]) => reason), ENV_REASON, SSH_REASON]);
for (const reason of NO_SECRETS) SECRET_REASONS.delete(reason);
const ENV_EXAMPLE = /^\.env.*\.(example|sample|template|dist)$/;
/** SSH's own key names, with or without a suffix. `id_utils.py` is none, nor is a source file about such keys. */
const SSH_KEY = /^id_(rsa|dsa|ecdsa|ed25519|ecdsa_sk|ed25519_sk)([._-].*)?$/;
const NO_SSH_KEY = /\.(pub|pyi?|[cm]?[jt]sx?|go|java|kt|rs|rb|php|cs|swift|[ch]|cc|cpp|hpp|sh|md|rst|html?|css)$/;

/** Why a file or folder of this name is held back, or undefined. `parent` is the name of the folder it lies in. */
export function holdBackReason(name: string, parent: string, isFolder: boolean): string | undefined {
  const lower = name.toLowerCase();
  const below = `${parent.toLowerCase()}/${lower}`;
  if (isFolder) {
    const reason = FOLDERS.get(lower) ?? FOLDERS.get(below);
    if (reason) return reason;
  } else {
    // A worktree's or submodule's .git is a file that names a path of the host.
    if (lower === '.git') return "git's own data";
    const reason = EXACT.get(lower) ?? BELOW.get(below);
    if (reason) return reason;
  }
  if (ENV.test(lower) && !ENV_EXAMPLE.test(lower)) return ENV_REASON;
  if (isFolder) return undefined;
  for (const [pattern, reason] of PATTERNS) if (pattern.test(lower)) return reason;
  return SSH_KEY.test(lower) && !NO_SSH_KEY.test(lower) ? SSH_REASON : undefined;
}

/** Whether a reason says that there may be a secret; else it is ours, git's, or a .gitignore's. */
export function isSecret(reason: string): boolean {
  return SECRET_REASONS.has(reason);
}
