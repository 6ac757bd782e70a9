import assert from 'node:assert/strict';
import { licenceText } from '../../../src/engine/sbom/licences';
import { pythonContents } from '../../../src/engine/sbom/python';
import { MemoryReader } from './memoryReader';

const SITE = '/sandbox/deps/venv/lib/python3.13/site-packages';
const MIT = 'Permission is hereby granted, free of charge, to any person obtaining a copy …\nThe above copyright notice and this permission notice shall be included.';

function dist(name: string, version: string, fields: string, files: Record<string, string | Buffer> = {}): Record<string, string | Buffer> {
  const folder = `${SITE}/${name}-${version}.dist-info`;
  return {
    [`${folder}/METADATA`]: `Metadata-Version: 2.4\nName: ${name}\nVersion: ${version}\n${fields}\n\nLicense: this is the description\n`,
    ...Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content])),
  };
}

const read = (files: ConstructorParameters<typeof MemoryReader>[0]) => pythonContents(new MemoryReader(files), ['/sandbox/deps/venv/lib']);

describe('Python packages of a dependency set', () => {
  it('take their licence from the expression, the field, the classifiers or the file, and leave it open otherwise', async () => {
    const { packages } = await read({
      ...dist('by_expression', '1', 'License-Expression: MIT AND (Apache-2.0 OR BSD-2-Clause)\nLicense: GPL'),
      ...dist('by_field', '1', 'License: Apache License 2.0\nClassifier: License :: OSI Approved :: MIT License'),
      ...dist('by_classifier', '1', 'License: UNKNOWN\nClassifier: Topic :: Text\nClassifier: License :: OSI Approved :: MIT License'),
      ...dist('by_file', '1', 'Classifier: License :: OSI Approved :: BSD License', { 'licenses/LICENSE': MIT }),
      ...dist('vague', '1', 'Classifier: License :: OSI Approved :: BSD License'),
      ...dist('silent', '1', 'License: see the web site'),
      ...dist('no_expression', '1', 'License-Expression: (((((nonsense'),
    });
    assert.deepEqual(Object.fromEntries(packages.map((one) => [one.name, licenceText(one.licences)])), {
      by_expression: 'MIT AND (Apache-2.0 OR BSD-2-Clause)', by_field: 'Apache-2.0', by_classifier: 'MIT', by_file: 'MIT', vague: 'BSD License', silent: '',
      no_expression: '(((((nonsense',
    });
    assert.equal(packages.find((one) => one.name === 'by_file')?.licences[0]?.concluded, true);
  });

  it('hang together by what they require, not by what an extra of theirs would', async () => {
    const { packages } = await read({
      ...dist('Flask', '3.1', 'Requires-Dist: Werkzeug>=3 ; python_version > "3"\nRequires-Dist: absent\nRequires-Dist: pytest ; extra == "dev"'),
      ...dist('werkzeug', '3.2', ''), ...dist('pytest', '9', ''),
    });
    assert.deepEqual(packages.find((one) => one.name === 'Flask')?.dependsOn, ['pkg:pypi/werkzeug@3.2']);
  });

  it('say what can be imported, through namespaces too', async () => {
    const record = 'numpy/__init__.py,sha256=x,1\nnumpy/linalg/__init__.py,,\nsix.py,,\n_cffi_backend.cpython-313-x86_64-linux-gnu.so,,\n'
      + 'google/cloud/storage/__init__.py,,\ngoogle/cloud/storage/client.py,,\n../../../bin/tool,,\na-1.dist-info/RECORD,,\n"odd, name.py",,\nnumpy/__pycache__/x.cpython-313.pyc,,\n';
    const { modules } = await read(dist('a', '1', '', { RECORD: record }));
    assert.deepEqual(modules, ['_cffi_backend', 'google.cloud.storage', 'numpy', 'six']);
  });

  it('are named by their folder when their metadata is huge, a link, or no text', async () => {
    const reader = new MemoryReader({
      [`${SITE}/huge-1.0.dist-info/METADATA`]: { size: 200 * 1024 * 1024 },
      [`${SITE}/linked-2.0.dist-info/METADATA`]: { link: '/etc/passwd' },
      [`${SITE}/garbage-3.0.dist-info/METADATA`]: Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28]),
    });
    const { packages } = await pythonContents(reader, ['/sandbox/deps/venv/lib']);
    assert.deepEqual(packages.map((one) => [one.name, one.version, one.warnings.length]), [['garbage', '3.0', 1], ['huge', '1.0', 1], ['linked', '2.0', 1]]);
    assert.deepEqual(reader.leftOut, [`${SITE}/huge-1.0.dist-info/METADATA has 209715200 bytes and was not read.`]);
    assert.deepEqual(reader.asked.filter((path) => path.includes('linked')), []);
  });

  it('cannot write controls, directions or megabytes into the list', async () => {
    const { packages } = await read(dist('x', '1', `License: \u001b[2J\u202eevil${'a'.repeat(5000)}`));
    const [first] = packages;
    assert.equal(licenceText(first!.licences).startsWith('[2Jevilaaa'), true);
    assert.equal(licenceText(first!.licences).length, 120);
  });

  it('are told on when two have one name, or one writes over another’s file', async () => {
    const { packages } = await read({
      ...dist('requests', '2.0', '', { RECORD: 'requests/__init__.py,,\n' }), ...dist('Requests', '9.9', ''),
      ...dist('evil', '1', '', { RECORD: 'requests/__init__.py,,\nevil.py,,\n' }),
    });
    const warnings = Object.fromEntries(packages.map((one) => [`${one.name} ${one.version}`, one.warnings]));
    assert.deepEqual(warnings['requests 2.0'], ['It has written over requests/__init__.py, a file of evil.', 'Two packages of this name are installed.']);
    assert.deepEqual(warnings['Requests 9.9'], ['Two packages of this name are installed.']);
  });

  it('say so when they come from no registry', async () => {
    const { packages } = await read(dist('mine', '1', '', { 'direct_url.json': '{"url":"https://example.com/mine.git","vcs_info":{"vcs":"git","commit_id":"abc"}}' }));
    assert.deepEqual(packages[0]?.qualifiers, { vcs_url: 'https://example.com/mine.git' });
    assert.match(packages[0]?.warnings[0] ?? '', /not come from a registry but from https:\/\/example\.com\/mine\.git/);
  });
});
