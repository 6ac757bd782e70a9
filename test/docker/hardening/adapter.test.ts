import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { pack } from 'tar-stream';
import type { Readable } from 'node:stream';
import { PetriError } from '../../../src/engine/errors';
import { Rig } from './rig';

const dockerfile = (text: string): Readable => {
  const tar = pack();
  tar.entry({ name: 'Dockerfile' }, text);
  tar.finalize();
  return tar as unknown as Readable;
};

describe('the adapter, on a real engine', function () {
  this.timeout(120_000);
  const rig = new Rig();
  const tag = () => `${rig.installId}:1`;
  after(() => rig.engine.removeImage(tag()).catch(() => undefined));

  it('says what the engine is @smoke', () => {
    assert.match(rig.info.apiVersion, /^1\.\d+$/);
    assert.ok(rig.info.cpus > 0 && rig.info.memoryBytes > 0 && rig.info.runtimes.length > 0);
    assert.notEqual(rig.info.name, 'other');
  });

  it('gives both streams byte for byte and apart, and stdin as it was sent @smoke', async () => {
    const { id } = await rig.create('cat; echo to-stderr >&2; exit 7');
    const attachment = await rig.engine.attach(id);
    const got = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    attachment.onOutput((stream, chunk) => { got[stream].push(chunk); });
    await rig.engine.startContainer(id);
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
    await attachment.write(sent);
    attachment.endInput();
    const [{ exitCode }] = await Promise.all([rig.engine.waitContainer(id), attachment.closed]);
    assert.equal(exitCode, 7);
    assert.deepEqual(Buffer.concat(got.stdout), sent);
    assert.equal(Buffer.concat(got.stderr).toString(), 'to-stderr\n');
  });

  it('holds a program back while nobody takes its output', async () => {
    const { id } = await rig.create('head -c 50000000 /dev/zero; date +%s%N >&2');
    const attachment = await rig.engine.attach(id);
    let bytes = 0, ended = '', release = () => {};
    const held = new Promise<void>((resolve) => { release = resolve; });
    attachment.onOutput((stream, chunk) => {
      if (stream === 'stderr') ended += chunk.toString();
      else bytes += chunk.length;
      return held;
    });
    await rig.engine.startContainer(id);
    await sleep(1500);
    assert.equal((await rig.engine.inspectContainer(id))?.running, true, 'it must wait for its reader');
    assert.ok(bytes < 1_000_000);
    release();
    await attachment.closed;
    assert.equal(bytes, 50_000_000);
    assert.ok(ended);
  });

  it('a terminal: raw bytes, and its size', async () => {
    const { id } = await rig.create('read go; stty size', { tty: true });
    const attachment = await rig.engine.attach(id, true);
    let out = '';
    attachment.onOutput((_stream, chunk) => { out += chunk.toString(); });
    await rig.engine.startContainer(id);
    await rig.engine.resizeTty(id, 123, 45);
    await attachment.write(Buffer.from('go\n'));
    await attachment.closed;
    assert.match(out, /45 123\r\n/);
  });

  it('exec answers the exit code, as the container\'s own user', async () => {
    const running = await rig.start('sleep 60');
    assert.equal(await rig.engine.exec(running.id, ['sh', '-c', 'test "$(id -u)" = 39001 && exit 5']), 5);
    assert.equal(await rig.engine.exec(running.id, ['true']), 0);
    await running.stop();
  });

  it('a killed container is told by its exit code; killing and removing twice is fine', async () => {
    const running = await rig.start('exec sleep 60');
    await rig.engine.killContainer(running.id, 'SIGKILL');
    assert.equal((await running.ended).exitCode, 137);
    await rig.engine.killContainer(running.id, 'SIGKILL');
    await running.stop();
    await running.stop();
    assert.equal(await rig.engine.inspectContainer(running.id), undefined);
  });

  it('lists by labels, and only what carries all of them', async () => {
    const { id, name } = await rig.create('true');
    const ours = { ...rig.labels, 'dev.jhansi.petri.role': 'run' };
    assert.deepEqual((await rig.engine.listContainers(ours)).filter((found) => found.id === id).map((found) => [found.name, found.running]), [[name, false]]);
    assert.deepEqual(await rig.engine.listContainers({ ...rig.labels, 'dev.jhansi.petri.role': 'warm' }), []);
    assert.deepEqual(await rig.engine.listVolumes({ ...rig.labels, other: 'x' }), []);
    assert.deepEqual((await rig.engine.listVolumes(rig.labels)).map((volume) => volume.name), [rig.volume]);
    assert.ok((await rig.engine.listNetworks({})).length > 0);
  });

  it('a volume somebody else made is refused, ours is made twice without harm', async () => {
    await rig.engine.createVolume(rig.volume, rig.labels);
    await assert.rejects(rig.engine.createVolume(rig.volume, { ...rig.labels, 'dev.jhansi.petri.install': 'another' }), { code: 'conflict' });
    await rig.run('head -c 1000000 /dev/zero > /sandbox/workspace/big');
    assert.ok((await rig.engine.volumeSizes()).get(rig.volume)! >= 1_000_000);
    assert.equal(await rig.engine.inspectVolume(`${rig.volume}-absent`), undefined);
    await rig.engine.removeVolume(`${rig.volume}-absent`);
  });

  it('an image that is not there: missing', async () => {
    const spec = await rig.spec('true');
    await assert.rejects(rig.engine.createContainer(`${rig.installId}-none`, { ...spec, image: `sha256:${'0'.repeat(64)}` }), { code: 'image-missing' });
  });

  it('builds an image, with progress, arguments and labels', async function () {
    // gVisor keeps what a build step writes in an overlay of its own, which the classic builder never sees.
    if (rig.info.defaultRuntime.includes('runsc')) return this.skip();
    const progress: string[] = [];
    const text = `ARG BASE\nFROM $BASE\nARG WORD\nRUN echo "the word is $WORD" > /word\n`;
    await rig.engine.buildImage({ context: dockerfile(text), tag: tag(), buildArgs: { BASE: rig.baseImage, WORD: 'yes' }, labels: rig.labels }, (line) => progress.push(line));
    assert.ok(progress.some((line) => line.includes('RUN echo')));
    assert.equal((await rig.run('cat /word', { image: tag() })).out, 'the word is yes\n');
    const image = (await rig.engine.inspectImage(tag()))!;
    assert.equal(image.labels['dev.jhansi.petri.install'], rig.installId);
    assert.deepEqual((await rig.engine.listImages(rig.labels)).map(({ id }) => id), [image.id]);
  });

  it('gives a proxy to the steps of a build without a word in the Dockerfile, and leaves none of it in the image', async function () {
    if (rig.info.defaultRuntime.includes('runsc')) return this.skip();
    const text = `FROM ${rig.baseImage}\nRUN echo "by $http_proxy and $https_proxy" > /way\n`;
    await rig.engine.buildImage({ context: dockerfile(text), tag: tag(), buildArgs: { http_proxy: 'http://a.test:1', https_proxy: 'http://b.test:2' }, labels: rig.labels }, () => {});
    assert.equal((await rig.run('cat /way; env', { image: tag() })).out.replace(/^(?!by |.*proxy).*\n/gm, ''), 'by http://a.test:1 and http://b.test:2\n');
    assert.doesNotMatch((await rig.engine.inspectImage(tag()))!.environment.join(), /proxy/);
  });

  it('a build that fails says what the failing step said', async () => {
    const build = rig.engine.buildImage({ context: dockerfile(`FROM ${rig.baseImage}\nRUN echo because-of-this; exit 3\n`), tag: tag(), buildArgs: {}, labels: {} }, () => {});
    const error = await build.catch((reason: unknown) => reason);
    assert.ok(error instanceof PetriError && error.code === 'image-build-failed');
    assert.match(error.details!.join('\n'), /because-of-this/);
  });

  it('a build whose base cannot be had, and a pull without a registry: missing, by name', async () => {
    const absent = '127.0.0.1:9/petri-test/absent:1';
    const build = rig.engine.buildImage({ context: dockerfile('ARG BASE\nFROM ${BASE}\nRUN true\n'), tag: tag(), buildArgs: { BASE: absent }, labels: {} }, () => {});
    await assert.rejects(build, { code: 'image-missing', message: /127\.0\.0\.1:9\/petri-test\/absent:1/ });
    await assert.rejects(rig.engine.pullImage(absent, () => {}), { code: 'image-missing', message: /petri-test\/absent:1/ });
  });

  // The init process starts first, so the engine sees no failure: the launcher's own silence must be noticed.
  it('in an image without a shell the container starts, and ends at once', async () => {
    const tar = pack();
    tar.entry({ name: 'Dockerfile' }, 'FROM scratch\nCOPY x /x\n');
    tar.entry({ name: 'x' }, 'x');
    tar.finalize();
    const image = `${rig.installId}:empty`;
    await rig.engine.buildImage({ context: tar as unknown as Readable, tag: image, buildArgs: {}, labels: {} }, () => {});
    try {
      const { exitCode, err } = await rig.run('true', { image });
      assert.equal(exitCode, rig.info.name === 'docker' ? 127 : 1);
      assert.match(err, /No such file/);
    } finally {
      await rig.engine.removeImage(image);
    }
  });
});
