import { appendFileSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Mocha from 'mocha';

/**
 * Runs every *.test.cjs of a folder and writes one JSON line a test to a file: the rig that reads it is another process,
 * and neither the extension host nor a browser window has a stdout that it could listen to. Resolves to the failures' count.
 */
export function runSuite(folder: string, resultsFile: string, timeoutMs: number): Promise<number> {
  mkdirSync(dirname(resultsFile), { recursive: true });
  const write = (line: object) => appendFileSync(resultsFile, JSON.stringify(line) + '\n');
  const mocha = new Mocha({ ui: 'bdd', timeout: timeoutMs, color: false, reporter: Mocha.reporters.Base });
  const pattern = process.env.PETRI_TEST_GREP;
  if (pattern) mocha.grep(new RegExp(pattern));
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.test.cjs')).sort()) mocha.addFile(join(folder, name));
  return new Promise((resolve) => {
    mocha.run((failures) => {
      write({ kind: 'end' });
      resolve(failures);
    })
      .on('test', (test) => write({ kind: 'started', title: test.fullTitle() }))
      .on('pass', (test) => write({ kind: 'passed', title: test.fullTitle(), ms: test.duration }))
      .on('pending', (test) => write({ kind: 'skipped', title: test.fullTitle() }))
      .on('fail', (test, error) => write({ kind: 'failed', title: test.fullTitle(), error: error.stack ?? error.message }));
  });
}
