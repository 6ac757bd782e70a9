import { createHash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { GatewayHost } from '../../engine/gateway/messages';
import type { ArtefactCache, Keeping } from './artefactCache';
import { passedHeaders } from './checkRequest';
import type { Verdict } from './report';
import type { Upstream } from './upstream';

/** Of one connection, or about a host that the tools inside never really talk to. */
const KEPT_BACK = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade',
  'set-cookie', 'alt-svc', 'strict-transport-security', 'public-key-pins', 'clear-site-data', 'nel', 'report-to',
]);

/** Answers checked requests: from what is kept, or from the registry. */
export class Relay {
  constructor(private readonly upstream: Upstream, private readonly cache: ArtefactCache | undefined) {}

  /** Throws Refusal. */
  async answer(request: IncomingMessage, answer: ServerResponse, host: GatewayHost, verdict: Verdict): Promise<void> {
    const headers = passedHeaders(request.headers);
    const { name, port } = { name: host.upstream?.host ?? host.name, port: host.upstream?.port ?? host.port };
    const asked = { url: `https://${name}:${port}${request.url}`, headers };
    // What comes with the user's own credentials is nobody else's.
    const cache = request.method === 'GET' && host.authorization === undefined ? this.cache : undefined;
    const kept = await cache?.find(asked);
    if (kept) {
      verdict.note({ status: kept.status, bytes: kept.bytes, sha256: kept.sha256 });
      verdict.tell(true, 'cache');
      answer.writeHead(kept.status, visible(kept.headers));
      return pipeline(kept.body(), answer).catch(() => void answer.destroy());
    }
    const gone = new AbortController();
    answer.once('close', () => gone.abort());
    const response = await this.upstream.ask(host, { method: request.method!, path: request.url!, headers }, verdict, gone.signal);
    verdict.note({ status: response.statusCode ?? null });
    answer.writeHead(response.statusCode!, visible(response.headers));
    await stream(response, answer, cache?.keep(asked, response), verdict);
  }
}

/** As it comes: nothing is held in memory, a slow reader slows the sender. */
async function stream(response: IncomingMessage, answer: ServerResponse, keeping: Keeping | undefined, verdict: Verdict): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      if (keeping) void keeping.write(chunk).then(() => done(null, chunk));
      else done(null, chunk);
    },
  });
  try {
    await pipeline(response, meter, answer);
    const sha256 = hash.digest('hex');
    verdict.note({ bytes, sha256 });
    verdict.tell(true, 'registry');
    await keeping?.commit(sha256);
  } catch {
    // Cut short by either side. What is sent cannot be unsaid: the tool inside sees a broken answer, never a whole one.
    verdict.note({ bytes });
    verdict.tell(true, 'cut-short');
    answer.destroy();
    await keeping?.drop();
  }
}

function visible(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !KEPT_BACK.has(name)));
}
