import { Hono } from 'hono';
import { PetriError } from '../../engine/errors';
import type { App, Environment, Surroundings } from './environment';
import { statusOf, toPetriError } from './errorResponse';
import { refuseBrowsers, requireToken } from './guard';
import { runnerRoutes } from './routes/runner';
import { runRoutes } from './routes/runs';
import { sandboxRoutes } from './routes/sandboxes';

/** REST and SSE over the service. Knows no socket; see server.ts. */
export function createApp(surroundings: Surroundings): App {
  const app = new Hono<Environment>();
  app.use(refuseBrowsers());
  app.get('/health', (call) => call.json({ status: 'ok' }));
  app.use(requireToken(surroundings.token));
  app.use('/v1/sandboxes/*', refuseWhenDraining(surroundings));
  runnerRoutes(app, surroundings);
  sandboxRoutes(app, surroundings);
  runRoutes(app, surroundings);
  app.notFound((call) => call.json(new PetriError('not-found', `Petri has no ${call.req.method} ${call.req.path}.`).toBody(), 404));
  app.onError((thrown, call) => {
    const error = toPetriError(thrown, surroundings.log);
    return call.json(error.toBody(), statusOf(error));
  });
  return app;
}

/** A runner that leaves starts nothing new; what it has can still be looked at, fed and ended. */
function refuseWhenDraining({ lifecycle }: Surroundings): Parameters<App['use']>[1] {
  return async (call, next) => {
    if (lifecycle.draining && call.req.method !== 'GET') {
      throw new PetriError('runner-unreachable', 'Petri is stopping and starts nothing new.', { action: 'Try again in a moment.' });
    }
    await next();
  };
}
