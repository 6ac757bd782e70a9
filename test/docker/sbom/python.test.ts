import assert from 'node:assert/strict';
import { componentsOf, type Component } from '../support/billOfMaterials';
import { makeFolder, type Folder } from '../support/folder';
import { openBench, type Bench } from '../support/petri';

const PIP_LIST = ['/usr/bin/python3', '-m', 'pip', '--python', '/sandbox/deps/venv/bin/python', 'list', '--format=json', '--disable-pip-version-check'];

describe('The bill of materials of a Python run', function () {
  this.timeout(600_000);
  let bench: Bench;
  let folder: Folder;
  let sandbox: string;
  before(async () => {
    bench = await openBench();
    folder = makeFolder({ 'requirements.txt': 'flask\nnumpy\npyyaml\nrequests\n' });
    sandbox = await bench.sandbox({ folder: folder.path, language: 'python' });
  });
  after(async () => {
    await bench?.close();
    folder?.remove();
  });

  it('is valid, lists exactly what pip lists and the image’s own packages, and what the gateway saw', async () => {
    const { done, stdout } = await bench.run(sandbox, PIP_LIST);
    const pip = (JSON.parse(stdout.toString()) as Array<{ name: string; version: string }>).map(({ name, version }) => `${name} ${version}`).sort();
    const own = await componentsOf(bench, done.run_id, 'pypi');
    assert.deepEqual(own.map(({ name, version }) => `${name} ${version}`).sort(), pip);
    assert.ok(pip.length >= 10, `${pip.length} packages`);
    for (const { name, hashes, properties = [], licenses } of own) {
      assert.match(hashes?.find(({ alg }) => alg === 'SHA-256')?.content ?? '', /^[0-9a-f]{64}$/, `${name}: the digest of the wheel that the gateway saw`);
      assert.deepEqual(properties.filter((one) => one.name === 'petri:warning'), [], name);
      assert.ok(licenses?.length, `${name} has a licence`);
    }
    const dpkg = await bench.run(sandbox, ['dpkg-query', '-W', '-f', '${db:Status-Status} ${Package} ${Version}\\n']);
    const system = dpkg.stdout.toString().split('\n').filter((line) => line.startsWith('installed ')).map((line) => line.slice('installed '.length)).sort();
    assert.deepEqual((await componentsOf(bench, done.run_id, 'deb')).map(({ name, version }) => `${name} ${version}`).sort(), system);
  });

  it('is the same bytes for every run with the same set and image, and outlives the set', async () => {
    const first = await bench.run(sandbox, 'true');
    const one = await bench.petri.sbom(first.done.run_id, 'cyclonedx');
    const again = await bench.run(sandbox, 'true');
    assert.equal(await bench.petri.sbom(again.done.run_id, 'cyclonedx'), one);
    folder.write('requirements.txt', 'six\n');
    const other = await bench.run(sandbox, ['python', '-c', 'import six']);
    assert.equal(other.done.exit_code, 0, other.stderr.toString());
    assert.equal(await bench.petri.sbom(first.done.run_id, 'cyclonedx'), one);
    const changed = JSON.parse(await bench.petri.sbom(other.done.run_id, 'cyclonedx')) as { components: Component[] };
    assert.deepEqual(changed.components.filter(({ purl }) => purl?.startsWith('pkg:pypi/')).map(({ name }) => name), ['six']);
  });

  it('tells of a package that the gateway never saw', async () => {
    const { done } = await bench.run(sandbox, 'true');
    const row = bench.store.getDependencySet(bench.record(done.run_id).dependency_set!)!;
    await bench.deps.inventories.remove(row.id);
    bench.store.updateDependencySet(row.id, { decisions: row.decisions.map((decision) => ({ ...decision, path: decision.path.replace('six', 'seven') })) });
    const { components } = JSON.parse(await bench.petri.sbom(done.run_id, 'cyclonedx')) as { components: Component[] };
    const six = components.find(({ name }) => name === 'six');
    assert.match(six?.properties?.find(({ name }) => name === 'petri:warning')?.value ?? '', /never saw|saw no artefact/);
  });
});

describe('A missing import of Python', function () {
  this.timeout(600_000);
  let bench: Bench;
  before(async () => { bench = await openBench(); });
  after(async () => { await bench?.close(); });

  it('is named with its place and its package, added to a manifest of its own, and gone after the install', async () => {
    const folder = makeFolder({ 'main.py': 'import os\nimport slugify\nprint(slugify.slugify("a b"))\n', 'requirements.txt': '# nothing yet\n' });
    try {
      const sandbox = await bench.sandbox({ folder: folder.path, language: 'python' });
      const { done } = await bench.run(sandbox, ['python', 'main.py']);
      const missing = [{ language: 'python', import: 'slugify', package: 'python-slugify', path: 'main.py', line: 2, column: 8 }];
      assert.deepEqual(done.missing, missing);
      assert.deepEqual(bench.record(done.run_id).missing, missing);
      const edit = await bench.petri.addDependency(sandbox, { package: 'python-slugify' });
      assert.deepEqual([edit.path, edit.after], ['requirements.txt', '# nothing yet\npython-slugify\n']);
      folder.write(edit.path, edit.after);
      const second = await bench.run(sandbox, ['python', 'main.py']);
      assert.deepEqual([second.done.missing, second.stdout.toString()], [[], 'a-b\n']);
      assert.deepEqual(await bench.petri.missingImports(sandbox), []);
    } finally {
      folder.remove();
    }
  });
});
