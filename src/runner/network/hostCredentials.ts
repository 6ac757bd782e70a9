import type { MirrorSources } from './hostMirrors';

/**
 * The Authorization that the user's own tools on this machine would send to a host: npm's token or password, a netrc entry,
 * or what an address of a mirror carries. Looked up only for hosts that a setting asks for; undefined when there is none.
 */
export function hostCredentials(host: string, addresses: readonly string[], { env, home, platform, readFile }: MirrorSources): string | undefined {
  const text = (path: string) => readFile(path)?.toString('utf8') ?? '';
  return fromNpm(host, text(env.NPM_CONFIG_USERCONFIG ?? `${home}/.npmrc`), env)
    ?? fromNetrc(host, text(env.NETRC ?? `${home}/${platform === 'win32' ? '_netrc' : '.netrc'}`))
    ?? fromAddress(host, addresses);
}

/** The address, or the list of them, as a container may see it: a password may hold what else parts a list, or an `@`. */
export function withoutCredentials(address: string): string {
  return address.replace(/(https?:\/\/)[^/?#\s]*@/g, '$1');
}

function fromNpm(host: string, npmrc: string, env: Record<string, string | undefined>): string | undefined {
  const found: Record<string, string> = {};
  for (const line of npmrc.split(/\r?\n/)) {
    const [, place, name, value] = /^\/\/([^/:]+(?::\d+)?)(?:\/.*)?:(_authToken|_auth|username|_password)\s*=\s*(.+)$/.exec(line.trim()) ?? [];
    if (place?.toLowerCase() !== host || name === undefined || value === undefined) continue;
    found[name] ??= value.replace(/^"(.*)"$/, '$1').replace(/\$\{(\w+)\}/g, (_whole, variable: string) => env[variable] ?? '');
  }
  if (found['_authToken']) return `Bearer ${found['_authToken']}`;
  if (found['_auth']) return `Basic ${found['_auth']}`;
  if (found['username'] && found['_password']) return basic(found['username'], Buffer.from(found['_password'], 'base64').toString('utf8'));
  return undefined;
}

function fromNetrc(host: string, netrc: string): string | undefined {
  const words = netrc.replace(/^\s*#.*$/gm, '').split(/\s+/).filter(Boolean);
  const start = words.findIndex((word, index) => word === 'machine' && words[index + 1] === host.replace(/:\d+$/, ''));
  if (start < 0) return undefined;
  const end = words.findIndex((word, index) => index > start && (word === 'machine' || word === 'default'));
  const entry = words.slice(start, end < 0 ? undefined : end);
  const after = (name: string) => (entry.includes(name) ? entry[entry.indexOf(name) + 1] : undefined);
  const login = after('login'), password = after('password');
  return login !== undefined && password !== undefined ? basic(login, password) : undefined;
}

function fromAddress(host: string, addresses: readonly string[]): string | undefined {
  for (const address of addresses.flatMap((list) => [list, ...list.split(/[,|\s]+/)])) {
    const url = URL.parse(address);
    if (url?.host === host && url.username !== '') return basic(decoded(url.username), decoded(url.password));
  }
  return undefined;
}

/** A percent sign that encodes nothing is one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}
