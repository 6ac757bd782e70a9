const start = performance.now();

/** A line of progress on stderr, with the seconds since the start. stdout belongs to results. */
export function say(message) {
  process.stderr.write(`[rig ${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s] ${message}\n`);
}

/** What a person can do something about: shown without a stack. */
export class RigError extends Error {}

/** Runs a command line entry: a RigError becomes its sentence and exit code 1. */
export async function entry(main) {
  try {
    await main();
  } catch (error) {
    if (!explained(error)) throw error;
    say(sentences(error));
    process.exitCode = 1;
  }
}

/** True for an error that a person can do something about; Petri's own are known by name, since they come out of a bundle. */
export function explained(error) {
  return error instanceof RigError || error?.name === 'PetriError';
}

/** The message, the next step and what an engine or a tool said to it. */
export function sentences({ message, action, details = [] }) {
  return [message, action, ...details].filter(Boolean).join('\n');
}

/** A long text's first and last lines. */
export function shortened(text, most = 40) {
  const lines = text.split('\n');
  return lines.length <= most ? text : [...lines.slice(0, most / 2), `… ${lines.length - most} lines …`, ...lines.slice(-most / 2)].join('\n');
}
