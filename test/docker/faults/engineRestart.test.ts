import assert from 'node:assert/strict';
import { makeFolder, type Folder } from '../support/folder';
import { OwnEngine } from '../support/ownEngine';
import { openBench, type Bench, type Result } from '../support/petri';
import { assertReceipt } from '../support/receipt';

const IMAGE = process.env['PETRI_BASE_IMAGE'] ?? 'debian:trixie-slim';

describe('an engine that restarts during a run', function () {
  this.timeout(180_000);
  let engine: OwnEngine;
  let bench: Bench;
  let folder: Folder;
  let sandbox: string;
  const kept: string[] = [];
  before(async function () {
    if (!OwnEngine.possible) this.skip();
    engine = new OwnEngine();
    await engine.start();
    await engine.load(IMAGE);
    bench = await openBench({ env: { DOCKER_HOST: engine.endpoint } });
    folder = makeFolder({ 'a.txt': 'first' });
    sandbox = await bench.sandbox({ folder: folder.path, image: IMAGE, language: 'python' });
  });
  after(async () => {
    await bench?.close();
    await engine?.remove();
    folder?.remove();
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`by ${signal}: the run is no success, the next one says so in a sentence, and after it all is as before`, async () => {
      folder.write('a.txt', signal);
      let gone = Promise.resolve();
      let up = () => {};
      const running = new Promise<void>((resolve) => (up = resolve));
      const lost = bench.run(sandbox, `cat a.txt; echo of ${signal} > "kept $(cat a.txt)"; sync; echo " up"; sleep 60; echo "the end"`, {
        onOutput: (text) => { if (text.includes('up')) up(); },
      });
      await Promise.race([running, lost]);
      gone = engine.stop(signal);
      const { done, stdout } = await lost;
      assert.equal(stdout.toString(), `${signal} up\n`);
      assert.ok(['unknown', 'killed'].includes(done.reason), done.reason);
      assert.notEqual(done.exit_code, 0);
      assert.ok(done.error);
      await gone;

      const refused = await bench.run(sandbox, 'true').then((result: Result) => result.done, (error: { code: string; message: string; action?: string }) => error);
      assert.ok('code' in refused, `it came to ${JSON.stringify(refused)}`);
      assert.match(refused.code, /^engine-(stopped|absent)$/, refused.message);
      assert.match(refused.message, /^The container engine .*\.$|^No container engine .*\.$/);
      assert.ok(refused.action);
      assert.ok((await bench.petri.status()).engine_error);

      await engine.start();
      const { stdout: found, done: next } = await bench.run(sandbox, 'cat a.txt; cat kept*');
      assert.deepEqual([next.reason, next.exit_code], ['exited', 0]);
      assert.ok(found.toString().startsWith(`${signal}of `) && found.toString().includes(`of ${signal}\n`), found.toString());
      assert.equal((await bench.petri.status()).engine_error, null);
      await bench.settled(sandbox);
      const { containers, volumes } = await bench.onEngine();
      assert.deepEqual([containers.length, volumes.length], [1, 1], containers.join(' '));
      kept.push(`kept ${signal}`);
      await assertReceipt(bench, sandbox, kept);
    });
  }
});
