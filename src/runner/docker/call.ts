import type { IncomingMessage } from 'node:http';
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
  return new Promise((resolve, reject) => {
    client.docker.modem.dial({
      path: `${call.path}?`, method: call.method, options: { _query: query, _body: call.body ?? {} }, isStream: true,
      file: call.file, abortSignal: call.signal, statusCodes: { 200: true, 201: true, 204: true, 304: true },
    }, (error: unknown, response: unknown) => (error ? reject(error as Error) : resolve(response as IncomingMessage)));
  });
}

/** The whole answer as JSON; undefined when empty. Rejects when the connection ends before the answer does. */
export async function request<T>(client: Client, call: Call, patience: number | undefined = PATIENCE): Promise<T> {
  const signals = [call.signal, patience === Infinity ? undefined : AbortSignal.timeout(patience)].filter((signal) => signal !== undefined);
  const response = await open(client, { ...call, signal: signals.length > 0 ? AbortSignal.any(signals) : undefined });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return (text.trim() ? JSON.parse(text) : undefined) as T;
}
