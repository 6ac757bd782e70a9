import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type Modem from 'docker-modem';
import type { Client } from './client';

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  query?: Record<string, string | undefined>;
  body?: object;
  /** A request body that is not JSON: a tar. */
  file?: Buffer | NodeJS.ReadableStream;
  signal?: AbortSignal;
}

/**
 * Unless told otherwise an engine takes Ctrl-P Ctrl-Q at a terminal for the wish to hang up, and holds every Ctrl-P back until the
 * next key; none at all cannot be asked of it. These bytes occur in no text, and so often in a row in nothing.
 */
const NO_DETACH_KEYS = Array(16).fill(['%FF', '%FE']).flat().join(',');

/** Light calls that take longer than this mean an engine that hangs; builds, pulls and waits have no such bound. */
const PATIENCE = 120_000;

/**
 * One call, answered by the open response. Rejects on any status but 2xx and 304.
 *
 * Goes through the modem's dial and not dockerode's methods: those never settle when the engine dies in the middle of an
 * answer, and post their query again as a body.
 */
export function open(client: Client, call: Call): Promise<IncomingMessage> {
  const query = Object.fromEntries(Object.entries(call.query ?? {}).filter(([, value]) => value !== undefined));
  return dial(client, {
    path: `${call.path}?`, method: call.method, options: { _query: query, _body: call.body ?? {} }, isStream: true,
    file: call.file, abortSignal: call.signal,
  });
}

/**
 * A connection that the engine hands over. dockerode's own attach posts its options as a body, which Podman passes on as the
 * container's first input (seen with 4.3); an empty file makes the modem send its headers and nothing else. `detachKeys` goes
 * in front of the modem's own query, which could not carry its bytes.
 */
export async function hijack(client: Client, path: string, query: Record<string, string>): Promise<Duplex | undefined> {
  const connection = await dial<Duplex>(client, {
    path: `${path}?detachKeys=${NO_DETACH_KEYS}&`, method: 'POST', options: { _query: query }, isStream: true, hijack: true, openStdin: true, file: Buffer.alloc(0),
  });
  // Without an upgrade the modem answers a pair of request and response, which cannot end its input alone.
  return 'req' in connection ? undefined : connection;
}

function dial<T>(client: Client, options: Modem.DialOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    client.docker.modem.dial({ ...options, statusCodes: { 200: true, 201: true, 204: true, 304: true } }, (error: unknown, answer: unknown) => {
      if (error) reject(error as Error);
      else resolve(answer as T);
    });
  });
}

/** The whole answer as JSON; undefined when empty. Rejects when the connection ends before the answer does. */
export async function request<T>(client: Client, call: Call, patience: number | undefined = PATIENCE): Promise<T> {
  const signals = [call.signal, patience === Infinity ? undefined : AbortSignal.timeout(patience)].filter((signal) => signal !== undefined);
  const response = await open(client, { ...call, signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0] });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return (text.trim() ? JSON.parse(text) : undefined) as T;
}
