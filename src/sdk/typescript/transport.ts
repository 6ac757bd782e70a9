import { Agent, request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PetriClientError, errorFromBody, unreachable } from './errors';

/** Where a runner listens and what it wants to be shown. */
export interface Endpoint {
  /** Unix socket or Windows pipe. */
  socketPath: string;
  token: string;
}

/** One call. Without `body` the request has none; a Readable is streamed with back-pressure. */
export interface Call {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  signal?: AbortSignal;
  /** Making it twice does no more than making it once. Default: for GET and PATCH. */
  repeatable?: boolean;
  /** Media type to have the answer in, where there is a choice. */
  accept?: string;
  /** Milliseconds until an answer must have begun. */
  timeoutMs?: number;
}

/**
 * Nobody can have acted on the call, so it may be made again: there was no connection, or an idle one whose other end had gone
 * refused the write. Not ECONNRESET: that also comes after a runner has read the call.
 */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK', 'EPIPE']);
const LONGEST_ERROR_BODY = 1024 * 1024;

/** HTTP over the local socket, with connections kept open: a call on a warm one costs one round trip. */
export class Transport {
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 8 });

  /** The answer, when its status is 2xx; else rejects with the PetriClientError that its body states. */
  async send(endpoint: Endpoint, call: Call): Promise<IncomingMessage> {
    return accepted(await this.#exchange(endpoint, call), call);
  }

  /**
   * Sends a stream as the body and waits for the answer; stops reading the stream when the other side has had enough. Rejects
   * bad-request when the stream itself fails.
   */
  async upload(endpoint: Endpoint, path: string, body: Readable, signal: AbortSignal): Promise<void> {
    const outgoing = request({ ...this.#target(endpoint), method: 'POST', path, headers: {
      authorization: `Bearer ${endpoint.token}`, 'content-type': 'application/octet-stream',
    } });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.on('response', resolve).on('error', (error) => reject(asClientError(error, signal)));
    }).then((response) => accepted(response, { method: 'POST', path })).then((response) => response.resume());
    // An answer before the end of the body means that no more is wanted.
    const done = new AbortController();
    const finish = () => done.abort();
    answered.then(finish, finish);
    let unreadable: Error | undefined;
    // A connection that is lost takes the stream along; that is no fault of the stream's.
    body.once('error', (error) => { if (!outgoing.destroyed) unreadable = error; });
    await pipeline(body, outgoing, { signal: AbortSignal.any([signal, done.signal]) }).catch(() => outgoing.destroy());
    if (unreadable && !signal.aborted) {
      answered.catch(() => undefined);
      throw new PetriClientError('bad-request', `The input for the run could not be read: ${unreadable.message}.`, { cause: unreadable });
    }
    await answered;
  }

  /** Ends idle and active connections. */
  close(): void {
    this.#agent.destroy();
  }

  #exchange(endpoint: Endpoint, call: Call): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers: OutgoingHttpHeaders = { authorization: `Bearer ${endpoint.token}` };
      if (call.accept) headers.accept = call.accept;
      const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
      if (body) {
        headers['content-type'] = 'application/json';
        headers['content-length'] = body.length;
      }
      const outgoing = request({ ...this.#target(endpoint), method: call.method, path: call.path, headers, signal: call.signal });
      const timer = call.timeoutMs === undefined ? undefined
        : setTimeout(() => outgoing.destroy(unreachable('The runner does not answer.')), call.timeoutMs);
      outgoing.on('response', (response) => {
        clearTimeout(timer);
        resolve(response);
      });
      outgoing.on('error', (error) => {
        clearTimeout(timer);
        reject(asClientError(error, call.signal));
      });
      outgoing.end(body);
    });
  }

  #target(endpoint: Endpoint) {
    return { agent: this.#agent, socketPath: endpoint.socketPath, host: 'localhost' };
  }
}

async function accepted(response: IncomingMessage, call: Pick<Call, 'method' | 'path'>): Promise<IncomingMessage> {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return response;
  const text = (await readAll(response, LONGEST_ERROR_BODY)).toString('utf8');
  throw errorFromBody(text, status)
    ?? new PetriClientError('internal', `The runner answered ${status} to ${call.method} ${call.path}.`, { status });
}

/** True when the answer says that nothing was done: the runner is stopping, or it is not the one whose token we have. */
export function turnedAway(error: unknown): boolean {
  return error instanceof PetriClientError && (error.status === 401 || (error.status === 503 && error.code === 'runner-unreachable'));
}

/** True when nobody can have acted on the call. */
export function notSent(error: unknown): boolean {
  const cause = error instanceof PetriClientError ? error.cause : error;
  return NOT_SENT.has((cause as NodeJS.ErrnoException | undefined)?.code ?? '');
}

/** True when the connection broke before an answer: the runner may have read the call, or died before it. */
export function cutOff(error: unknown): boolean {
  return error instanceof PetriClientError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNRESET';
}

/** The whole body. Rejects runner-unreachable when the connection ends before the body does. */
export async function readAll(response: IncomingMessage, most = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > most) break;
    }
  } catch (error) {
    throw asClientError(error);
  }
  return Buffer.concat(chunks);
}

/** What a failed connection means to a caller; `signal` is the caller's own wish to end it. */
export function asClientError(error: unknown, signal?: AbortSignal): PetriClientError {
  if (error instanceof PetriClientError) return error;
  if (signal?.aborted) return new PetriClientError('cancelled', 'The call was cancelled.', { cause: error });
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM') {
    return new PetriClientError('runner-unreachable', 'The runner\'s socket may not be opened by this user.', {
      action: 'Run Petri as the user who owns the socket.', cause: error,
    });
  }
  return unreachable('The connection to the runner was lost.', error);
}
