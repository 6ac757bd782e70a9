import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { CleanupRequest, StopRunner } from '../../../protocol/runner';
import type { App, Surroundings } from '../environment';
import { EventStream } from '../eventStream';
import { SERVER_SENT_EVENTS } from '../representation';
import { bodyOf } from '../input';

/** The runner itself: handshake, stop, leases, what changes, cleanup. */
export function runnerRoutes(app: App, { service, lifecycle }: Surroundings): void {
  app.get('/v1/runner', async (call) => {
    const status = await service.status();
    return call.json({ ...status, draining: status.draining || lifecycle.draining, leases: lifecycle.leases });
  });

  app.post('/v1/runner/stop', async (call) => {
    const { mode } = await bodyOf(call, StopRunner);
    lifecycle.stop(mode);
    return call.json({ status: 'stopping' }, 202);
  });

  app.get('/v1/runner/lease', (call) => {
    const { outgoing } = call.env;
    const stream = new EventStream(outgoing, SERVER_SENT_EVENTS);
    const release = lifecycle.holdLease(() => stream.end('done', {}));
    outgoing.once('close', release);
    stream.ping();
    return RESPONSE_ALREADY_SENT;
  });

  app.get('/v1/events', (call) => {
    const { outgoing } = call.env;
    const stream = new EventStream(outgoing, SERVER_SENT_EVENTS);
    const release = lifecycle.holdLease(() => stream.end('done', {}));
    const unwatch = service.watch(({ event, data }) => void stream.event(event, data));
    outgoing.once('close', () => {
      unwatch();
      release();
    });
    return RESPONSE_ALREADY_SENT;
  });

  app.get('/v1/cleanup', async (call) => call.json({ items: await service.cleanupPreview() }));

  app.post('/v1/cleanup', async (call) => {
    const { ids } = await bodyOf(call, CleanupRequest);
    return call.json(await service.cleanup(ids));
  });
}
