import assert from 'node:assert/strict';
import type { Deps } from '../../../src/engine/deps';
import { LABEL_IMAGE } from '../../../src/engine/sandbox/images';
import { unusedImages } from '../../../src/engine/sandbox/unusedImages';

interface Image { id: string; tag?: string; builder?: string }

/** What would be offered, of images on an engine with containers made from some of them. This installation is `mine`; its images are `petri-<language>:now`. */
async function offered(images: Image[], { containers = [] as string[], wanted = [] as string[] } = {}): Promise<string[]> {
  const deps = {
    store: { installId: 'mine' },
    images: { reference: ({ language }: { language: string }) => `petri-${language}:now` },
    engine: {
      listImages: async () => images.map(({ id, tag, builder }) => ({ id, tags: tag === undefined ? [] : [tag], labels: builder === undefined ? {} : { [LABEL_IMAGE]: builder }, bytes: 7 })),
      listContainers: async () => containers.map((imageId) => ({ imageId })),
    },
  } as unknown as Pick<Deps, 'engine' | 'images' | 'store'>;
  const found = await unusedImages(deps, new Set(wanted));
  assert.ok(found.every(({ kind, bytes }) => kind === 'image' && bytes === 7));
  return found.map(({ id, name, why }) => `${id} ${name}: ${why}`);
}

describe('images that nobody needs', () => {
  it('are those that Petri built, and no other', async () => {
    assert.deepEqual(await offered([{ id: 'sha256:a', tag: 'petri-python:old', builder: 'mine' }, { id: 'sha256:b', tag: 'petri-python:older' }, { id: 'sha256:c', tag: 'debian:trixie' }]), [
      'image:sha256:a petri-python:old: not of this version, and used by no container',
    ]);
  });

  it('are an earlier version\'s, whoever built them, with a name or none', async () => {
    assert.deepEqual(await offered([{ id: 'sha256:a', tag: 'petri-go:old', builder: 'another' }, { id: 'sha256:b', builder: 'another' }]), [
      'image:sha256:a petri-go:old: not of this version, and used by no container', 'image:sha256:b sha256:b: not of this version, and used by no container',
    ]);
  });

  it('are of this version only one\'s own: another installation may have sandboxes for its', async () => {
    const all = [{ id: 'sha256:a', tag: 'petri-node:now', builder: 'mine' }, { id: 'sha256:b', tag: 'petri-gateway:now', builder: 'another' }];
    assert.deepEqual(await offered(all), ['image:sha256:a petri-node:now: used by no sandbox']);
  });

  it('are none that a sandbox wants', async () => {
    assert.deepEqual(await offered([{ id: 'sha256:a', tag: 'petri-node:now', builder: 'mine' }, { id: 'sha256:b', tag: 'petri-java:old', builder: 'another' }], { wanted: ['petri-node:now', 'petri-java:old'] }), []);
  });

  it('are none that any container was made from, however the engine writes its id', async () => {
    const all = ['a', 'b'].map((id) => ({ id: `sha256:${id}`, tag: `petri-${id}:old`, builder: 'another' }));
    assert.deepEqual(await offered(all, { containers: ['sha256:a', 'b'] }), []);
  });
});
