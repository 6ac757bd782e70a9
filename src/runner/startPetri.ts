import { assemble, bundledImagesFolder } from './assemble';
import { prepareOwnPaths } from './process/ownPaths';
import { RunnerLog } from './process/runnerLog';
import { runRunner } from './process/runRunner';
import { takeLifeLock } from './store/lifeLock';

/** The runner process: its folders, its log, its one lock, and Petri in it. Answers the exit code when it is over. */
export function startPetri(version: string, bundle: string): Promise<number> {
  const paths = prepareOwnPaths();
  const log = new RunnerLog(paths.runnerLog);
  return runRunner({
    paths, version, log,
    takeLock: () => takeLifeLock(paths.lifeLock),
    createService: async () => {
      const { petri } = await assemble({
        database: paths.database, runsFolder: paths.runsFolder, version, imagesFolder: bundledImagesFolder(bundle), env: process.env, log: log.write,
      });
      return petri;
    },
  });
}
