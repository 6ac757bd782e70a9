import { PetriError } from '../errors';
import type { Decision } from '../gateway/door';
import { refusal, registryTrouble } from '../gateway/registryTrouble';
import type { InstallStep, Requested } from './adapter';
import { explainGenerally } from './explain';
import { normalName } from './python/normalName';

const LAST_LINES = 12;
const MOST_PLACES = 3;
/** What install.py says to the runner, in its own form. */
const OWN_WORDS = /^petri-explains /;

/** What is known besides of a step that failed: what the gateway saw meanwhile, what the manifests ask for, the sandbox's disk limit. */
export interface Circumstances { decisions: readonly Decision[]; requested: readonly Requested[]; diskBytes?: number }

/** Why a step failed, for a person. */
export function failureOf(step: InstallStep, tail: string, exitCode: number | null, { decisions, requested, diskBytes }: Circumstances): PetriError {
  const lines = tail.split(/\r\n|\n|\r/).map((line) => line.trimEnd()).filter((line) => line !== '' && !OWN_WORDS.test(line)).slice(-LAST_LINES).map((line) => line.slice(0, 400));
  const trouble = registryTrouble(decisions);
  if (trouble) return trouble;
  const explained = step.explain?.(tail);
  const general = explained ?? explainGenerally(tail, diskBytes);
  const refused = explained ? undefined : refusal(decisions);
  if (refused) return new PetriError(refused.code, refused.message, { action: refused.action, details: lines });
  if (!general) {
    return new PetriError('install-failed', `${step.title} the dependencies failed${exitCode === null ? '' : ` with ${exitCode}`}.`, {
      action: 'petri deps --log shows all that was said.', details: lines,
    });
  }
  const { code, message, action, path, line, about = [] } = general;
  // The tool's words say no more than the sentence does, except where a program of the package's own failed.
  const words = code === 'build-failed' || !explained ? lines : [];
  if (path !== undefined) return new PetriError(code, message, { action, details: [placed(path, line), ...words] });
  const places = placesOf(about, requested);
  return new PetriError(code, places.length === 0 ? message : `${places[0]}: ${message}`, { action, details: [...places, ...words] });
}

/** Where the manifests name these packages. */
function placesOf(names: readonly string[], requested: readonly Requested[]): string[] {
  const wanted = new Set(names.map(normalName));
  return [...new Set(requested.filter(({ name }) => wanted.has(normalName(name))).map(({ path, line }) => placed(path, line)))].slice(0, MOST_PLACES);
}

function placed(path: string, line: number | undefined): string {
  return line === undefined ? path : `${path}:${line}`;
}
