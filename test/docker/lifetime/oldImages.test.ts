import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { archiveOf } from '../../../src/engine/container/archive';
import { buildSpec } from '../../../src/engine/container/spec';
import { GATEWAY_IMAGE, LABEL_IMAGE } from '../../../src/engine/sandbox/images';
import { openBench, type Bench } from '../support/petri';

const BASE = process.env['PETRI_BASE_IMAGE'] ?? 'debian:trixie-slim';

describe('images that Petri built', function () {
  this.timeout(60_000);
  const mark = randomBytes(6).toString('hex');
  let bench: Bench;
  before(async () => { bench = await openBench(); });
  after(() => bench?.close());

  /** As an earlier version would have left it; answers its id. */
  async function built(name: string, builder: string | undefined): Promise<string> {
    const tag = `petri-${name}:${mark}`;
    const context = Readable.from([await archiveOf([{ name: 'Dockerfile', mode: 0o644, content: `FROM ${BASE}\nLABEL mark=${mark}-${name}\n` }])]);
    await bench.engine.buildImage({ context, tag, buildArgs: {}, labels: builder === undefined ? {} : { [LABEL_IMAGE]: builder } }, () => undefined);
    return (await bench.engine.inspectImage(tag))!.id;
  }

  it('go with their version, whoever built them; what a container uses and what is not ours stays', async () => {
    const { deps, engine, petri, store } = bench;
    await deps.images.resolve(GATEWAY_IMAGE, () => undefined);
    const [mine, theirs, used, foreign] = await Promise.all([built('mine', store.installId), built('theirs', 'another-installation'), built('used', store.installId), built('foreign', undefined)]) as [string, string, string, string];
    const name = `petri-test-${mark}`;
    deps.warm.held.add(name);
    await engine.createContainer(name, buildSpec({
      installId: store.installId, sandboxId: '', runId: '', role: 'run', imageId: used, uid: 39_005, mounts: [], tty: false, engine: await deps.gate.open(), launcher: 'true',
      limits: { cpus: 1, memory_bytes: 2 ** 28, pids: 64, disk_bytes: 2 ** 20, disk_files: 1000, seconds: 0, output_bytes: 2 ** 20 },
    }));
    try {
      const offered = (await petri.cleanupPreview()).filter(({ kind }) => kind === 'image');
      const ours = offered.filter(({ name: tag }) => tag.endsWith(`:${mark}`));
      assert.deepEqual(ours.map(({ id, name: tag, why }) => [id, tag, why]).sort(), [
        [`image:${mine}`, `petri-mine:${mark}`, 'not of this version, and used by no container'], [`image:${theirs}`, `petri-theirs:${mark}`, 'not of this version, and used by no container'],
      ].sort());
      assert.ok(ours.every(({ bytes }) => bytes! > 1_000_000));
      assert.ok(!offered.some(({ name: tag }) => tag === deps.images.reference(GATEWAY_IMAGE)));
      const { removed, failed } = await petri.cleanup([mine, theirs, used, foreign].map((id) => `image:${id}`));
      assert.deepEqual([removed.sort(), failed.map(({ id }) => id).sort()], [[mine, theirs].map((id) => `image:${id}`).sort(), [used, foreign].map((id) => `image:${id}`).sort()]);
      assert.deepEqual(await Promise.all([mine, theirs, used, foreign].map(async (id) => await engine.inspectImage(id) !== undefined)), [false, false, true, true]);
    } finally {
      await deps.warm.remove(name);
      for (const id of [mine, theirs, used, foreign]) await engine.removeImage(id);
    }
  });
});
