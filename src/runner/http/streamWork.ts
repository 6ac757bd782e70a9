import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Emit } from '../../engine/service';
import type { ExecParsed } from '../../protocol/run';
import type { Call } from './environment';
import { toPetriError } from './errorResponse';
import { EventStream } from './eventStream';
import { representationFor } from './representation';

/**
 * Answers with the events of `work` and, always, one `done` with what it resolves to or one `error`. What fails before the
 * first event rejects instead, and so gets a status. When the client goes away, `cancel` aborts the signal; with
 * `continue` the work goes on and its events are dropped; with `continue-once-started` that depends on whether it has started.
 */
export async function streamWork(
  call: Call, onDisconnect: ExecParsed['on_disconnect'], log: (line: string) => void, work: (emit: Emit, signal: AbortSignal) => Promise<unknown>,
): Promise<Response> {
  const { outgoing } = call.env;
  const stream = new EventStream(outgoing, representationFor(call.req.header('accept')));
  const abort = new AbortController();
  let goesOn = onDisconnect === 'continue';
  outgoing.once('close', () => {
    if (!outgoing.writableFinished && !goesOn) abort.abort();
  });
  const emit: Emit = (event) => {
    if (event.event === 'started' && onDisconnect === 'continue-once-started') goesOn = true;
    return send(event);
  };
  const send: Emit = (event) => (event.event === 'output' ? stream.output(event.stream, event.chunk) : stream.event(event.event, event.data));
  try {
    stream.end('done', await work(emit, abort.signal));
  } catch (error) {
    if (!stream.opened && !stream.gone) throw error;
    stream.end('error', toPetriError(error, log).toBody());
  }
  return RESPONSE_ALREADY_SENT;
}
