import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import JSZip from 'jszip';
import { Petri } from '../../../src/sdk/typescript/petri';
import { SLOW } from '../window/programs';
import { withSandbox } from '../window/runner';
import { Workbench } from '../window/workbench';

const vsix = process.env.PETRI_TEST_VSIX!;

/** The runner that the window uses, asked over a connection of its own. */
async function runner(): Promise<{ version: string; pid: number; leases: number } | undefined> {
  const petri = await Petri.find({ client: 'test' });
  const status = await petri?.status();
  petri?.close();
  return status;
}

/** A zombie that waits for its parent is gone, too. */
function gone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

describe('The package', () => {
  it('holds what runs, for every platform, and nothing else', async () => {
    const zip = await JSZip.loadAsync(readFileSync(vsix));
    const names = Object.keys(zip.files);
    for (const name of ['dist/extension.cjs', 'dist/runner/petri.cjs', 'dist/runner/runner.cjs', 'dist/images/python/Dockerfile', 'package.nls.json', 'readme.md', 'changelog.md', 'LICENSE.txt']) {
      assert.ok(names.includes(`extension/${name}`), `${name} is missing`);
    }
    const platforms = ['linux', 'linuxmusl', 'darwin', 'win32'].flatMap((system) => ['x64', 'arm64'].map((processor) => `${system}-${processor}`));
    for (const platform of platforms) assert.ok(names.includes(`extension/dist/prebuilds/${platform}.node`), `the database for ${platform} is missing`);
    assert.deepEqual(names.filter((name) => /\.map$|\.ts$|node_modules|\/test\/|\/src\/|\.git|package-lock/.test(name)), []);
    const megabytes = statSync(vsix).size / 1e6;
    console.log(`      ${megabytes.toFixed(2)} MB in ${names.length} files`);
    assert.ok(megabytes < 15, `${megabytes} MB`);
  });
});

describe('Installed into a VS Code that has never seen it', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open('fresh', { 'hello.py': 'print("hello from the package")\n', 'slow.py': SLOW }, 'light');
  });
  after(() => window.close());
  const reload = async () => {
    await window.page.reload();
    await window.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
  };
  const runHello = async () => {
    await window.openFile('hello.py');
    await window.runButton.click();
    await window.output(/\nhello from the package\n\[Exited with code 0 after/);
  };

  it('does the main job', async function () {
    this.timeout(600_000);
    await window.openFile('hello.py');
    assert.equal(await runner(), undefined, 'a runner was started before it was needed');
    await window.runButton.click();
    await window.output(/\nhello from the package\n\[Exited with code 0 after/);
    await window.screenshot('installed');
  });

  it('updated while a run is under way, lets the older runner finish it, and leaves one runner, the newer one', async function () {
    this.timeout(600_000);
    const before = await runner();
    assert.ok(before && before.leases === 1);
    await window.openFile('slow.py');
    await window.runButton.click();
    await window.output(/\n0 1 2 3 /);
    execFileSync(process.execPath, [
      join(process.env.PETRI_TEST_SERVER!, 'out', 'server-main.js'), '--install-extension', process.env.PETRI_TEST_NEWER_VSIX!, '--force',
      '--server-data-dir', process.env.PETRI_TEST_DATA!, '--accept-server-license-terms',
    ], { stdio: 'pipe' });
    await reload();
    await window.status(/running$/);
    await withSandbox(window.folder, (sandbox) => sandbox.exec({ command: 'touch enough' }).result());
    await window.command('Show Output');
    await window.output(/\n0 1 2 [\d\s]*\[Exited with code 5 after/);
    assert.equal((await runner())?.pid, before.pid);
    await reload();
    await runHello();
    const after = await runner();
    assert.ok(after && after.pid !== before.pid && after.version > before.version, `${before.version} → ${after?.version}`);
    assert.equal(after.leases, 1);
    assert.ok(gone(before.pid), 'the older runner is still there');
  });

  it('reloaded, keeps its runner, with one lease', async () => {
    const before = await runner();
    await reload();
    await runHello();
    assert.partialDeepStrictEqual(await runner(), { pid: before!.pid, leases: 1 });
  });
});
