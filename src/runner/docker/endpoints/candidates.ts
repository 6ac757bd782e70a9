import { parseAddress, type Candidate } from './address';
import { fromContext } from './contexts';
import { defaultSockets } from './defaultSockets';
import { environmentTls, fromEnvironment } from './environment';
import type { Surroundings } from './surroundings';

/**
 * Where to look for an engine, in order. Whoever names one (our setting, DOCKER_HOST, a context) gets that one or an error,
 * as with Docker's own tools: code must not run on another machine than the user chose.
 */
export function candidates(around: Surroundings, setting?: string): Candidate[] {
  if (setting) return [{ address: parseAddress(setting, 'the engine setting', environmentTls(around)), source: 'setting' }];
  const named = fromEnvironment(around) ?? fromContext(around);
  return named ? [named] : defaultSockets(around);
}
