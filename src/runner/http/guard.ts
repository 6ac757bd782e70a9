import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { PetriError } from '../../engine/errors';
import type { Environment } from './environment';

const OWN_NAMES = /^(localhost|petri|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/**
 * Keeps browsers out, should the socket ever be a TCP one: a page can neither leave out Origin or Sec-Fetch-Site on what it
 * may send, nor, with a DNS name that it points to us, send a Host of ours.
 */
export function refuseBrowsers(): MiddlewareHandler<Environment> {
  return async (call, next) => {
    const { host, origin, 'sec-fetch-site': fetchSite } = call.env.incoming.headers;
    if (origin !== undefined || fetchSite !== undefined) return refusal('Petri takes no calls from web pages.', 403);
    if (host === undefined || !OWN_NAMES.test(host)) return refusal('Petri is called by its own name, localhost.', 403);
    await next();
  };
}

/** Hashes both sides, so that neither the time nor the length tells anything. */
export function requireToken(token: string): MiddlewareHandler<Environment> {
  const expected = sha256(`Bearer ${token}`);
  return async (call, next) => {
    const given = sha256(call.env.incoming.headers.authorization ?? '');
    if (!timingSafeEqual(given, expected)) return refusal('This call does not show the token of the running Petri.', 401);
    await next();
  };
}

function refusal(message: string, status: 401 | 403): Response {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  return new Response(JSON.stringify(new PetriError('unauthorized', message).toBody()), { status, headers });
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
