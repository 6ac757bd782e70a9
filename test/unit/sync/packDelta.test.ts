import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, truncateSync, utimesSync, lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterPacking, packDelta, type PackedDelta } from '../../../src/engine/sync/packDelta';
import { planSync, type SyncPlan } from '../../../src/engine/sync/plan';
import { NOW, Session } from './support/session';
import { TempFolder } from './support/tempFolder';

const sha = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

async function whole({ content }: PackedDelta): Promise<Buffer> {
  if (Buffer.isBuffer(content)) return content;
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe('the delta', () => {
  let session: Session;
  beforeEach(() => { session = new Session(); });
  afterEach(() => session.dispose());

  async function planned(): Promise<SyncPlan> {
    return planSync(session.index, (await session.scan()).changed, NOW);
  }

  it('is unpacked by the real tar, in any locale, to the very same tree', async () => {
    const { host } = session;
    const paths = [
      'plain', 'with space', 'new\nline', '-rf', 'ünï', 'back\\slash', `${'long/'.repeat(30)}file`, `deep/${'x'.repeat(120)}/y`,
      'n'.repeat(255), '日本'.repeat(40), 'a'.repeat(100), `${'p'.repeat(155)}/${'q'.repeat(100)}`,
    ];
    for (const path of paths) host.write(path, `in ${path}`);
    host.write('run.sh', '#!/bin/sh', { mode: 0o755 });
    host.write('empty', '');
    host.write('readonly', 'x', { mode: 0o400 });
    host.folder('bare/folder');
    host.link('link', 'plain');
    host.link('long link', `${'t'.repeat(180)}`);
    host.link('non-ascii', 'ünï');
    host.write('big', Buffer.alloc(3 * 1024 * 1024 + 17, 'b'));
    host.write('bigger', Buffer.alloc(2 * 1024 * 1024, 'c'));
    host.write('old', 'x', { mtime: new Date(-5000) });
    const unpacked = new TempFolder();
    try {
      const packed = await packDelta((await planned()).writes, session.source);
      assert.ok(!Buffer.isBuffer(packed.content), 'a big delta comes as a stream');
      const tar = await whole(packed);
      assert.equal(tar.length % 10_240, 0);
      execFileSync('tar', ['-xpf', '-', '-C', unpacked.path], { input: tar, env: { PATH: process.env.PATH, LC_ALL: 'C' } });
      const wanted = host.snapshot();
      wanted.set('readonly', wanted.get('readonly')!.replace('f 400', 'f 600'));
      assert.deepEqual([...unpacked.snapshot()].sort(), [...wanted].sort());
      assert.deepEqual(packed.report.sent.find(({ path }) => path === 'with space'),
        { path: 'with space', sha256: sha('in with space'), size: 13 });
    } finally {
      unpacked.dispose();
    }
  });

  it('of a few files is one buffer and keeps their times: below the second, before 1970, after 2038', async () => {
    session.host.write('a', 'x');
    session.host.write('early', 'x', { mtime: new Date('1969-05-01T00:00:00.5Z') });
    session.host.write('late', 'x', { mtime: new Date('2040-05-01T00:00:00Z') });
    utimesSync(session.host.at('a'), 1_700_000_000.123, 1_700_000_000.123);
    const { content } = await packDelta((await planned()).writes, session.source);
    assert.ok(Buffer.isBuffer(content));
    assert.equal(content.length, 10_240);
    const folder = mkdtempSync(join(tmpdir(), 'petri-tar-'));
    execFileSync('tar', ['-xf', '-', '-C', folder], { input: content });
    for (const name of ['a', 'early', 'late']) {
      assert.equal(lstatSync(`${folder}/${name}`).mtimeMs, lstatSync(session.host.at(name)).mtimeMs, name);
    }
    rmSync(folder, { recursive: true });
  });

  it('of nothing is an empty archive', async () => {
    assert.equal((await whole(await packDelta([], session.source))).length, 10_240);
  });

  it('hashes what it sent: an edit between scan and send is found, and the index gets the truth', async () => {
    session.host.write('a', 'scanned');
    session.host.write('big', Buffer.alloc(2 * 1024 * 1024, 1));
    const plan = await planned();
    session.host.write('a', 'edited since');
    session.host.write('big', Buffer.alloc(2 * 1024 * 1024, 2));
    const packed = await packDelta(plan.writes, session.source);
    await session.box.apply(plan, packed);
    assert.deepEqual(packed.report.changedWhileReading, ['a', 'big']);
    const after = afterPacking(plan, session.index, packed.report);
    assert.equal(after.get('a')!.box!.content, sha('edited since'));
    assert.equal(after.get('a')!.box!.size, 12);
    assert.equal(session.box.held.get('a')!.bytes.toString(), 'edited since');
    for (const [path, entry] of after) session.index.set(path, entry!);
    assert.equal((await session.sync()).plan.empty, true, 'nothing is sent twice');
  });

  it('reads a new file once, when it is sent, whatever became of it since the scan', async () => {
    const { host } = session;
    for (const name of ['same', 'shorter', 'longer', 'gone']) host.write(name, 'as scanned');
    host.write('big', Buffer.alloc(2 * 1024 * 1024, 1));
    const scan = await session.scan({ leaveNew: true });
    assert.equal(scan.filesRead, 0);
    host.write('shorter', 'less');
    host.write('longer', Buffer.alloc(1_500_000, 'm'));
    host.remove('gone');
    const plan = planSync(session.index, scan.changed, NOW);
    const packed = await packDelta(plan.writes, session.source);
    await session.box.apply(plan, packed);
    const after = afterPacking(plan, session.index, packed.report);
    for (const [path, entry] of after) if (entry) session.index.set(path, entry);
    for (const [path, { box }] of session.index) assert.deepEqual({ ...box, stat: undefined }, { ...session.box.entries().get(path), stat: undefined }, path);
    assert.equal(after.get('gone'), undefined);
    assert.equal(session.box.held.get('shorter')!.bytes.toString(), 'less');
    for (const path of ['shorter', 'longer']) assert.equal(session.index.get(path)!.host!.racy, true, `${path} is not as its stat had said: looked at again`);
    await session.sync();
    assert.equal(session.box.held.get('longer')!.bytes.length, 1_500_000);
  });

  it('a verifying look reads what the last scan had left', async () => {
    session.host.write('a', 'x');
    await session.scan({ leaveNew: true });
    assert.equal((await session.scan()).changed.get('a')!.content, sha('x'));
  });

  it('a big file that shrinks while it is read is padded, named and sent again', async () => {
    session.host.write('big', Buffer.alloc(6 * 1024 * 1024, 1));
    const plan = await planned();
    const packed = await packDelta(plan.writes, session.source);
    const chunks: Buffer[] = [];
    for await (const chunk of packed.content as AsyncIterable<Buffer>) {
      if (chunks.push(chunk) === 1) truncateSync(session.host.at('big'), 1024 * 1024);
    }
    assert.deepEqual(packed.report.unstable, ['big']);
    await session.box.apply(plan, { content: Buffer.concat(chunks), report: packed.report });
    for (const [path, entry] of afterPacking(plan, session.index, packed.report)) session.index.set(path, entry!);
    assert.equal(session.index.get('big')!.box!.content, sha(session.box.held.get('big')!.bytes), 'the index knows what is really there');
    await session.sync();
    assert.ok(session.box.held.get('big')!.bytes.equals(Buffer.alloc(1024 * 1024, 1)));
  });

  it('a big file that grows is cut at what was promised, and the rest comes with the next sync', async () => {
    session.host.write('big', Buffer.alloc(6 * 1024 * 1024, 1));
    const plan = await planned();
    const packed = await packDelta(plan.writes, session.source);
    const chunks: Buffer[] = [];
    for await (const chunk of packed.content as AsyncIterable<Buffer>) {
      if (chunks.push(chunk) === 1) appendFileSync(session.host.at('big'), 'more');
    }
    assert.deepEqual([packed.report.changedWhileReading, packed.report.unstable], [[], []]);
    await session.box.apply(plan, { content: Buffer.concat(chunks), report: packed.report });
    for (const [path, entry] of afterPacking(plan, session.index, packed.report)) session.index.set(path, entry!);
    await session.sync();
    assert.equal(session.box.held.get('big')!.bytes.length, 6 * 1024 * 1024 + 4);
  });

  it('a file that vanished is left out; the workspace keeps what it has until the next look', async () => {
    session.host.write('a', 'old');
    session.host.write('b', 'old');
    await session.sync();
    for (const name of ['a', 'b', 'c', 'd']) session.host.write(name, 'newer');
    const plan = await planned();
    session.host.remove('a');
    session.host.remove('c');
    const packed = await packDelta(plan.writes, session.source);
    await session.box.apply(plan, packed);
    assert.deepEqual(packed.report.vanished, ['a', 'c']);
    const after = afterPacking(plan, session.index, packed.report);
    assert.equal(after.get('a')!.box!.content, sha('old'));
    assert.equal(after.get('c'), undefined);
    for (const [path, entry] of after) if (entry) session.index.set(path, entry);
    await session.sync();
    assert.deepEqual([...session.box.held.keys()].sort(), ['b', 'd']);
  });

  it('never sends through a link that took the place of a scanned file or folder', async () => {
    const outside = new TempFolder();
    outside.write('secret', 'host secret');
    session.host.write('f', 'x');
    session.host.write('d/secret', 'x');
    const plan = await planned();
    session.host.remove('f');
    session.host.link('f', outside.at('secret'));
    session.host.remove('d');
    session.host.link('d', outside.path);
    await new Promise((resolve) => setImmediate(resolve));
    const packed = await packDelta(plan.writes, session.source);
    assert.deepEqual(packed.report.vanished, ['d/secret', 'f']);
    assert.ok(!(await whole(packed)).includes('host secret'));
    outside.dispose();
  });

  it('waits for its consumer and stops when told', async () => {
    for (let i = 0; i < 40; i++) session.host.write(`f${i}`, Buffer.alloc(500_000, i));
    const stop = new AbortController();
    const told: number[] = [];
    const options = { signal: stop.signal, onProgress: ({ bytes }: { bytes: number }) => told.push(bytes) };
    const packed = await packDelta((await planned()).writes, session.source, options);
    const reader = (packed.content as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    await reader.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(packed.report.bytes <= 1_000_000, 'nothing is read ahead');
    assert.ok(told.length > 0);
    stop.abort(new Error('stopped'));
    await assert.rejects(async () => { while (!(await reader.next()).done); }, /stopped/);
  });
});
