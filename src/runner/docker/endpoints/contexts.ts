import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { PetriError } from '../../../engine/errors';
import { parseAddress, type Candidate, type TlsMaterial } from './address';
import type { Surroundings } from './surroundings';

const Config = z.object({ currentContext: z.string().optional() });
const Meta = z.object({
  Endpoints: z.object({ docker: z.object({ Host: z.string(), SkipTLSVerify: z.boolean().optional() }) }),
});

/**
 * The context of DOCKER_CONTEXT, else the one `docker context use` chose. undefined for none and for `default`, which means
 * the platform's own socket. Throws PetriError `engine-absent` for a context that is named and not there.
 */
export function fromContext(around: Surroundings): Candidate | undefined {
  const folder = around.env['DOCKER_CONFIG'] || join(around.home, '.docker');
  const config = parse(Config, around.readFile(join(folder, 'config.json')));
  const name = around.env['DOCKER_CONTEXT'] || config?.currentContext;
  if (!name || name === 'default') return undefined;

  const source = `context ${name}`;
  // Docker names a context's folder after the digest of its name, since a name may hold what a path may not.
  const id = createHash('sha256').update(name).digest('hex');
  const meta = parse(Meta, around.readFile(join(folder, 'contexts', 'meta', id, 'meta.json')));
  if (!meta) {
    throw new PetriError('engine-absent', `The Docker context ${name} is chosen but cannot be read.`, { action: 'Choose another with: docker context use default' });
  }
  const { Host: host, SkipTLSVerify: skip = false } = meta.Endpoints.docker;
  return { address: parseAddress(host, source, contextTls(around, join(folder, 'contexts', 'tls', id, 'docker'), skip)), source };
}

function contextTls({ readFile }: Surroundings, folder: string, skip: boolean): TlsMaterial | undefined {
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((file) => readFile(join(folder, file)));
  return ca || cert || key || skip ? { ca, cert, key, verify: !skip } : undefined;
}

function parse<T>(schema: z.ZodType<T>, content: Buffer | undefined): T | undefined {
  try {
    return content && schema.parse(JSON.parse(content.toString()));
  } catch {
    return undefined;
  }
}
