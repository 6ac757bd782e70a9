import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { pack } from 'tar-stream';
import { LABEL } from '../../../src/engine/container/spec';
import type { DependencySetRow } from '../../../src/engine/ports/store';
import { openBench, type Bench } from '../support/petri';

const SITE = 'venv/lib/python3.13/site-packages';

/** Sets that no install would make, and a package's own script could. */
describe('The list of a hostile dependency set', function () {
  this.timeout(300_000);
  let bench: Bench;
  let imageId: string;
  const volumes: string[] = [];
  before(async () => {
    bench = await openBench();
    const sandbox = await bench.sandbox({ language: 'python' });
    const { done } = await bench.run(sandbox, 'true');
    imageId = bench.record(done.run_id).image_id!;
  });
  after(async () => {
    for (const volume of volumes) await bench?.engine.removeVolume(volume);
    await bench?.close();
  });

  /** What is listed of a volume that holds exactly these entries. */
  async function listed(entries: Array<{ name: string; content?: string; link?: string; type?: 'fifo' }>, language: 'python' | 'node' = 'python') {
    const suffix = randomBytes(16).toString('hex');
    const volume = `petri-${suffix}-hostile`;
    volumes.push(volume);
    await bench.engine.createVolume(volume, { [`${LABEL}install`]: bench.store.installId });
    const archive = pack();
    for (const { name, content = '', link, type } of entries) {
      if (link !== undefined) archive.entry({ name, type: 'symlink', linkname: link });
      else if (type) archive.entry({ name, type });
      else archive.entry({ name, mode: 0o644 }, content);
    }
    archive.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    const engineInfo = await bench.engine.info();
    const image = (await bench.engine.inspectImage(imageId))!;
    const filler = await bench.deps.warm.start({
      sandboxId: '', uid: 29_996, limits: { cpus: 1, memory_bytes: 2 ** 28, pids: 64, disk_bytes: 2 ** 28, disk_files: 1000, seconds: 0, output_bytes: 2 ** 16 },
      image, engineInfo, runtime: undefined, mounts: [{ volume, target: '/sandbox/deps' }], seeds: [{ target: '/sandbox/deps', folders: [['venv', 0o755], ['node', 0o755]] }],
    });
    const padded = Buffer.concat([...chunks, Buffer.alloc(10_240 - (chunks.reduce((sum, one) => sum + one.length, 0) % 10_240))]);
    await filler.launcher.call('fill', [], padded);
    filler.launcher.destroy();
    await bench.deps.warm.remove(filler.name);
    const row = { id: `dep_${suffix}`, sandboxId: '', key: suffix, volume, language, root: '', manifest: '', inputs: [], status: 'ready', createdAt: 0, endedAt: 0, packages: null, error: null, decisions: [], lockedKey: null };
    return bench.deps.inventory.ofSet(row as DependencySetRow, imageId);
  }

  it('follows no link, opens no pipe, and is not stopped by either', async () => {
    const { packages } = await listed([
      { name: `${SITE}/linked-1.0.dist-info/METADATA`, link: '/etc/passwd' },
      { name: `${SITE}/folder-2.0.dist-info`, link: '/etc' },
      { name: `${SITE}/piped-3.0.dist-info/METADATA`, type: 'fifo' },
      { name: `${SITE}/good-4.0.dist-info/METADATA`, content: 'Metadata-Version: 2.4\nName: good\nVersion: 4.0\nLicense-Expression: MIT\n' },
    ]);
    const text = JSON.stringify(packages);
    assert.doesNotMatch(text, /root:x:|sandbox30000/);
    assert.deepEqual(packages.map((one) => `${one.name} ${one.version} ${one.warnings.length}`), ['folder 2.0 1', 'good 4.0 0', 'linked 1.0 1', 'piped 3.0 1']);
  });

  it('leaves out what is too big, and says so', async () => {
    const { packages, incomplete } = await listed([{ name: `${SITE}/huge-1.0.dist-info/METADATA`, content: `Name: other\n\n${'x'.repeat(6 * 1024 * 1024)}` }]);
    assert.deepEqual(packages.map((one) => one.name), ['huge']);
    assert.match(incomplete.join('\n'), /huge-1\.0\.dist-info\/METADATA has 6291\d+ bytes and was not read/);
  });

  it('keeps names with line ends, quotes and leading dashes apart', async () => {
    const { packages } = await listed([
      { name: 'node/node_modules/a\nb/package.json', content: '{"name":"new\\nline","version":"1"}' },
      { name: 'node/node_modules/-rf/package.json', content: '{"name":"-rf","version":"1"}' },
      { name: 'node/node_modules/$(touch x)/package.json', content: '{"name":"$(touch x)","version":"1"}' },
    ], 'node');
    assert.deepEqual(packages.map((one) => one.name).sort(), ['$(touch x)', '-rf', 'new line']);
  });
});
