import { isUtf8 } from 'node:buffer';
import type { RunEvent } from '../../../sdk/typescript/events';
import type { PetriClientError } from '../../../sdk/typescript/errors';

/** One event as a line of JSON, in the protocol's own words. */
export function jsonLine(event: RunEvent): string {
  if (event.event !== 'output') return `${JSON.stringify({ event: event.event, ...event.data })}\n`;
  const { stream, chunk } = event;
  const content = isUtf8(chunk) ? { text: chunk.toString('utf8') } : { base64: chunk.toString('base64') };
  return `${JSON.stringify({ event: 'output', stream, ...content })}\n`;
}

/** The last line when a run failed to start or was lost. */
export function jsonErrorLine({ code, message, action, details }: PetriClientError): string {
  return `${JSON.stringify({ event: 'error', error: { code, message, action, details } })}\n`;
}
