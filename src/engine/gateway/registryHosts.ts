import type { Deps } from '../deps';
import { PetriError } from '../errors';
import type { ImageInfo } from '../ports/containerEngine';
import { askImage, runOnce } from './askImage';
import { clientEnvironment, clientSetup } from './clientEnvironment';
import type { Mirrors, RegistryHosts } from './door';
import { mirrorOf, repositoriesOf } from './mavenRepositories';
import { openDoor } from './openDoor';
import { httpsHost, printTarget } from './policy/hostName';
import { NETWORK_ACTION, refusal, registryTrouble } from './registryTrouble';
import { shellQuote } from '../container/shellQuote';

/**
 * Where installs in this image may download from: what its own package managers answer, or the mirrors that the user's
 * machine names instead; never what a project says. Asked once an image. Rejects PetriError.
 */
export function registryHosts(deps: Deps, image: ImageInfo, options: { onProgress?: (message: string) => void } = {}): Promise<RegistryHosts> {
  const known = deps.registries.get(image.id);
  if (known) return known;
  const asked = ask(deps, image, options.onProgress);
  deps.registries.set(image.id, asked);
  asked.catch(() => deps.registries.delete(image.id));
  return asked;
}

async function ask(deps: Deps, image: ImageInfo, onProgress?: (message: string) => void): Promise<RegistryHosts> {
  onProgress?.('Asking where packages come from…');
  const [answers, host] = await Promise.all([askImage(deps, image.id), deps.network.mirrors()]);
  const maven = answers.get('maven-settings')?.map((text) => mirrorOf(decoded(text))).find((url) => url !== undefined);
  const mirrors: Mirrors = { ...only(answers, host), ...(maven !== undefined && host.maven === undefined && { maven }) };
  const urls = [
    ...mirrors.npm === undefined ? answers.get('npm') ?? [] : [mirrors.npm],
    ...mirrors.pip === undefined ? [...answers.get('pip') ?? [], ...answers.get('pip-extra') ?? []] : [mirrors.pip],
    ...goUrls(mirrors.go ?? answers.get('go')?.[0] ?? '', mirrors.gosum ?? answers.get('gosum')?.[0] ?? ''),
    ...mirrors.maven === undefined ? (answers.get('maven-pom') ?? []).flatMap((text) => repositoriesOf(decoded(text))) : [mirrors.maven],
  ];
  const hosts = new Set([...urls.map(hostOf), ...deps.network.extraHosts()]);
  const named = [...Object.values(mirrors).flatMap((value: string) => value.split(/[,|\s]+/)).flatMap((url) => (url.startsWith('https:') ? [hostOf(url)] : [])), ...deps.network.extraHosts()];
  const found: RegistryHosts = { hosts: [...hosts], aliases: { ...aliasesOf(answers, hosts), ...deps.network.aliases() }, named, mirrors, tools: [...answers.keys()] };
  if (answers.has('pip')) found.hosts.push(...await fileHosts(deps, image, found));
  return found;
}

/** Mirrors for tools that this image has: another language's are no business of its installs. */
function only(answers: Map<string, string[]>, { npm, pip, go, gosum, maven, gradle }: Mirrors): Mirrors {
  return {
    ...(answers.has('npm') && npm !== undefined && { npm }), ...(answers.has('pip') && pip !== undefined && { pip }),
    ...(answers.has('go') && go !== undefined && { go }), ...(answers.has('go') && gosum !== undefined && { gosum }),
    ...(answers.has('java') && maven !== undefined && { maven }), ...(answers.has('java') && gradle !== undefined && { gradle }),
  };
}

/** GOPROXY is a list with words in it; GOSUMDB a host's name, with a key or an address after it. */
function goUrls(proxies: string, sums: string): string[] {
  const [name = '', address] = sums.replace(/\+\S*/, '').split(/\s+/);
  const database = name === '' || name === 'off' ? [] : [address ?? `https://${name}`];
  return [...proxies.split(/[,|]/).filter((proxy) => proxy.includes('://')), ...database];
}

/** Yarn and pnpm may know npm's registry under a name of their own, which stands in locks. */
function aliasesOf(answers: Map<string, string[]>, hosts: Set<string>): Record<string, string> {
  const [npm] = answers.get('npm') ?? [];
  if (npm === undefined) return {};
  return Object.fromEntries((answers.get('npm-alias') ?? []).map(hostOf).filter((alias) => !hosts.has(alias)).map((alias) => [alias, hostOf(npm)]));
}

/**
 * An index of Python packages names the hosts of its files only in its answers. So pip itself is asked for a package that every index
 * has, pip, through a door to the index alone: the host that it is refused is the one it was sent to.
 */
async function fileHosts(deps: Deps, image: ImageInfo, hosts: RegistryHosts): Promise<string[]> {
  const door = await openDoor(deps, { sandboxId: 'sb_', runId: '', hosts });
  try {
    const environment = Object.entries(clientEnvironment(door, hosts)).map(([name, value]) => `export ${name}=${shellQuote(value)}`);
    const download = 'python3 -m pip download --quiet --no-deps --no-cache-dir --retries 0 --timeout 30 --dest /tmp/ask pip';
    await runOnce(deps, {
      imageId: image.id, role: 'install', network: { id: door.network, gateway: door.address },
      launcher: [clientSetup(door, hosts), ...environment, 'export HOME=/tmp/ask', 'mkdir -p /tmp/ask && cd /tmp/ask', download].join('\n'),
    });
    const decisions = door.decisions();
    if (!decisions.some(({ allowed, status }) => allowed && status === 200)) throw registryTrouble(decisions) ?? refusal(decisions) ?? silent(hosts);
    return [...new Set(decisions.filter(({ rule }) => rule === 'host' || rule === 'port').map(printTarget))];
  } finally {
    await door.close();
  }
}

function silent({ hosts }: RegistryHosts): PetriError {
  return new PetriError('registry-unreachable', `The package index ${hosts[0] ?? ''} did not answer in time.`, { action: NETWORK_ACTION });
}

/** `host` or `host:port`. Throws bad-request for what cannot be reached safely. */
function hostOf(url: string): string {
  const host = httpsHost(url);
  if (host !== undefined) return host;
  const parsed = URL.parse(url);
  throw new PetriError('bad-request', `The registry ${parsed ? parsed.origin : JSON.stringify(url.replace(/\/\/.*@/s, '//'))} cannot be used: only https addresses can.`, { action: 'Name another one in PETRI_REGISTRIES.' });
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
