import assert from 'node:assert/strict';
import { componentsOf, namesOf } from '../support/billOfMaterials';
import { openBench, type Bench } from '../support/petri';

const PACKAGE = (dependencies: Record<string, string>, more: object = {}) => JSON.stringify({ name: 'app', version: '1.0.0', dependencies, ...more }, null, 2);

interface Listed { dependencies?: Record<string, Listed & { version?: string }> }
/** `name version` of what `npm ls --json` shows; what is optional and not there has no version. */
const everyOne = ({ dependencies = {} }: Listed): string[] => Object.entries(dependencies)
  .flatMap(([name, one]) => [...(one.version === undefined ? [] : [`${name} ${one.version}`]), ...everyOne(one)]);

describe('Node dependencies', function () {
  this.timeout(600_000);
  let bench: Bench;
  before(async () => { bench = await openBench(); });
  after(() => bench?.close());
  const sandboxOf = (files: Record<string, string>) => bench.folderSandbox(files, 'node');

  it('come from package.json, are linked and no change of a run\'s; a lock is offered, and taking it over installs nothing again', async () => {
    const { folder, sandbox } = await sandboxOf({
      'package.json': PACKAGE({ 'is-odd': '^3.0.0', esbuild: '^0.25.0' }), 'main.js': 'console.log(require("is-odd")(3), require("esbuild").transformSync("let a: number = 1", { loader: "ts" }).code.trim())\n',
    });
    const first = await bench.run(sandbox, ['node', 'main.js']);
    assert.deepEqual([first.stderr.toString(), first.stdout.toString()], ['', 'true let a = 1;\n']);
    await bench.settled(sandbox);
    const { changes } = await bench.petri.changes(sandbox);
    assert.deepEqual(changes.map(({ path, kind }) => [path, kind]), [['package-lock.json', 'created']]);
    assert.deepEqual((await bench.petri.pull(sandbox, undefined)).applied, ['package-lock.json']);
    const second = await bench.run(sandbox, ['node', 'main.js']);
    assert.deepEqual([second.installed, second.stdout.toString()], ['', first.stdout.toString()]);
    const npm = await bench.run(sandbox, ['npm', 'ls', '--all', '--json']);
    const listed = [...new Set(everyOne(JSON.parse(npm.stdout.toString()) as Listed))].sort();
    assert.ok(listed.includes('is-number 6.0.0'), npm.stdout.toString());
    assert.deepEqual(namesOf(await componentsOf(bench, npm.done.run_id, 'npm')), listed, 'the bill of materials lists what npm lists');

    // With a lock it is that or nothing; without it by the user's choice alone.
    folder.write('package.json', PACKAGE({ 'is-odd': '^3.0.0', 'is-number': '7.0.0' }));
    await assert.rejects(bench.run(sandbox, 'true'), { code: 'version-conflict', message: /^package-lock\.json does not fit package\.json: it has is-number@6\.0\.0, not is-number@7\.0\.0\./ });
    await bench.petri.updateSandbox(sandbox, { dependencies: { project: 'package.json' } });
    const third = await bench.run(sandbox, ['node', '-e', 'console.log(require("is-number")(7)); require("esbuild")']);
    assert.equal(third.stdout.toString(), 'true\n');
    assert.match(third.stderr.toString(), /Cannot find module 'esbuild'/);
  });

  it('are run by the Node that the project asks for, which is in the bill of materials', async () => {
    const { sandbox } = await sandboxOf({ 'package.json': PACKAGE({}, { engines: { node: '>=22.12' } }) });
    const run = await bench.run(sandbox, ['sh', '-c', 'node --version && npm --version']);
    assert.equal(run.stderr.toString(), '');
    assert.match(run.stdout.toString(), /^v22\.\d+\.\d+\n11\.\d+\.\d+\n$/);
    const components = await componentsOf(bench, run.done.run_id, 'npm');
    assert.deepEqual(components.map(({ name }) => name), [`node-linux-${process.arch}`, 'npm']);
    assert.deepEqual(components.flatMap(({ properties = [] }) => properties).filter(({ name }) => /warning/.test(name)), []);
  });

  it('run their scripts without a network only', async () => {
    const { sandbox } = await sandboxOf({
      'package.json': PACKAGE({ 'caller': 'file:caller' }), 'main.js': '',
      'caller/package.json': PACKAGE({}, { name: 'caller', scripts: { postinstall: 'node -e "require(\'net\').connect(443, \'1.1.1.1\').on(\'error\', (e) => { console.error(\'postinstall:\', e.code); process.exit(1) })"' } }),
    });
    await assert.rejects(bench.run(sandbox, ['node', 'main.js']), { code: 'build-failed' });
  });

  it('of a workspace: members are the folder\'s own files', async () => {
    const { sandbox } = await sandboxOf({
      'package.json': JSON.stringify({ private: true, workspaces: ['packages/*'] }), 'main.js': 'console.log(require("@me/one").value)\n',
      'packages/one/package.json': PACKAGE({ 'is-odd': '3.0.1' }, { name: '@me/one', main: 'index.js' }), 'packages/one/index.js': 'exports.value = require("is-odd")(2)\n',
    });
    assert.equal((await bench.run(sandbox, ['node', 'main.js'])).stdout.toString(), 'false\n');
  });

  it('are refused by name where a lock or a manifest leads elsewhere', async () => {
    const { sandbox } = await sandboxOf({ 'package.json': PACKAGE({ thing: 'git+https://example.invalid/thing.git' }) });
    await assert.rejects(bench.run(sandbox, ['node', '-v']), { code: 'source-refused', message: /package\.json:5 asks for a git repository, git\+https:\/\/example\.invalid\/thing\.git/ });
  });

  it('that do not exist are named', async () => {
    const { sandbox } = await sandboxOf({ 'package.json': PACKAGE({ 'petri-no-such-package-7f3a': '1.0.0' }) });
    await assert.rejects(bench.run(sandbox, ['node', '-v']), { code: 'package-unknown', message: /petri-no-such-package-7f3a/ });
  });
});
