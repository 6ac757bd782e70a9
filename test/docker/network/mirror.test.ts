import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { LABEL } from '../../../src/engine/container/spec';
import type { DependencySetRow } from '../../../src/engine/ports/store';
import type { PetriError } from '../../../src/engine/errors';
import { eventually } from '../support/eventually';
import { npmPackage } from './support/npmPackage';
import { pythonWheels } from './support/pythonWheels';
import { openStage, type Stage } from './support/upstream';

const app = (...dependencies: string[]) => JSON.stringify({ name: 'app', version: '1.0.0', dependencies: Object.fromEntries(dependencies.map((name) => [name, '1.0.0'])) });

/** What a package's script may try: to get out by itself, and through the proxy that its environment may name. */
const CALLS_OUT = `
  const { connect } = require('net');
  const proxy = process.env.HTTPS_PROXY || process.env.https_proxy;
  const said = [];
  const attempt = (what, port, host, text) => new Promise((done) => connect(port, host).setTimeout(3000, function () { this.destroy(new Error('silence')); })
    .on('connect', function () { this.write(text); }).on('data', (data) => { said.push(what + ' reached: ' + data); done(); }).on('error', (error) => { said.push(what + ' ' + (error.code || error.message)); done(); }));
  (async () => {
    await attempt('direct', 443, '192.0.2.1', '');
    if (proxy) await attempt('proxy', new URL(proxy).port, new URL(proxy).hostname, 'CONNECT registry.test:443 HTTP/1.1\\r\\n\\r\\n');
    const file = 'said.json', fs = require('fs');
    // Every time it runs is told, so that the last is not the only one that counts.
    const before = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file)) : [];
    fs.writeFileSync(file, JSON.stringify([...before, ...Object.keys(require('os').networkInterfaces()), ...said]));
  })();`;

