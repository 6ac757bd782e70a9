import type { PetriError } from '../errors';
import type { Door } from '../gateway/door';
import { registryTrouble } from '../gateway/registryTrouble';
import type { Clock } from '../ports/clock';

const LOOK_MS = 1000;
/** What tools make of a registry that is down is their own: some ask for minutes, for every package anew. */
const PATIENCE_MS = 15_000;
const TLS_PATIENCE_MS = 2000;

/**
 * Calls `onTrouble` when a registry, which the gateway itself has asked several times, has been in trouble for long while nothing
 * came from any other either. Answers the function that ends the watch.
 */
export function watchRegistries(clock: Clock, door: Pick<Door, 'decisions'>, onTrouble: (error: PetriError) => void): () => void {
  const from = door.decisions().length;
  let since: number | undefined;
  let answers = 0;
  let stop = () => {};
  const look = () => {
    const decisions = door.decisions().slice(from);
    const trouble = registryTrouble(decisions);
    const now = clock.monotonic();
    const answered = decisions.filter(({ allowed, status }) => allowed && status !== null && status < 400).length;
    if (!trouble || answered > answers) since = undefined;
    answers = answered;
    if (trouble && now - (since ??= now) >= (trouble.code === 'tls-untrusted' ? TLS_PATIENCE_MS : PATIENCE_MS)) return onTrouble(trouble);
    stop = clock.after(LOOK_MS, look);
  };
  stop = clock.after(LOOK_MS, look);
  return () => stop();
}
