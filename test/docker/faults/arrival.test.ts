import assert from 'node:assert/strict';
import type { ContainerEngine } from '../../../src/engine/ports/containerEngine';
import { makeFolder, type Folder } from '../support/folder';
import { openBench, type Bench } from '../support/petri';

/** More than go in one section of a sync. */
const FILES = 4500;
const content = (index: number) => `content of file ${String(index).padStart(5, '0')}\n`;
const path = (index: number) => `d${Math.floor(index / 100)}/f${index}`;

describe('what arrives with a sync', function () {
  this.timeout(180_000);
  let bench: Bench;
  let folder: Folder;
  /** Of this text on its way one byte becomes another, once. */
  let damaged: string | undefined;
  /** Called once when this text goes by. */
  let passing: { text: string; then: () => void } | undefined;
  before(async () => {
    bench = await openBench({ wrapEngine });
    folder = makeFolder(Object.fromEntries(Array.from({ length: FILES }, (_, index) => [path(index), content(index)])));
  });
  after(async () => {
    await bench?.close();
    folder?.remove();
  });

  function wrapEngine(engine: ContainerEngine): ContainerEngine {
    return {
      ...engine,
      attach: async (id, tty) => {
        const attachment = await engine.attach(id, tty);
        const write = attachment.write.bind(attachment);
        attachment.write = (chunk) => {
          if (passing && Buffer.from(chunk).includes(passing.text)) {
            passing.then();
            passing = undefined;
          }
          const at = damaged === undefined ? -1 : Buffer.from(chunk).indexOf(damaged);
          if (at < 0) return write(chunk);
          damaged = undefined;
          const other = Buffer.from(chunk);
          other[at] = other[at]! ^ 1;
          return write(other);
        };
        return attachment;
      },
    };
  }

  for (const [where, index] of [['first', 0], ['last', FILES - 1]] as const) {
    it(`one byte that changed on the way is found, be it in the ${where} of several sections, and the next run has it right`, async () => {
      const sandbox = await bench.sandbox({ folder: folder.path });
      // Names sort as text: the last of them is d9/f999.
      const victim = index === 0 ? 0 : 999;
      damaged = content(victim);
      await assert.rejects(bench.run(sandbox, 'true'), { code: 'sync-failed' });
      assert.equal(damaged, undefined, 'it did travel');
      const { stdout, started } = await bench.run(sandbox, `cat ${path(victim)}; cat */* | wc -c; ls /tmp`);
      assert.equal(stdout.toString(), `${content(victim)}${FILES * content(0).length}\n`);
      await bench.settled(sandbox);
      const verified = await bench.petri.verify(sandbox, () => undefined, new AbortController().signal);
      assert.deepEqual([verified.differences, verified.sandbox_root], [[], started?.receipt]);
      await bench.petri.deleteSandbox(sandbox);
    });
  }

  it('given up in the middle, is done anew: what is half sent is never read as calls', async () => {
    const sandbox = await bench.sandbox({ folder: folder.path });
    const stop = new AbortController();
    passing = { text: content(500), then: () => stop.abort() };
    await assert.rejects(bench.run(sandbox, 'true', { signal: stop.signal }), { code: 'cancelled' });
    assert.equal(passing, undefined);
    assert.equal((await bench.run(sandbox, 'cat */* | wc -c')).stdout.toString(), `${FILES * content(0).length}\n`);
    await bench.petri.deleteSandbox(sandbox);
  });
});
