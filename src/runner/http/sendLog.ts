import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import * as z from 'zod';
import { LogRange } from '../../protocol/run';
import { drained } from './drained';
import type { Call } from './environment';
import { queryOf } from './input';
import { streamWork } from './streamWork';

type Chunks = AsyncIterable<{ stream: 'stdout' | 'stderr'; chunk: Buffer }>;

const LogQuery = LogRange.extend({ stream: z.enum(['stdout', 'stderr']).optional() });

/** Both streams as `output` events in the order they came, or with ?stream= the bytes of one. */
export function sendLog(call: Call, log: (line: string) => void, open: (from: number | undefined) => Chunks): Promise<Response> {
  const { stream: wanted, from } = queryOf(call, LogQuery);
  const chunks = open(from);
  if (wanted) return sendRaw(call.env.outgoing, chunks, wanted);
  return streamWork(call, 'cancel', log, async (emit, signal) => {
    for await (const { stream, chunk } of chunks) {
      if (signal.aborted) break;
      await emit({ event: 'output', stream, chunk });
    }
    return {};
  });
}

async function sendRaw(response: ServerResponse, chunks: Chunks, wanted: 'stdout' | 'stderr'): Promise<Response> {
  const open = () => response.headersSent || response.writeHead(200, { 'content-type': 'application/octet-stream' });
  try {
    for await (const { stream, chunk } of chunks) {
      if (response.destroyed) break;
      if (stream !== wanted) continue;
      open();
      if (!response.write(chunk)) await drained(response);
    }
  } catch (error) {
    if (!response.headersSent) throw error;
    // The missing end tells the client that this is not the whole log.
    response.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  open();
  response.end();
  return RESPONSE_ALREADY_SENT;
}
