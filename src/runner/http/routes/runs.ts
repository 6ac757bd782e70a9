import { LogRange, TerminalSize } from '../../../protocol/run';
import { SBOM_TYPES, SbomQuery } from '../../../protocol/sbom';
import type { PetriService } from '../../../engine/service';
import type { App, Call, Surroundings } from '../environment';
import { bodyOf, queryOf } from '../input';
import { sendLog } from '../sendLog';
import { streamWork } from '../streamWork';

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
  app.get('/v1/runs/:id/log', (call) => sendLog(call, log, (from) => service.runLog(call.req.param('id'), from)));
  app.get('/v1/runs/:id/sbom', async (call) => {
    const { format } = queryOf(call, SbomQuery);
    return call.body(await service.sbom(call.req.param('id'), format), 200, { 'content-type': SBOM_TYPES[format] });
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
