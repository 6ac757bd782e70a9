import type { Front } from '../front';
import { chosenFolder } from './target';

/** What of the folder the sandbox may have although it is held back. */
export async function allowHeldBack({ heldBack }: Front, given: unknown): Promise<void> {
  const folder = await chosenFolder(given);
  if (folder) await heldBack.choose(folder);
}
