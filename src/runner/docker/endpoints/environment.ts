import { join } from 'node:path';
import { parseAddress, type Candidate, type TlsMaterial } from './address';
import type { Surroundings } from './surroundings';

/** DOCKER_HOST with DOCKER_TLS_VERIFY, DOCKER_TLS and DOCKER_CERT_PATH, read as the docker command reads them. */
export function fromEnvironment(around: Surroundings): Candidate | undefined {
  const host = around.env['DOCKER_HOST'];
  if (!host) return undefined;
  return { address: parseAddress(host, 'DOCKER_HOST', environmentTls(around)), source: 'DOCKER_HOST' };
}

/** undefined without DOCKER_TLS_VERIFY or DOCKER_TLS: then certificates that lie around are not used either. */
export function environmentTls({ env, home, readFile }: Surroundings): TlsMaterial | undefined {
  if (!env['DOCKER_TLS_VERIFY'] && !env['DOCKER_TLS']) return undefined;
  const folder = env['DOCKER_CERT_PATH'] || env['DOCKER_CONFIG'] || join(home, '.docker');
  return {
    ca: readFile(join(folder, 'ca.pem')), cert: readFile(join(folder, 'cert.pem')), key: readFile(join(folder, 'key.pem')),
    verify: Boolean(env['DOCKER_TLS_VERIFY']),
  };
}
