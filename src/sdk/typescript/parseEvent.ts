import { PetriClientError } from './errors';

/** What the data of an event holds. Throws PetriClientError when it is no JSON. */
export function parseEvent<T>(data: Buffer): T {
  try {
    return JSON.parse(data.toString('utf8')) as T;
  } catch (error) {
    throw new PetriClientError('internal', 'The runner sent an event that is no JSON.', { cause: error });
  }
}
