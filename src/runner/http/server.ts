import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { App } from './environment';

/** Bytes a connection may have on its way before a run has to wait: fewer, longer waits carry more. */
const HIGH_WATER = 256 * 1024;

/** An HTTP server that listens nowhere yet. `onRequest` is called for each request and answers what to call when it is over. */
export function createHttpServer(app: App, onRequest: () => () => void): Server {
  const answer = getRequestListener(app.fetch);
  const server = createServer({
    highWaterMark: HIGH_WATER,
    // An input may take as long as its run.
    requestTimeout: 0,
    keepAliveTimeout: 60_000,
  }, (incoming, outgoing) => {
    outgoing.once('close', onRequest());
    void answer(incoming, outgoing);
  });
  return server;
}
