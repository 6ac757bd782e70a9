import { assemble, bundledImagesFolder } from './assemble';
import { runRunner } from './process/runRunner';
import { takeLifeLock } from './store/lifeLock';

/** The runner process: its folders, its log, its one lock, and Petri in it. Answers the exit code when it is over. */
export function startPetri(version: string, bundle: string): Promise<number> {
  return runRunner({
    version, takeLock: takeLifeLock,
    createService: async (paths, log) => {
      const { petri } = await assemble({ database: paths.database, runsFolder: paths.runsFolder, version, imagesFolder: bundledImagesFolder(bundle), env: process.env, log });
      return petri;
    },
  });
}
