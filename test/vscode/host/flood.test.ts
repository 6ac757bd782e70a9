import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLog } from '../../../src/extension/views/runLog';
import { folder, openFile, runInSandbox } from './editor';
import { askRunner, runsIn } from './runnerRecords';

const MIB = 1024 * 1024;
/** 1,000 bytes a line, numbered, a million of them. */
const LINES = 1_000_000;
const PROGRAM = `import sys\npad = b"." * 988 + b"\\n"\nwrite = sys.stdout.buffer.write\nfor n in range(${LINES}):\n    write(b"%011d" % n + pad)\n`;

describe('A gigabyte of output', function () {
  this.timeout(600_000);

  it('leaves the extension host at ease, shows its beginning and its end, and is in the log to the last byte', async () => {
    await openFile('flood.py', PROGRAM);
    const memory = process.memoryUsage().rss;
    let mostMemory = 0;
    let longestPause = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longestPause = Math.max(longestPause, performance.now() - last - 20);
      last = performance.now();
      mostMemory = Math.max(mostMemory, process.memoryUsage().rss - memory);
    }, 20);
    const start = performance.now();
    const text = await runInSandbox().finally(() => clearInterval(timer));
    console.log(`1 GB in ${((performance.now() - start) / 1000).toFixed(1)} s, ${Math.round(mostMemory / MIB)} MiB more, longest pause ${Math.round(longestPause)} ms`);
    assert.match(text, /\n00000000000\./);
    assert.ok(text.includes(`\n${String(LINES - 1).padStart(11, '0')}.`), 'its end is not shown');
    assert.match(text, /\[Exited with code 0 after/);
    assert.ok(text.length < 20 * MIB, `${text.length} characters were shown`);
    assert.ok(longestPause < 1000, `the extension host stood still for ${Math.round(longestPause)} ms`);
    assert.ok(mostMemory < 400 * MIB, `it took ${Math.round(mostMemory / MIB)} MiB`);
    const [run] = await runsIn(folder().uri.fsPath);
    assert.ok(run && run.stdout_bytes === LINES * 1000 && !run.truncated);

    const place = mkdtempSync(join(tmpdir(), 'petri-log-'));
    try {
      const path = join(place, 'whole.log');
      await askRunner((petri) => writeLog(petri, run, path, () => {}));
      const [written, expected] = [createHash('sha256'), createHash('sha256')];
      for await (const chunk of createReadStream(path)) written.update(chunk as Buffer);
      const pad = '.'.repeat(988);
      for (let n = 0; n < LINES; n += 1000) {
        expected.update(Array.from({ length: 1000 }, (_, at) => `${String(n + at).padStart(11, '0')}${pad}\n`).join(''));
      }
      assert.equal(written.digest('hex'), expected.digest('hex'));
    } finally {
      rmSync(place, { recursive: true });
    }
  });
});
