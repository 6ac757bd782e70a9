/**
 * Names by which a file of the project configures the user's own tools: an editor, a shell, a package manager or git runs
 * what stands in them. What a sandbox wrote there is applied only when its path is named (THREATS.md, "The container").
 */
const FOLDERS = new Set([
  '.vscode', '.idea', '.fleet', '.zed', '.cursor', '.claude', '.husky', '.devcontainer', '.githooks', '.hg', '.svn', '.direnv', '.cargo',
  '.bundle', '.mvn', '.yarn', '.ssh', '.github',
]);
const FILES = new Set([
  '.envrc', '.npmrc', '.yarnrc', '.yarnrc.yml', '.pnpmfile.cjs', '.pnpmfile.mjs', '.netrc', '_netrc', '.pypirc', '.gitattributes',
  '.gitmodules', '.gitconfig',
  '.pre-commit-config.yaml', '.lefthook.yml', 'lefthook.yml', '.mise.toml', 'mise.toml',
  '.bashrc', '.bash_profile', '.profile', '.zshrc', '.zshenv', '.vimrc', '.exrc', '.nvim.lua', '.mcp.json', '.devcontainer.json',
  'pip.conf', 'pyvenv.cfg',
]);
const PATTERNS = [/\.code-workspace$/, /^\.env(\..+)?$/];
/** Characters that HFS+ leaves out when it compares names; git looks for the same ones (CVE-2014-9390). */
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** The topmost ancestor of `path`, or itself, that makes it configuration of the host, or undefined. */
export function hostConfigRoot(path: string): string | undefined {
  const names = path.split('/');
  for (let i = 0; i < names.length; i++) {
    const name = plain(names[i]!);
    if (FOLDERS.has(name) || FILES.has(name) || PATTERNS.some((pattern) => pattern.test(name))) return names.slice(0, i + 1).join('/');
  }
  return undefined;
}

/** True for git's own folder in any spelling that some file system takes for it. Never written to, not even when named. */
export function isGitData(path: string): boolean {
  return path.split('/').some((name) => {
    const spelled = plain(name);
    return spelled === '.git' || /^git~\d+$/.test(spelled);
  });
}

/** As a forgiving file system reads it: no case, no ignorable characters, no stream, no dots and spaces at the end. */
function plain(name: string): string {
  return name.replace(IGNORED_BY_HFS, '').toLowerCase().replace(/:.*$/, '').replace(/[. ]+$/, '');
}
