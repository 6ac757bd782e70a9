import assert from 'node:assert/strict';
import { pbkdf2 } from 'node:crypto';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FileRunLogs } from '../../../src/runner/logs/fileRunLogs';
import type { RunLogs } from '../../../src/engine/ports/runLogs';
import { newFolder } from '../store/rows';
import { SmallDisk } from '../store/smallDisk';

const ID = `run_${'a'.repeat(32)}`;

async function read(logs: RunLogs, id = ID, follow?: AbortSignal): Promise<{ stdout: Buffer; stderr: Buffer; order: string }> {
  const found = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let order = '';
  for await (const { stream, chunk } of logs.read(id, { follow })!) {
    found[stream].push(chunk);
    order += stream === 'stdout' ? 'o' : 'e';
  }
  return { stdout: Buffer.concat(found.stdout), stderr: Buffer.concat(found.stderr), order };
}

describe('run logs', () => {
  let folder: string;
  let logs: FileRunLogs;
  let failures: unknown[];
  beforeEach(() => {
    folder = join(newFolder(), 'runs');
    failures = [];
    logs = new FileRunLogs(folder, (_run, error) => failures.push(error));
  });

  it('are read from any byte on, and from so many before their end', async () => {
    const log = logs.create(ID, 1e9);
    for (const part of ['one', 'two', 'three']) await log.append(part === 'two' ? 'stderr' : 'stdout', Buffer.from(part));
    const from = async (at: number) => {
      const parts: string[] = [];
      for await (const { stream, chunk } of logs.read(ID, { from: at })!) parts.push(`${stream[3]}:${chunk.toString()}`);
      return parts.join(' ');
    };
    for (const closed of [false, true]) {
      if (closed) await log.close();
      assert.equal(await from(0), 'o:one e:two o:three');
      assert.equal(await from(4), 'e:wo o:three');
      assert.equal(await from(-5), 'o:three');
      assert.equal(await from(-6), 'e:o o:three');
      assert.equal(await from(-100), 'o:one e:two o:three');
      assert.equal(await from(11), '');
      assert.equal(await from(100), '');
    }
  });

  it('are followed as they are written, to the last byte before they are closed', async () => {
    const log = logs.create(ID, 1e9);
    const seen: string[] = [];
    const following = (async () => {
      for await (const { chunk } of logs.read(ID, { from: 1, follow: new AbortController().signal })!) seen.push(chunk.toString());
    })();
    for (let n = 0; n < 50; n += 1) {
      void log.append('stdout', Buffer.from(`${n} `));
      if (n % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await log.close();
    await following;
    assert.equal(seen.join(''), Array.from({ length: 50 }, (_, n) => `${n} `).join('').slice(1));
    assert.ok(seen.length > 3, 'it came only at the end');
  });

  it('are followed by who comes before their file is there', async () => {
    // Whatever opens files waits behind these.
    const busy = Array.from({ length: 8 }, () => promisify(pbkdf2)('password', 'salt', 100_000, 64, 'sha512'));
    const log = logs.create(ID, 1e9);
    const following = read(logs, ID, new AbortController().signal);
    await Promise.all(busy);
    await log.append('stdout', Buffer.from('at last'));
    await log.close();
    assert.equal((await following).stdout.toString(), 'at last');
  });

  it('are followed no more when nobody wants to', async () => {
    const log = logs.create(ID, 1e9);
    const stop = new AbortController();
    const next = logs.read(ID, { follow: stop.signal })![Symbol.asyncIterator]().next();
    setTimeout(() => stop.abort(), 50);
    await assert.rejects(next, { code: 'cancelled' });
    await log.close();
  });

  it('gives both streams back byte by byte, in the order of arrival', async () => {
    const log = logs.create(ID, 1e9);
    const big = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7) % 256));
    await log.append('stdout', Buffer.from([0, 255, 10]));
    await log.append('stderr', big);
    await log.append('stdout', Buffer.alloc(0));
    await log.append('stdout', Buffer.from('end'));
    await log.close();
    const { stdout, stderr, order } = await read(logs);
    assert.deepEqual(stdout, Buffer.from([0, 255, 10, ...Buffer.from('end')]));
    assert.ok(stderr.equals(big));
    assert.match(order, /^oe+o$/);
    assert.equal(statSync(join(folder, `${ID}.log`)).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it('keeps the first bytes up to the cap', async () => {
    const log = logs.create(ID, 10);
    for (const text of ['123456', '789', 'abc', 'more']) await log.append('stdout', Buffer.from(text));
    await log.close();
    assert.equal((await read(logs)).stdout.toString(), '123456789a');
  });

  it('can be read while the run goes on', async () => {
    const log = logs.create(ID, 1000);
    await log.append('stdout', Buffer.from('so far'));
    assert.equal((await read(logs)).stdout.toString(), 'so far');
    await log.append('stdout', Buffer.from(', and on'));
    await log.close();
    assert.equal((await read(logs)).stdout.toString(), 'so far, and on');
  });

  it('is in the file soon after it was written, without a close', async () => {
    const log = logs.create(ID, 1000);
    await log.append('stdout', Buffer.from('hello'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(readFileSync(join(folder, `${ID}.log`)).includes('hello'));
    await log.close();
  });

  it('holds the run back when the file is slower', async () => {
    const log = logs.create(ID, 1e9);
    const waits = Array.from({ length: 40 }, () => log.append('stdout', Buffer.alloc(65536)));
    assert.ok(waits.some((wait) => wait instanceof Promise));
    await Promise.all(waits);
    await log.close();
    assert.equal((await read(logs)).stdout.length, 40 * 65536);
  });

  it('is readable up to the last whole frame wherever a crash cut it', async () => {
    const log = logs.create(ID, 1000);
    for (const text of ['first', 'second']) {
      await log.append('stdout', Buffer.from(text));
    }
    await log.close();
    const path = join(folder, `${ID}.log`);
    const whole = readFileSync(path);
    for (let length = whole.length; length >= 0; length--) {
      truncateSync(path, length);
      const expected = length === whole.length ? 'firstsecond' : length >= 10 ? 'first' : '';
      assert.equal((await read(logs)).stdout.toString(), expected, `${length} bytes`);
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.from('\x09garbage that is no frame')]));
    assert.equal((await read(logs)).stdout.toString(), 'firstsecond');
  });

  it('knows sizes, removes, and takes no other name for a run', async () => {
    assert.equal((await logs.sizes()).size, 0);
    assert.equal(logs.read(ID), undefined);
    const log = logs.create(ID, 1000);
    await log.append('stdout', Buffer.from('12345'));
    await log.close();
    writeFileSync(join(folder, 'notes.txt'), 'not ours');
    assert.deepEqual([...await logs.sizes()], [[ID, 10]]);
    await logs.remove(ID);
    await logs.remove(ID);
    assert.equal(logs.read(ID), undefined);
    for (const name of ['../x', 'run_1', `${ID}/..`]) assert.throws(() => logs.read(name), { code: 'bad-request' });
  });

  it('ends on a full disk; the run does not notice and what fitted is readable', async function () {
    const disk = SmallDisk.for(this);
    try {
      const small = new FileRunLogs(join(disk.folder, 'runs'), (_run, error) => failures.push(error));
      const log = small.create(ID, 1e9);
      for (let at = 0; at < 300; at++) await log.append('stdout', Buffer.alloc(65536, at));
      await log.close();
      assert.equal(failures.length, 1);
      assert.equal((failures[0] as NodeJS.ErrnoException).code, 'ENOSPC');
      const { stdout } = await read(small);
      assert.ok(stdout.length > 1_000_000, `${stdout.length} bytes`);
      for (let at = 0; at < stdout.length; at += 65536) assert.equal(stdout[at], at / 65536);
    } finally {
      disk.unmount();
    }
  });

  it('survives a folder that cannot be made', async () => {
    writeFileSync(folder, 'in the way');
    const log = logs.create(ID, 1000);
    await log.append('stdout', Buffer.from('x'));
    await log.close();
    assert.ok(failures.length > 0);
  });
});
