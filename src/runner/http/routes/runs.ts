import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import * as z from 'zod';
import { LogRange, TerminalSize } from '../../../protocol/run';
import type { PetriService } from '../../../engine/service';
import { drained } from '../drained';
import type { App, Call, Surroundings } from '../environment';
import { bodyOf, queryOf } from '../input';
import { streamWork } from '../streamWork';

const LogQuery = LogRange.extend({ stream: z.enum(['stdout', 'stderr']).optional() });

/** One run: its record, its end, its input, its log. */
export function runRoutes(app: App, { service, log }: Surroundings): void {
  app.get('/v1/runs/:id', (call) => call.json(service.getRun(call.req.param('id'))));
  app.post('/v1/runs/:id/cancel', async (call) => call.json(await service.cancelRun(call.req.param('id'))));
  app.post('/v1/runs/:id/stdin', async (call) => takeInput(call, service, call.req.param('id')));

  app.post('/v1/runs/:id/resize', async (call) => {
    await service.resizeTerminal(call.req.param('id'), await bodyOf(call, TerminalSize));
    return call.body(null, 204);
  });

  app.get('/v1/runs/:id/events', (call) => {
    const { from } = queryOf(call, LogRange);
    return streamWork(call, 'cancel', log, (emit, signal) => service.followRun(call.req.param('id'), from, emit, signal));
  });
  app.get('/v1/runs/:id/log', async (call) => {
    const { stream: wanted, from } = queryOf(call, LogQuery);
    const chunks = service.runLog(call.req.param('id'), from);
    if (wanted) return sendRaw(call.env.outgoing, chunks, wanted);
    return streamWork(call, 'cancel', log, async (emit, signal) => {
      for await (const { stream, chunk } of chunks) {
        if (signal.aborted) break;
        await emit({ event: 'output', stream, chunk });
      }
      return {};
    });
  });
}

/** The body is the input: read as the program takes it, its end is the end. A client that breaks off ends it too, as a broken pipe does. */
async function takeInput(call: Call, service: PetriService, runId: string): Promise<Response> {
  // An unknown run is refused before its input is read.
  service.getRun(runId);
  try {
    for await (const chunk of call.env.incoming.iterator({ destroyOnReturn: false })) await service.writeInput(runId, chunk as Buffer);
  } catch (error) {
    // What the client still sends is read by nobody: this connection cannot be used again.
    call.env.outgoing.setHeader('connection', 'close');
    if (!call.env.incoming.readableAborted) throw error;
  }
  service.endInput(runId);
  return call.body(null, 204);
}

async function sendRaw(response: ServerResponse, chunks: ReturnType<PetriService['runLog']>, wanted: 'stdout' | 'stderr'): Promise<Response> {
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
