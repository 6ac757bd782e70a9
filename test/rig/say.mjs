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
    // By name: the product's own errors come out of a bundle.
    if (!(error instanceof RigError) && error?.name !== 'PetriError') throw error;
    for (const line of [error.message, error.action].filter(Boolean)) say(line);
    process.exitCode = 1;
  }
}
