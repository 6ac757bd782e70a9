import assert from 'node:assert/strict';
import type { ContainerEngine, ImageInfo } from '../../../src/engine/ports/containerEngine';
import type { ImageContexts } from '../../../src/engine/ports/imageContexts';
import { Images } from '../../../src/engine/sandbox/images';

/** An engine whose builds end when the test says so, and are slow to give up. */
class SlowBuilds {
  readonly builds: Array<{ finish(): void; signal: AbortSignal }> = [];
  private made = false;

  readonly engine = {
    inspectImage: () => Promise.resolve(this.made ? { id: 'sha256:made' } as ImageInfo : undefined),
    buildImage: (_: unknown, tell: (message: string) => void, signal: AbortSignal) => new Promise<void>((resolve) => {
      tell('building');
      this.builds.push({ signal, finish: () => { this.made ||= !signal.aborted; resolve(); } });
    }),
  } as unknown as ContainerEngine;
}

const contexts = { tag: (language: string) => `petri-${language}:1`, context: () => undefined, baseImage: 'base' } as unknown as ImageContexts;
const WISH = { language: 'python', image: null };
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the images that sandboxes want', () => {
  let slow: SlowBuilds;
  let images: Images;
  beforeEach(() => {
    slow = new SlowBuilds();
    images = new Images(slow.engine, contexts, 'install');
  });

  it('are built once for all who want one at the same time; it is told from its beginning', async () => {
    const said: string[] = [];
    const both = [1, 2].map((who) => images.resolve(WISH, (message) => said.push(`${who}: ${message}`)));
    await turn();
    assert.equal(slow.builds.length, 1);
    slow.builds[0]!.finish();
    assert.deepEqual((await Promise.all(both)).map(({ id }) => id), ['sha256:made', 'sha256:made']);
    assert.deepEqual(said, ['1: Building the python image petri-python:1 (once)…', '1: building']);
  });

  it('are built on while anybody waits, and no longer', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = [first, second].map(({ signal }) => images.resolve(WISH, () => undefined, signal));
    await turn();
    first.abort();
    await assert.rejects(waiting[0]!, { code: 'cancelled' });
    assert.equal(slow.builds[0]!.signal.aborted, false);
    second.abort();
    await assert.rejects(waiting[1]!, { code: 'cancelled' });
    assert.equal(slow.builds[0]!.signal.aborted, true);
  });

  it('are begun anew by who comes while a build is being given up', async () => {
    const gone = new AbortController();
    const given = images.resolve(WISH, () => undefined, gone.signal);
    await turn();
    gone.abort();
    await assert.rejects(given, { code: 'cancelled' });
    const next = images.resolve(WISH, () => undefined);
    await turn();
    assert.equal(slow.builds.length, 2);
    slow.builds[0]!.finish();
    slow.builds[1]!.finish();
    assert.equal((await next).id, 'sha256:made');
  });
});
