import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import * as tls from 'node:tls';
import { getProxyForUrl } from 'proxy-from-env';
import type { HostNetwork } from '../../engine/ports/hostNetwork';
import { PetriError } from '../../engine/errors';
import type { Mirrors } from '../../engine/gateway/door';
import { hostCredentials, withoutCredentials } from './hostCredentials';
import { hostMirrors, type MirrorSources } from './hostMirrors';
import { networkSettings } from './networkSettings';

/** This machine's, with the settings in `env` going before what its tools say. */
export function hostNetwork(env: Record<string, string | undefined>, sources: MirrorSources): HostNetwork {
  const settings = networkSettings(env);
  let found: Promise<Mirrors> | undefined;
  const addresses = () => (found ??= hostMirrors(sources).then((mirrors) => ({ ...mirrors, ...settings.registries })));
  return {
    async roots() {
      const extra = await Promise.all(settings.extraCa.map(readPem));
      return [...new Set([...systemRoots(), ...extra])].join('\n');
    },
    ownAddresses: () => Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address.replace(/%.*$/, ''))),
    proxyFor: (host, port) => getProxyForUrl(`https://${host}${port === 443 ? '' : `:${port}`}`) || undefined,
    async authorizationFor(host) {
      return settings.credentials.includes(host) ? hostCredentials(host, Object.values(await addresses()), sources) : undefined;
    },
    mirrors: async () => Object.fromEntries(Object.entries(await addresses()).map(([tool, address]: [string, string]) => [tool, withoutCredentials(address)])),
    extraHosts: () => settings.hosts,
    aliases: () => settings.aliases,
  };
}

/** Those of Node, of the system, and what NODE_EXTRA_CA_CERTS adds. Older Nodes know their own alone. */
function systemRoots(): string[] {
  if (typeof tls.getCACertificates !== 'function') return [...tls.rootCertificates];
  return (['bundled', 'system', 'extra'] as const).flatMap((kind) => tls.getCACertificates(kind));
}

async function readPem(path: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
    throw new Error('it holds no certificate in PEM form');
  } catch (cause) {
    throw new PetriError('bad-request', `PETRI_EXTRA_CA names ${path}, which cannot be used: ${(cause as Error).message}.`, { action: 'Name a PEM file of your network\'s certificate authority.', cause });
  }
}
