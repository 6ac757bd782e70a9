import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManifestEdit } from '../../../src/protocol/missing';
import { FakeRunner, RUN_ID, SANDBOX_ID, json, sandboxInfo } from '../sdk/fakeRunner';
import { CommandLine } from './commandLine';

const DOCUMENT = JSON.stringify({
  metadata: { component: { properties: [{ name: 'petri:incomplete', value: 'One file was too big.' }] } },
  components: [
    { type: 'container', name: 'image' },
    { type: 'library', name: 'libc6', group: 'debian', version: '2.41', purl: 'pkg:deb/debian/libc6@2.41', licenses: [{ license: { id: 'LGPL-2.1-or-later' } }] },
    { type: 'library', name: 'zed', version: '1', purl: 'pkg:pypi/zed@1', properties: [{ name: 'petri:warning', value: 'Never \u001b[2Jseen.' }] },
    { type: 'library', name: 'core', group: '@babel', version: '7', purl: 'pkg:npm/%40babel/core@7', licenses: [{ expression: 'MIT OR ISC' }] },
  ],
});

describe('petri add and petri sbom', function () {
  this.timeout(20_000);
  let petri: CommandLine;
  let runner: FakeRunner;
  let folder: string;
  const asked: string[] = [];
  before(async () => { petri = await CommandLine.bundle(); });
  after(() => petri.remove());
  beforeEach(async () => {
    runner = await FakeRunner.start();
    folder = mkdtempSync(join(tmpdir(), 'petri-folder-'));
    asked.length = 0;
    runner.on(/^POST \/v1\/sandboxes$/, (response) => json(response, 200, sandboxInfo({ folder })));
    runner.on(/sbom$/, (response, _request, url) => {
      asked.push(url.search);
      response.writeHead(200, { 'content-type': 'application/json' }).end(DOCUMENT);
    });
  });
  afterEach(async () => {
    await runner.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await petri.run(runner.env, args, { cwd: folder });
    return { code, stdout: stdout.toString(), stderr };
  };
  const answersEdit = (before: string | null, after: string) => {
    const edit: ManifestEdit = {
      path: 'requirements.txt', package: 'requests', after, edit: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 }, text: after },
      before: before === null ? null : createHash('sha256').update(before).digest('hex'),
    };
    runner.on(new RegExp(`^POST /v1/sandboxes/${SANDBOX_ID}/dependencies/add$`), (response) => json(response, 200, edit));
  };

  it('writes the manifest that the runner answered, and makes one where there is none', async () => {
    writeFileSync(join(folder, 'requirements.txt'), 'flask\n', { mode: 0o640 });
    answersEdit('flask\n', 'flask\nrequests\n');
    assert.deepEqual(await run('add', '.', 'requests', '--no-install'), { code: 0, stdout: 'Changed requirements.txt: added requests.\n', stderr: '' });
    assert.equal(readFileSync(join(folder, 'requirements.txt'), 'utf8'), 'flask\nrequests\n');
    rmSync(join(folder, 'requirements.txt'));
    answersEdit(null, 'requests\n');
    assert.equal((await run('add', '.', 'requests', '--no-install')).stdout, 'Made requirements.txt: added requests.\n');
    assert.deepEqual(readdirSync(folder), ['requirements.txt']);
  });

  it('writes nothing over a file that changed meanwhile, appeared meanwhile, or is a link', async () => {
    writeFileSync(join(folder, 'requirements.txt'), 'mine\n');
    for (const before of ['flask\n', null]) {
      answersEdit(before, 'requests\n');
      const { code, stderr } = await run('add', '.', 'requests', '--no-install');
      assert.equal(code, 1);
      assert.match(stderr, /changed meanwhile; nothing was written/);
      assert.equal(readFileSync(join(folder, 'requirements.txt'), 'utf8'), 'mine\n');
    }
    rmSync(join(folder, 'requirements.txt'));
    symlinkSync('elsewhere', join(folder, 'requirements.txt'));
    writeFileSync(join(folder, 'elsewhere'), 'mine\n');
    answersEdit('mine\n', 'requests\n');
    assert.equal((await run('add', '.', 'requests', '--no-install')).code, 1);
    assert.equal(readFileSync(join(folder, 'elsewhere'), 'utf8'), 'mine\n');
  });

  it('prints a run’s bill of materials as it came, or as SPDX', async () => {
    assert.equal((await run('sbom', RUN_ID)).stdout, DOCUMENT);
    await run('sbom', RUN_ID, '--spdx');
    assert.deepEqual(asked, ['?format=cyclonedx', '?format=spdx']);
  });

  it('writes it to a new file only', async () => {
    assert.equal((await run('sbom', RUN_ID, '-o', 'sbom.json')).code, 0);
    assert.equal(readFileSync(join(folder, 'sbom.json'), 'utf8'), DOCUMENT);
    writeFileSync(join(folder, 'sbom.json'), 'evidence');
    assert.equal((await run('sbom', RUN_ID, '-o', 'sbom.json')).code, 1);
    assert.equal(readFileSync(join(folder, 'sbom.json'), 'utf8'), 'evidence');
    assert.equal(existsSync(join(folder, '-o')), false);
  });

  it('shows it as a table: the project’s packages first, licences or `unknown`, and what is odd', async () => {
    const { stdout } = await run('sbom', RUN_ID, '--table');
    assert.deepEqual(stdout.split('\n').map((line) => line.replace(/ +/g, ' ')), [
      'PACKAGE VERSION LICENCE FROM', '@babel/core 7 MIT OR ISC npm', 'zed 1 unknown pypi !', 'libc6 2.41 LGPL-2.1-or-later image',
      '2 packages of the project, 1 of the image.', '! zed: Never \\x1b[2Jseen.', 'Incomplete: One file was too big.', '',
    ]);
  });
});
