import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { GatewayHost } from '../../engine/gateway/messages';
import { passedHeaders } from './checkRequest';
import type { Verdict } from './report';
import type { Upstream } from './upstream';

/** Of one connection, or about a host that the tools inside never really talk to. */
const KEPT_BACK = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade',
  'set-cookie', 'alt-svc', 'strict-transport-security', 'public-key-pins', 'clear-site-data', 'nel', 'report-to',
]);

/** Sends a checked request on and its answer back, as it comes: nothing is held in memory, a slow reader slows the sender. */
export async function relay(request: IncomingMessage, answer: ServerResponse, host: GatewayHost, upstream: Upstream, verdict: Verdict): Promise<void> {
  const gone = new AbortController();
  answer.once('close', () => gone.abort());
  const response = await upstream.ask(host, { method: request.method!, path: request.url!, headers: passedHeaders(request.headers) }, verdict, gone.signal);
  verdict.note({ status: response.statusCode ?? null });
  answer.writeHead(response.statusCode!, Object.fromEntries(Object.entries(response.headers).filter(([name]) => !KEPT_BACK.has(name))));
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(response, meter, answer);
    verdict.note({ bytes, sha256: hash.digest('hex') });
    verdict.tell(true, 'registry');
  } catch {
    // Cut short by either side. What is sent cannot be unsaid: the tool inside sees a broken answer, never a whole one.
    verdict.note({ bytes });
    verdict.tell(true, 'cut-short');
    answer.destroy();
  }
}
