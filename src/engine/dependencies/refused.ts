import { PetriError } from '../errors';
import type { Requested } from './adapter';

/** A dependency that is not fetched, with where it stands and why. */
export function refused(requested: Requested, why: string): PetriError {
  const { name, source, path, line } = requested;
  const what = { git: 'a git repository', path: 'a folder', url: 'an address', registry: 'another registry' }[source!.kind];
  return new PetriError('source-refused', `${path}${line === undefined ? '' : `:${line}`} asks for ${what}, ${redacted(source!.address)}${name === '' || source!.address.includes(name) ? '' : ` (${name.slice(0, 200)})`}: ${why}.`, {
    action: 'Take a released version of it, or an image that has it.', details: [line === undefined ? path : `${path}:${line}`],
  });
}

/** Without the user name and password that an address may carry. */
function redacted(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//').slice(0, 300);
}
