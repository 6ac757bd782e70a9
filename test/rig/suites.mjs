// One function a suite; each answers its counts and never throws for a test that failed.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { showGroup, showGroupLater } from './command.mjs';
import { DIST, ROOT } from './places.mjs';
import { say, shortened } from './say.mjs';

const REPORTER = fileURLToPath(new URL('reporter.cjs', import.meta.url));
const NONE = { passed: 0, failed: 0, skipped: 0 };
/** Of all suites, in order. */
const failures = [];

/** A check that counts no tests: fails or not. */
export async function check(name, script, args) {
  say(name);
  const code = await showGroup(process.execPath, [join(ROOT, 'node_modules', script), ...args], { cwd: ROOT, seconds: 600 });
  return code === 0 ? NONE : failed(`${name} ended with ${code}`);
}

/**
 * engine: a DOCKER_HOST for the tests. only, without: of the folders in `folder`. aside: beside another suite, which has the terminal.
 * @param {{ grep?: string, engine?: string, only?: string[], without?: string[], aside?: boolean, seconds: number }} options
 */
export async function mochaSuite(name, folder, { grep, engine, only, without = [], aside = false, seconds }) {
  const bundles = join(DIST, 'test', folder);
  const chosen = (file) => (only?.includes(file.split(sep)[0]) ?? true) && !without.includes(file.split(sep)[0]);
  const files = existsSync(bundles) ? readdirSync(bundles, { recursive: true }).filter((file) => file.endsWith('.test.cjs') && chosen(file)).sort() : [];
  if (files.length === 0) return failed(`${name}: there are no tests in test/${folder}`);
  say(`${name}${engine ? ` on ${engine}` : ''}`);
  const output = join(DIST, 'test-results', `${name}.json`);
  return resultsOf(name, output, () => (aside ? showGroupLater : showGroup)(process.execPath, [
    join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js'), '--enable-source-maps', '--forbid-only', '--timeout', '120000',
    // Mocha colours its output wherever CI is set.
    process.stdout.isTTY && !aside ? '--color' : '--no-color',
    '--reporter', REPORTER, '--reporter-option', `output=${output}`, ...(grep ? ['--grep', grep] : []), ...files.map((file) => join(bundles, file)),
  ], { cwd: ROOT, seconds, env: { ...process.env, ...(engine && { PETRI_TEST_ENGINE: engine }) } }));
}

/** Inside a real VS Code; the suite writes its own counts. */
export function vscodeSuite({ seconds }) {
  say('vscode');
  return resultsOf('vscode', join(DIST, 'test-results', 'vscode.json'), () =>
    showGroup(process.execPath, [join(ROOT, 'test', 'rig', 'vscode.mjs'), 'test'], { cwd: ROOT, seconds }));
}

/** A suite that left for more reason than failed tests, or ran none, has one failure more than it counted. */
async function resultsOf(name, file, run) {
  rmSync(file, { force: true });
  const code = await run();
  if (!existsSync(file)) return failed(`${name} ended with ${code} and no result`);
  const { failures: found, ...counts } = JSON.parse(readFileSync(file, 'utf8'));
  for (const { title, error } of found) failures.push(`${name}: ${title}\n${shortened(String(error), 10).replace(/^/gm, '    ')}`);
  if (counts.passed + counts.failed === 0) return add(counts, failed(`${name} ran no test`));
  if (code !== 0 && counts.failed === 0) return add(counts, failed(`${name} ended with ${code}`));
  return counts;
}

export function failed(reason) {
  say(`FAILED: ${reason}`);
  failures.push(reason);
  return { ...NONE, failed: 1 };
}

/** Once more at the end, where a long log is read first. */
export function tellFailures() {
  for (const each of failures) console.log(`✘ ${each}`);
}

export function add(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

export function line({ passed, failed: count, skipped }) {
  return `${passed} passed, ${count} failed, ${skipped} skipped`;
}
