import type { IncomingMessage } from 'node:http';
import { parseTarget, type Target } from '../../engine/gateway/policy/hostName';
import { Refusal } from './refusal';

/** Headers that must not be there twice, or two readers could see two requests. */
const ONCE = ['host', 'content-length', 'transfer-encoding', 'range', 'connection'];
/** What an install's request may say; anything else stays here: cookies, credentials and what steers proxies. */
const PASSED = new Set([
  'accept', 'accept-encoding', 'accept-language', 'user-agent', 'range', 'if-range', 'if-none-match', 'if-modified-since', 'cache-control', 'pragma',
]);

type Head = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'>;

/** Throws Refusal for anything but one plain GET or HEAD to the host that the tunnel was opened for. */
export function checkRequest(request: Head, target: Target): void {
  const { method = '', headers } = request;
  if (method !== 'GET' && method !== 'HEAD') throw new Refusal('method', 405, `${method} is not allowed: an install only reads`);
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  for (const name of ONCE) if (names.filter((one) => one === name).length > 1) throw new Refusal('header', 400, `the header ${name} is there twice`);
  if (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0') throw new Refusal('body', 400, `a ${method} has no body`);
  if (headers.upgrade !== undefined || headers.expect !== undefined) throw new Refusal('header', 400, 'only plain requests are allowed');
  const host = parseTarget(headers.host ?? '', target.port);
  if (host?.host !== target.host || host.port !== target.port) throw new Refusal('host-mismatch', 421, 'the Host header names another host than the tunnel');
  checkPath(request.url ?? '');
}

/** Encoded slashes are fine (npm's scoped names have them); what would lead upwards after decoding is not. */
export function checkPath(path: string): void {
  if (!path.startsWith('/')) throw new Refusal('path', 400, 'the request names more than a path');
  if (!/^[\x21-\x7e]*$/.test(path) || /[\\#]|%(?:00|0a|0d|5c)/i.test(path)) throw new Refusal('path', 400, 'the path has characters that have no place in one');
  // Some servers cut a segment at its semicolon.
  const segments = path.replace(/\?.*$/, '').replace(/%2e/gi, '.').split(/\/|%2f/i).map((segment) => segment.replace(/(?:;|%3b).*$/i, ''));
  if (segments.includes('..') || segments.includes('.')) throw new Refusal('path', 400, 'the path has dot segments');
}

export function passedHeaders(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (PASSED.has(name) && typeof value === 'string' ? [[name, value]] : [])));
}
