import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { PetriError } from '../../../src/engine/errors';
import { LANGUAGES } from '../../../src/protocol/sandbox';
import { BundledImages } from '../../../src/runner/images/bundledImages';

const SHIPPED = join(process.cwd(), 'images');

describe('bundled images', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'petri-images-'));
    mkdirSync(join(folder, 'go'));
    writeFileSync(join(folder, 'go', 'Dockerfile'), 'FROM a\n');
    writeFileSync(join(folder, 'go', 'extra.txt'), 'more');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('names each shipped language by its content', () => {
    const images = new BundledImages(SHIPPED, {});
    const tags = LANGUAGES.map((language) => images.tag(language));
    for (const [index, language] of LANGUAGES.entries()) assert.match(tags[index]!, new RegExp(`^petri-${language}:[0-9a-f]{12}$`));
    assert.deepEqual(LANGUAGES.map((language) => new BundledImages(SHIPPED, {}).tag(language)), tags);
  });

  it('gives a changed file, another name or another base another tag', () => {
    const before = new BundledImages(folder, {}).tag('go');
    const otherBase = new BundledImages(folder, { PETRI_BASE_IMAGE: 'mirror.example/debian:trixie' }).tag('go');
    writeFileSync(join(folder, 'go', 'extra.txt'), 'less');
    const changed = new BundledImages(folder, {}).tag('go');
    rmSync(join(folder, 'go', 'extra.txt'));
    writeFileSync(join(folder, 'go', 'extra'), 'less');
    const renamed = new BundledImages(folder, {}).tag('go');
    assert.equal(new Set([before, otherBase, changed, renamed]).size, 4);
  });

  it('takes the base from PETRI_BASE_IMAGE, else Debian', () => {
    assert.equal(new BundledImages(folder, {}).baseImage, 'debian:trixie-slim');
    assert.equal(new BundledImages(folder, { PETRI_BASE_IMAGE: ' ' }).baseImage, 'debian:trixie-slim');
    assert.equal(new BundledImages(folder, { PETRI_BASE_IMAGE: 'mirror.example/debian' }).baseImage, 'mirror.example/debian');
  });

  it('tells builds of the machine’s proxies, but for those on its loopback address; they make no other tag', () => {
    const args = (environment: Record<string, string>) => new BundledImages(folder, environment).buildArgs;
    assert.deepEqual(args({}), { BASE_IMAGE: 'debian:trixie-slim' });
    assert.deepEqual(args({ HTTP_PROXY: 'http://a.test:3128', https_proxy: 'b.test:1', HTTPS_PROXY: 'c.test:1', NO_PROXY: '.test', no_proxy: ' ' }),
      { BASE_IMAGE: 'debian:trixie-slim', http_proxy: 'http://a.test:3128', https_proxy: 'b.test:1' });
    for (const own of ['http://127.0.0.1:3128', 'localhost:8080', 'http://user:word@[::1]:1', '127.1.2.3:9']) assert.deepEqual(Object.keys(args({ HTTPS_PROXY: own, no_proxy: 'x' })), ['BASE_IMAGE', 'no_proxy']);
    assert.equal(new BundledImages(folder, { http_proxy: 'http://a.test' }).tag('go'), new BundledImages(folder, {}).tag('go'));
  });

  it('keeps tag and context of the same bytes when a file changes in between', async () => {
    const images = new BundledImages(folder, {});
    images.tag('go');
    writeFileSync(join(folder, 'go', 'Dockerfile'), 'FROM b\n');
    assert.deepEqual(await unpack(images.context('go')), { Dockerfile: 'FROM a\n', 'extra.txt': 'more' });
  });

  it('streams the same tar every time, for the engine\'s build cache', async () => {
    const streams = [new BundledImages(SHIPPED, {}), new BundledImages(SHIPPED, {})].map((images) => buffer(images.context('python')));
    const [first, second] = await Promise.all(streams);
    assert.ok(first!.equals(second!));
  });

  it('says which image an incomplete installation lacks', () => {
    assert.throws(() => new BundledImages(folder, {}).tag('java'), (error) =>
      error instanceof PetriError && error.code === 'internal' && error.message.includes('java'));
  });
});

async function unpack(context: Readable): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const entries = context.pipe(extract());
  for await (const entry of entries) files[entry.header.name] = (await buffer(entry)).toString();
  return files;
}
