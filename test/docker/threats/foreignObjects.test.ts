import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LABEL } from '../../../src/engine/container/spec';
import { makeFolder, type Folder } from '../support/folder';
import { engineSocket } from '../support/engineProxy';
import { openBench, type Bench } from '../support/petri';

const IMAGE = process.env['PETRI_BASE_IMAGE'] ?? 'debian:trixie-slim';

/** docker, for what Petri itself never makes. */
function docker(...words: string[]): string {
  const { status, stdout, stderr } = spawnSync('docker', words, { encoding: 'utf8', env: { ...process.env, DOCKER_HOST: `unix://${engineSocket()}` } });
  if (status !== 0) throw new Error(`docker ${words.join(' ')}: ${stderr}`);
  return stdout.trim();
}

describe('what is not ours on the engine', function () {
  this.timeout(120_000);
  const mark = randomBytes(4).toString('hex');
  let stateFolder: string;
  let bench: Bench;
  let folder: Folder;
  let sandbox: string;
  const planted = { containers: [] as string[], volumes: [] as string[], networks: [] as string[], images: [] as string[] };
  before(async () => {
    stateFolder = mkdtempSync(join(tmpdir(), 'petri-bench-'));
    bench = await openBench({ stateFolder });
    folder = makeFolder({ 'a.txt': 'a' });
    sandbox = await bench.sandbox({ folder: folder.path, language: 'python' });
    await bench.run(sandbox, 'true');
    await bench.settled(sandbox);
    plant();
  });
  after(async () => {
    for (const name of planted.containers) docker('rm', '-f', name);
    for (const name of planted.volumes) docker('volume', 'rm', '-f', name);
    for (const name of planted.networks) docker('network', 'rm', name);
    for (const name of planted.images) docker('rmi', '-f', name);
    await bench?.petri.deleteSandbox(sandbox).catch(() => undefined);
    await bench?.close();
    rmSync(stateFolder, { recursive: true, force: true });
    folder?.remove();
  });

  it('outlives reconcile, reset, rm and cleanup of everything that is offered', async () => {
    const before = look();
    assert.equal(before.length, planted.containers.length + planted.volumes.length + planted.networks.length + planted.images.length);
    // Another start of this installation's runner.
    await bench.petri.shutdown('now');
    bench = await openBench({ stateFolder });
    await bench.petri.status();
    assert.deepEqual(look(), before, 'reconcile');
    await bench.run(sandbox, 'cat a.txt');
    await bench.petri.resetSandbox(sandbox);
    assert.deepEqual(look(), before, 'reset');
    await bench.run(sandbox, 'cat a.txt');
    const offered = await bench.petri.cleanupPreview();
    for (const { name, id } of offered) assert.ok(!before.some((line) => line.split(' ').some((word) => word !== '' && (word === name || word === id))), `${id} is offered`);
    const { failed } = await bench.petri.cleanup(offered.filter(({ kind }) => kind !== 'image').map(({ id }) => id));
    assert.deepEqual(failed, []);
    assert.deepEqual(look(), before, 'cleanup');
    assert.deepEqual((await bench.onEngine()).containers, []);
    assert.deepEqual((await bench.onEngine()).volumes, []);
  });

  it('is not cleaned up when somebody asks for it by name', async () => {
    const before = look();
    const ids = [...planted.volumes.map((name) => `volume:${name}`), ...planted.images.map((name) => `image:${name}`), ...planted.containers, 'volume:../../etc', 'sb_0'];
    const { removed, failed } = await bench.petri.cleanup(ids);
    assert.deepEqual([removed, failed.length], [[], ids.length]);
    assert.deepEqual(look(), before);
  });

  /** Of another installation, of nobody, with our names, with our labels but for one letter. */
  function plant(): void {
    const { installId } = bench.store;
    const row = bench.store.getSandbox(sandbox)!;
    const install = `${LABEL}install`;
    const strangers: Array<[string, string[]]> = [
      ['none', []],
      ['other-install', [`${install}=another-${mark}`, `${LABEL}sandbox=${sandbox}`, `${LABEL}role=warm`]],
      ['longer', [`${install}=${installId}0`, `${LABEL}sandbox=${sandbox}`]],
      ['shorter', [`${install}=${installId.slice(0, -1)}`, `${LABEL}sandbox=${sandbox}`]],
      ['empty', [`${install}=`, `${LABEL}sandbox=`]],
      ['key', [`${install}s=${installId}`, `x${install}=${installId}`]],
      ['sandbox-only', [`${LABEL}sandbox=${sandbox}`]],
    ];
    for (const [name, labels] of strangers) {
      const flags = labels.flatMap((label) => ['--label', label]);
      const container = `${row.volume.slice(0, 18)}-${name}-${mark}`;
      docker('create', '--name', container, '--network', 'none', ...flags, IMAGE, 'true');
      planted.containers.push(container);
      const volume = `${row.volume}-${name}-${mark}`;
      docker('volume', 'create', ...flags, volume);
      planted.volumes.push(volume);
      // Each takes an address range; three say as much as seven.
      if (['none', 'other-install', 'longer'].includes(name)) {
        docker('network', 'create', '--internal', ...flags, `petri-${name}-${mark}`);
        planted.networks.push(`petri-${name}-${mark}`);
      }
    }
    const image = `petri-python:${mark}`;
    docker('tag', IMAGE, image);
    planted.images.push(image);
  }

  function look(): string[] {
    const filter = ['--filter', `name=${mark}`];
    return [
      ...docker('ps', '-a', ...filter, '--format', '{{.ID}} {{.Names}}').split('\n'), ...docker('volume', 'ls', ...filter, '--format', '{{.Name}}').split('\n'),
      ...docker('network', 'ls', ...filter, '--format', '{{.ID}} {{.Name}}').split('\n'), ...docker('images', '--format', '{{.Repository}}:{{.Tag}}', planted.images[0]!).split('\n'),
    ].filter((line) => line !== '').sort();
  }
});
