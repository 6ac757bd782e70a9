import { PetriError } from '../../../engine/errors';

export interface TlsMaterial { ca?: Buffer; cert?: Buffer; key?: Buffer; /** False only where the user said so. */ verify: boolean }

/** Where an engine listens, in the forms Docker's own tools know. */
export type Address =
  | { kind: 'socket'; path: string }
  | { kind: 'tcp'; host: string; port: number; tls?: TlsMaterial }
  | { kind: 'ssh'; host: string; port?: number; user?: string; socket?: string };

/** One place to look, and how we came to look there. */
export interface Candidate { address: Address; source: string }

const FORMS = 'unix:///path, npipe:////./pipe/name, tcp://host:port or ssh://user@host';

/**
 * Reads DOCKER_HOST, a context's host or our own setting. `tls` applies to tcp alone. Throws PetriError `engine-absent`, naming
 * `source`, for what no tool could dial.
 */
export function parseAddress(text: string, source: string, tls?: TlsMaterial): Address {
  const [, scheme, rest] = /^([a-z]+):\/\/(.*)$/is.exec(text) ?? [undefined, undefined, text];
  switch (scheme?.toLowerCase()) {
    case 'unix':
      return { kind: 'socket', path: rest || '/var/run/docker.sock' };
    case 'npipe':
      return { kind: 'socket', path: (rest || '//./pipe/docker_engine').replaceAll('/', '\\') };
    case undefined:
      // A setting may be a bare path; Docker itself reads a bare host:port as tcp.
      if (rest.startsWith('/')) return { kind: 'socket', path: rest };
      return tcp(`tcp://${rest}`, source, tls, 2375);
    case 'tcp':
      return tcp(text, source, tls, tls ? 2376 : 2375);
    case 'http':
      return tcp(text, source, undefined, 80);
    case 'https':
      return tcp(text, source, tls ?? { verify: true }, 443);
    case 'ssh': {
      const url = parseUrl(text, source);
      // Both end up as arguments of ssh: one that begins with a dash would be read as an option.
      const user = decodeURIComponent(url.username);
      if (url.hostname.startsWith('-') || user.startsWith('-')) throw unusable(text, source);
      return {
        kind: 'ssh', host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port ? Number(url.port) : undefined,
        user: user || undefined, socket: url.pathname.length > 1 ? url.pathname : undefined,
      };
    }
    default:
      throw unusable(text, source);
  }
}

/** For people: status, errors, the record. Never holds a secret. */
export function printAddress(address: Address): string {
  switch (address.kind) {
    case 'socket': return address.path.startsWith('\\\\') ? `npipe://${address.path.replaceAll('\\', '/')}` : `unix://${address.path}`;
    case 'tcp': return `${address.tls ? 'https' : 'tcp'}://${bracketed(address.host)}:${address.port}`;
    case 'ssh': {
      const user = address.user ? `${address.user}@` : '';
      return `ssh://${user}${bracketed(address.host)}${address.port ? `:${address.port}` : ''}${address.socket ?? ''}`;
    }
  }
}

function tcp(text: string, source: string, tls: TlsMaterial | undefined, port: number): Address {
  const url = parseUrl(text, source);
  return { kind: 'tcp', host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port ? Number(url.port) : port, tls };
}

function parseUrl(text: string, source: string): URL {
  const url = URL.parse(text);
  if (!url?.hostname) throw unusable(text, source);
  return url;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function unusable(text: string, source: string): PetriError {
  return new PetriError('engine-absent', `${source} names an engine in a form nobody can dial: ${text}`, { action: `Use ${FORMS}.` });
}
