import assert from 'node:assert/strict';
import type { PlanOptions } from '../../../src/engine/dependencies/adapter';
import { node } from '../../../src/engine/dependencies/node/node';
import { explainNode } from '../../../src/engine/dependencies/node/explain';

const REGISTRIES = { hosts: ['registry.test'], aliases: { 'alias.test': 'registry.test' } };
const TARBALL = (host: string, name = 'a') => `https://${host}/${name}/-/${name}-1.0.0.tgz`;

function plan(files: Record<string, string>, options: PlanOptions = { registries: REGISTRIES }) {
  const [project] = node.find(Object.keys(files));
  const made = node.plan(project!, project!.inputs.filter((path) => path in files).map((path) => ({ path, content: Buffer.from(files[path]!) })), options);
  return { ...made, file: (path: string) => String(made.files?.find((one) => one.path === path)?.content) };
}
const manifest = (dependencies: Record<string, string> = { a: '^1.0.0' }, more = {}) => JSON.stringify({ name: 'app', dependencies, ...more }, null, 2);
const lock = (entry: object) => JSON.stringify({ name: 'app', lockfileVersion: 3, packages: { '': { name: 'app' }, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x', ...entry } } });

describe('the Node adapter', () => {
  it('finds projects by lock, takes what lies below for members, and looks into no node_modules', () => {
    const found = node.find(['package.json', 'pnpm-lock.yaml', 'yarn.lock', 'packages/a/package.json', 'apps/b/package.json', 'apps/b/package-lock.json', 'node_modules/x/package.json']);
    assert.deepEqual(found.map((one) => one.manifest), ['pnpm-lock.yaml', 'apps/b/package-lock.json', 'package.json', 'apps/b/package.json']);
    assert.deepEqual(found[0]!.inputs, ['package.json', 'pnpm-lock.yaml', 'apps/b/package.json', 'packages/a/package.json']);
    assert.deepEqual(found[2]!.inputs, ['package.json', 'apps/b/package.json', 'packages/a/package.json'], 'without the lock');
  });

  it('maps the addresses of a lock onto the image\'s registry, and keeps the hashes', () => {
    for (const host of ['registry.test', 'alias.test']) {
      const made = plan({ 'package.json': manifest(), 'package-lock.json': lock({ resolved: TARBALL(host) }) });
      assert.deepEqual(JSON.parse(made.file('node/package-lock.json')).packages['node_modules/a'], { version: '1.0.0', integrity: 'sha512-x' });
      assert.equal(made.packages, 1);
    }
  });

  const refusals: Array<[string, object, RegExp]> = [
    ['another registry', { resolved: TARBALL('evil.test') }, /package-lock\.json asks for another registry, https:\/\/evil\.test \(a\)/],
    ['a git address', { resolved: 'git+ssh://git@example.test/a.git#1' }, /git repository/],
    ['an archive elsewhere', { resolved: 'https://evil.test/a/archive/1.tgz' }, /an address, https:\/\/evil\.test\/a\/archive\/1\.tgz/],
    ['an archive', { resolved: 'https://registry.test/elsewhere.zip' }, /an address/],
  ];
  for (const [what, entry, message] of refusals) {
    it(`refuses ${what} in a lock by name`, () => assert.throws(() => plan({ 'package.json': manifest(), 'package-lock.json': lock(entry) }), { code: 'source-refused', message }));
  }
  it('refuses git and folders outside in package.json, with the line', () => {
    for (const wish of ['github:me/a', 'me/a', 'git+https://example.test/a', 'https://example.test/a.tgz', 'file:../a']) {
      assert.throws(() => plan({ 'package.json': manifest({ a: wish }) }), { code: 'source-refused', message: /package\.json:4/ }, wish);
    }
  });
  it('names file and line of a mistake', () => assert.throws(() => plan({ 'package.json': '{\n  "name": "x",\n  oops\n}' }), { code: 'manifest-invalid', message: /package\.json:3/ }));
  it('has nothing to do for a package.json without dependencies', () => assert.deepEqual(plan({ 'package.json': '{"type":"module"}' }).steps, []));

  it('asks for another Node where version managers or package.json do, and for none where our own will do', () => {
    const wish = (files: Record<string, string>) => plan({ 'package.json': manifest(), ...files }).steps[0]!.environment.PETRI_NODE;
    const engines = (node: unknown) => ({ 'package.json': manifest({ a: '1' }, { engines: { node } }) });
    assert.deepEqual(['>=22.12', '^20.19.0 || >=22', 'lts/*', 'no version', 7].map((node) => wish(engines(node))), ['>=22.12', '^20.19.0 || >=22', undefined, undefined, undefined]);
    assert.deepEqual(['v22.11.0\n', ' 24 ', 'lts/jod', '# no\n20.1'].map((text) => wish({ '.nvmrc': text, ...engines('>=18') })), ['^22.11.0', '^24', '>=18', '^20.1']);
    assert.equal(wish({ '.node-version': '22', '.nvmrc': '24' }), '^24');
    const alone = (node: string) => plan({ 'package.json': manifest({}, { engines: { node } }) }).steps.map(({ network, script }) => [network, script.split(' ').slice(2).join(' ')]);
    assert.deepEqual([alone('>=18'), alone('>=22')], [[], [[true, 'fetch none']]]);
  });

  it('runs package scripts in a step without a network only', () => {
    const { steps } = plan({ 'package.json': manifest() });
    assert.deepEqual(steps.map(({ network, script }) => [network, script.split(' ').slice(2, 4).join(' ')]), [[true, 'fetch npm'], [false, 'build npm']]);
  });

  it('tells when the project, or what it names, asks for another Node than the image has; what others depend on stays in the log', () => {
    const remarks = (...lines: string[]) => {
      const [step] = plan({ 'package.json': manifest() }).steps;
      return lines.map((line) => step!.remark!(line)).filter((one) => one !== undefined).map((one) => one.replace(/ If .*/, ''));
    };
    const npm = (name: string) => ['Unsupported engine {', `  package: '${name}',`, "  required: { npm: '>=8', node: '>=22.12.0' },", "  current: { node: 'v20.19.2', npm: '9.2.0' }", '}'].map((line) => `npm WARN EBADENGINE ${line}`);
    assert.deepEqual(remarks(...npm('app@1.0.0'), ...npm('deep@2.0.0'), ...npm('a@1.0.1')), ['app@1.0.0 asks for Node >=22.12.0; the image has 20.19.2.', 'a@1.0.1 asks for Node >=22.12.0; the image has 20.19.2.']);
    assert.deepEqual(remarks(' WARN  Unsupported engine: wanted: {"node":">=22"} (current: {"node":"v20.19.2","pnpm":"10.1.0"})'), ['The project asks for Node >=22; the image has 20.19.2.']);
  });

  it('turns Yarn\'s addresses into the image\'s registry\'s where a hash vouches, and refuses them where none does', () => {
    const yarn = (integrity: string) => `# yarn lockfile v1\n\n\na@^1.0.0:\n  version "1.0.0"\n  resolved "${TARBALL('yarn.test')}#abc"\n${integrity}`;
    const made = plan({ 'package.json': manifest(), 'yarn.lock': yarn('  integrity sha512-x\n') });
    assert.match(made.file('node/yarn.lock'), /version "1\.0\.0"\n {2}resolved "petri-registry:\/a\/-\/a-1\.0\.0\.tgz#abc"\n {2}integrity sha512-x/);
    assert.throws(() => plan({ 'package.json': manifest(), 'yarn.lock': yarn('') }), { code: 'source-refused', message: /yarn\.lock:4 .*https:\/\/yarn\.test/ });
  });

  it('picks the pnpm that made the lock, and refuses what it does not name by hash', () => {
    const made = plan({ 'package.json': manifest(), 'pnpm-lock.yaml': 'lockfileVersion: \'9.0\'\npackages:\n  a@1.0.0:\n    resolution: {integrity: sha512-x}\n' });
    assert.match(made.steps[0]!.script, /fetch pnpm 9$/);
    const git = 'lockfileVersion: \'9.0\'\npackages:\n  a@1:\n    resolution: {commit: abc, repo: https://example.test/a.git, type: git}\n';
    assert.throws(() => plan({ 'package.json': manifest(), 'pnpm-lock.yaml': git }), { code: 'source-refused', message: /git repository/ });
    assert.throws(() => plan({ 'package.json': manifest(), 'pnpm-lock.yaml': 'a: [' }), { code: 'manifest-invalid', message: /pnpm-lock\.yaml:1/ });
  });

  it('links node_modules for the project and for members', () => {
    const [project] = node.find(['app/package.json', 'app/packages/one/package.json']);
    assert.deepEqual(node.links(project!), [
      { path: 'app/node_modules', target: '/sandbox/deps/node/node_modules' }, { path: 'app/packages/one/node_modules', target: '/sandbox/deps/node/packages/one/node_modules' },
    ]);
  });

  it('explains npm', () => {
    assert.equal(explainNode(undefined)('npm ERR! 404  \'left-pad-7f@1.0.0\' is not in this registry.')?.message, 'The registry has no package named left-pad-7f.');
    assert.equal(explainNode(undefined)('npm ERR! code EINTEGRITY')?.code, 'hash-mismatch');
    assert.equal(explainNode(undefined)('npm ERR! code ETARGET\nnpm ERR! notarget No matching version found for express@99.\n')?.code, 'version-conflict');
  });

  // What npm 9, pnpm 9 and Yarn 1 really say, and what install.sh says of a newer Yarn's lock.
  const outdated: Array<[string, string, string, RegExp]> = [
    ['npm', 'app/package-lock.json', [
      'npm ERR! code EUSAGE', 'npm ERR! `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.',
      'npm ERR! ', 'npm ERR! Missing: is-even@1.0.0 from lock file', "npm ERR! Invalid: lock file's is-odd@3.0.1 does not satisfy is-odd@2.0.0",
    ].join('\n'), /^app\/package-lock\.json does not fit package\.json: it lacks is-even@1\.0\.0\..*npm install, .*--project app\/package\.json\.$/],
    ['npm, of a version', 'package-lock.json', "npm ERR! Invalid: lock file's is-odd@3.0.1 does not satisfy is-odd@2.0.0", /it has is-odd@3\.0\.1, not is-odd@2\.0\.0\./],
    ['pnpm', 'pnpm-lock.yaml', 'ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile"\n    specifiers in the lockfile ({"a":"3.0.1"}) don\'t match specs in package.json ({"a":"3.0.1","b":"1.0.0"})',
      /it lacks b\. .*pnpm install/],
    ['Yarn 1', 'yarn.lock', 'error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.', /^yarn\.lock does not fit package\.json\. .*yarn install/],
    ['Yarn', 'yarn.lock', 'Missing: is-even@npm:1.0.0 from lock file', /it lacks is-even@npm:1\.0\.0\. .*yarn install/],
  ];
  for (const [tool, lockFile, said, sentence] of outdated) {
    it(`says what a lock lacks, by ${tool}`, () => {
      const explained = explainNode(lockFile)(said);
      assert.deepEqual([explained?.code, explained?.path], ['version-conflict', lockFile]);
      assert.match(`${explained?.message} ${explained?.action}`, sentence);
    });
  }
});
