import type { ContainerEngine } from '../../engine/ports/containerEngine';
import { Connection } from './connection';
import { containerCalls } from './containers';
import type { Surroundings } from './endpoints/surroundings';
import { EngineCalls } from './engineCalls';
import { execCalls } from './exec';
import { imageCalls } from './images';
import { networkCalls } from './networks';
import { volumeCalls } from './volumes';

/**
 * The user's own engine, Docker or Podman, behind the port. Dials at the first call, not before. `setting` names an engine
 * (the forms of DOCKER_HOST) and goes before everything that discovery would find. `close` ends its idle connections.
 */
export function dockerEngine(around: Surroundings, setting?: string): ContainerEngine & { close(): void } {
  const connection = new Connection(around, setting);
  const calls = new EngineCalls(connection);
  return {
    info: () => connection.info(),
    ...imageCalls(calls), ...volumeCalls(calls), ...containerCalls(calls), ...execCalls(calls), ...networkCalls(calls),
    close: () => connection.close(),
  };
}
