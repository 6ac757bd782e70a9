import { PetriError } from '../errors';

/** A manifest that cannot be read, with the place. `line`: 1-based; `what` goes on from "go.mod, line 3: ". */
export function manifestInvalid(path: string, line: number, what: string): PetriError {
  return new PetriError('manifest-invalid', `${path}, line ${line}: ${what}.`, { action: 'Correct the file and run again.', details: [`${path}:${line}`] });
}