/** The whole product, with a registry of the user's own: nothing of it is real but what is installed. */
describe('an install from a mirror', function () {
  this.timeout(120_000);
  let stage: Stage;
  let files: Record<string, string>;
  before(async () => {
    files = {
      ...await npmPackage('plain', { 'index.js': 'module.exports = "plain";\n' }),
      ...await npmPackage('elsewhere', { 'index.js': '' }, {}, 'https://elsewhere.test/elsewhere/-/elsewhere-1.0.0.tgz'),
      ...await npmPackage('caller', { 'out.js': CALLS_OUT, 'index.js': 'module.exports = require("./said.json");\n' }, { scripts: { postinstall: 'node out.js' } }),
    };
    Object.assign(files, await npmPackage('old', { 'index.js': '' }, { deprecated: 'Use something else.' }), await pythonWheels([
      // What is alike in both, an empty file of tests for one, is nobody's loss.
      { name: 'one', files: { 'shared/__init__.py': 'WHOSE = "one"\n', 'tests/__init__.py': '' } },
      { name: 'two', files: { 'shared/__init__.py': 'WHOSE = "two"\n', 'tests/__init__.py': '' } },
      { name: 'three', files: { 'three.py': '' }, yanked: 'it was a mistake' },
    ]));
    stage = await openStage({ 'registry.test': [['self']], 'elsewhere.test': [['self']] }, { env: { PETRI_REGISTRIES: 'npm=https://registry.test/ pip=https://registry.test/simple/' }, files });
  });
  after(() => stage?.close());

  const sandboxWith = async (...dependencies: string[]) => (await stage.bench.folderSandbox({ 'package.json': app(...dependencies), 'main.js': `console.log(JSON.stringify(require('${dependencies[0]}')))\n` }, 'node')).sandbox;
  const latest = (sandboxId: string): DependencySetRow => stage.deps.store.listDependencySets({ sandboxId, limit: 1 })[0]!;

  it('has in its record what the mirror saw: every request, its bytes and its hash', async () => {
    const sandbox = await sandboxWith('plain');
    const before = (await stage.upstream.requests()).length;
    const { done, stdout } = await stage.bench.run(sandbox, ['node', 'main.js']);
    assert.deepEqual([done.reason, stdout.toString()], ['exited', '"plain"\n']);
    const seen = (await stage.upstream.requests()).slice(before).map(({ method, url }) => ({ method, path: url, bytes: bodyOf(url).length, sha256: createHash('sha256').update(bodyOf(url)).digest('hex') }));
    assert.deepEqual(seen.map(({ path }) => path), ['/plain', '/plain/-/plain-1.0.0.tgz']);
    const { decisions } = latest(sandbox);
    assert.deepEqual(decisions.map(({ method, path, bytes, sha256 }) => ({ method, path, bytes, sha256 })), seen);
    for (const { host, port, address, allowed, rule } of decisions) assert.deepEqual([host, port, address, allowed, rule], ['registry.test', 443, stage.upstream.address, true, 'registry']);
  });

  const bodyOf = (path: string) => Buffer.from(files[path]!, 'base64');

  it('runs a package\'s script only where it can call nobody', async () => {
    const sandbox = await sandboxWith('caller');
    const before = (await stage.upstream.log()).length;
    const { stdout } = await stage.bench.run(sandbox, ['node', 'main.js']);
    assert.deepEqual(JSON.parse(stdout.toString()), ['lo', 'direct ENETUNREACH']);
    assert.deepEqual((await stage.upstream.log()).slice(before).flatMap((one) => (one.kind === 'http' ? [one.url] : [])), ['/caller', '/caller/-/caller-1.0.0.tgz']);
  });

  it('tells what of it is deprecated, withdrawn, or overwrites another package\'s files, and installs it all the same', async () => {
    const node = await stage.bench.run(await sandboxWith('old'), ['node', 'main.js']);
    assert.deepEqual([node.done.exit_code, node.notices.map(({ code, message }) => [code, message])], [
      0, [['dependencies', 'package.json:1: old 1.0.0 is deprecated by its authors: Use something else.']],
    ]);
    const { sandbox } = await stage.bench.folderSandbox({ 'requirements.txt': 'one\ntwo\nthree==1.0\n', 'main.py': 'import shared; print(shared.WHOSE)\n' }, 'python');
    const { done, stdout, notices, installed } = await stage.bench.run(sandbox, ['python', 'main.py']);
    assert.deepEqual([done.exit_code, notices.map(({ message }) => message)], [0, [
      'three 1.0 was withdrawn (yanked) by its authors: it was a mistake. It is installed because exactly this version is asked for.',
      `one and two overwrite each other: both bring shared/__init__.py. What is there now is ${stdout.toString().trim()}'s. Keep one of them.`,
    ]]);
    for (const { message } of notices) assert.ok(installed.includes(message), 'the log has it too');
  });

  it('that leads to another host is refused by its name, whoever says so', async () => {
    const sandbox = await sandboxWith('elsewhere');
    await assert.rejects(stage.bench.run(sandbox, ['node', 'main.js']), (error: PetriError) => /elsewhere\.test/.test(`${error.message} ${error.details?.join(' ')}`));
    assert.deepEqual(latest(sandbox).decisions.filter(({ allowed }) => !allowed).map(({ host, rule }) => [host, rule]), [['elsewhere.test', 'host']]);
    assert.ok((await stage.upstream.requests()).every(({ headers }) => headers['host'] !== 'elsewhere.test'));
  });

  it('whose gateway is killed fails, is recorded so, and leaves nothing', async () => {
    const sandbox = await sandboxWith('silence');
    const failed = assert.rejects(stage.bench.run(sandbox, ['node', 'main.js']), { code: 'engine-failed', message: /gateway/ });
    await eventually(async () => (await stage.upstream.requests()).some(({ url }) => url === '/silence'), 'the install asked for nothing', 60);
    const [gateway] = await stage.deps.engine.listContainers({ [`${LABEL}role`]: 'gateway', [`${LABEL}sandbox`]: sandbox, [`${LABEL}install`]: stage.deps.store.installId });
    await stage.deps.engine.killContainer(gateway!.id, 'SIGKILL');
    await failed;
    assert.deepEqual([latest(sandbox).status, latest(sandbox).error?.code], ['failed', 'engine-failed']);
    const { networks, containers } = await stage.bench.onEngine();
    assert.deepEqual([networks, containers.filter((name) => name.includes('gateway') || name.includes('install'))], [[], []]);
  });
});
