import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { PetriError } from '../../engine/errors';
import type { Call } from './environment';

/** Bytes of a JSON body; what is bigger than this has a streaming route. */
const LONGEST_BODY = 4 * 1024 * 1024;

/** The body, read by its schema; an absent one counts as {}. Rejects bad-request, naming the fields. */
export async function bodyOf<Schema extends z.ZodType>(call: Call, schema: Schema): Promise<z.output<Schema>> {
  const text = await readText(call.env.incoming);
  let value: unknown = {};
  try {
    if (text !== '') value = JSON.parse(text);
  } catch (cause) {
    throw new PetriError('bad-request', `The body is no JSON: ${(cause as Error).message}.`, { cause });
  }
  return parsed(schema, value);
}

/** The query's fields, read by a schema of strings. Rejects bad-request, naming the fields. */
export function queryOf<Schema extends z.ZodType>(call: Call, schema: Schema): z.output<Schema> {
  return parsed(schema, call.req.query());
}

export const Page = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const details = result.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
  throw new PetriError('bad-request', `The request is not understood: ${details.join('; ')}.`, { details });
}

function readText(incoming: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const tooLong = () => reject(new PetriError('bad-request', `The body is longer than ${LONGEST_BODY} bytes.`));
    incoming.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LONGEST_BODY) return void chunks.push(chunk);
      chunks.length = 0;
      incoming.pause();
      tooLong();
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    incoming.on('error', (cause) => reject(new PetriError('bad-request', 'The body broke off.', { cause })));
  });
}
