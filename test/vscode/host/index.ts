import { runSuite } from '../suite';

/** VS Code calls this inside the extension host. */
export async function run(): Promise<void> {
  const results = process.env.PETRI_TEST_RESULTS;
  if (!results) throw new Error('PETRI_TEST_RESULTS names the file for the results; start the suite with `node test/rig/vscode.mjs test`.');
  const failures = await runSuite(__dirname, results, 120_000);
  if (failures > 0) throw new Error(`${failures} failed`);
}
