import ipaddr from 'ipaddr.js';

/** Where a request goes: the one form in which a host is compared, logged, resolved and dialled. */
export interface Target { host: string; port: number }

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * `host` or `host:port` in its one canonical form, or undefined. Names are plain ASCII, lower-cased, with no dot at the end;
 * an international name has to come as the punycode that DNS knows. An address has to be written as everybody writes it:
 * other spellings of IPv4 (`127.1`, hex, octal, one number) are no names and no addresses.
 */
export function parseTarget(text: string, defaultPort?: number): Target | undefined {
  const found = /^(?<host>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(?<port>[1-9]\d{0,4}))?$/i.exec(text);
  const host = found && canonicalHost(found.groups!['host']!);
  const port = found?.groups!['port'] === undefined ? defaultPort : Number(found.groups['port']);
  if (!host || port === undefined || port > 65_535) return undefined;
  return { host, port };
}

/** As it is compared everywhere; an IPv6 address without brackets. */
export function canonicalHost(text: string): string | undefined {
  if (text.startsWith('[')) {
    const inner = text.slice(1, -1);
    return ipaddr.IPv6.isValid(inner) ? ipaddr.IPv6.parse(inner).toString() : undefined;
  }
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toString() === text ? text : undefined;
  const name = text.toLowerCase();
  const labels = name.split('.');
  if (name.length > 253 || !labels.every((label) => LABEL.test(label))) return undefined;
  // Resolvers read a last label of digits, or of hex digits after 0x, as an address.
  return /^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1)!) ? undefined : name;
}

/** `host` or `host:port` of an https address; undefined for any other, and for a host that is none. */
export function httpsHost(url: string): string | undefined {
  const parsed = URL.parse(url);
  const target = parsed?.protocol === 'https:' ? parseTarget(parsed.host, 443) : undefined;
  return target && printTarget(target);
}

export function printTarget({ host, port }: Target): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === 443 ? name : `${name}:${port}`;
}
