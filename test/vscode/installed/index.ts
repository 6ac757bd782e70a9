import { runSuite } from '../suite';

const results = process.env.PETRI_TEST_RESULTS;
if (!results) throw new Error('PETRI_TEST_RESULTS names the file for the results; start the suite with `node test/rig/vscode.mjs test`.');
void runSuite(__dirname, results, 240_000).then((failures) => process.exit(failures > 0 ? 1 : 0));
