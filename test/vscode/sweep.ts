// Removes every sandbox of the Petri that PETRI_HOME names, and ends it. The rig calls it after the suites.
import { Petri } from '../../src/sdk/typescript/petri';

async function sweep(): Promise<void> {
  if (!process.env.PETRI_HOME) throw new Error('PETRI_HOME names the Petri to sweep; without it that would be the user’s own.');
  const petri = await Petri.find({ client: 'test' });
  if (!petri) return;
  for (const sandbox of await petri.sandboxes({ limit: 200 })) await sandbox.delete();
  await petri.stop('now');
  petri.close();
}

void sweep().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
