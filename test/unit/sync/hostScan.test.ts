import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, renameSync } from 'node:fs';
import { PetriError } from '../../../src/engine/errors';
import { HostFileError } from '../../../src/engine/ports/fileSource';
import { isRacy } from '../../../src/engine/sync/hostSide';
import { HostScanner } from '../../../src/engine/sync/hostScan';
import type { FolderSource } from '../../../src/runner/host/folderSource';
import { Session } from './support/session';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

describe('looking through the host folder', () => {
  let session: Session;
  beforeEach(() => { session = new Session(); });
  afterEach(() => session.dispose());

  it('reads every file once, and not again while its stat stays', async () => {
    session.host.write('a.txt', 'one');
    session.host.write('sub/b.txt', 'two', { mode: 0o755 });
    session.host.link('l', 'a.txt');
    await settle();
    const first = await session.scan();
    assert.deepEqual([first.files, first.folders, first.bytes, first.filesRead], [3, 1, 6, 3]);
    assert.equal(first.changed.get('sub/b.txt')!.content, sha('two'));
    assert.equal(first.changed.get('sub/b.txt')!.mode, 0o755);
    assert.equal(first.changed.get('l')!.content, 'a.txt');
    await session.sync();
    const before = session.index.get('a.txt')!.host;
    for (const scanner of [session.scanner, new HostScanner(session.source)]) {
      const again = await scanner.scan(session.index, { now: Date.now });
      assert.deepEqual([again.changed.size, again.filesRead, again.files], [0, 0, 3]);
      assert.equal(new Map(again.entries()).get('a.txt'), before, 'the very same object');
    }
  });

  it('sees an edit that keeps size and mtime', async () => {
    // Whole milliseconds: what utimes can put back exactly.
    const mtime = new Date(1_700_000_000_123);
    session.host.write('a.txt', 'one', { mtime });
    await settle();
    await session.sync();
    session.host.write('a.txt', 'two', { mtime });
    assert.equal(lstatSync(session.host.at('a.txt')).mtimeMs, session.index.get('a.txt')!.host!.mtimeMs);
    assert.equal((await session.scan()).changed.get('a.txt')!.content, sha('two'));
  });

  it('reads a file again that was hashed too soon after its last write to be told from a later one', async () => {
    session.host.write('a.txt', 'one');
    let now = lstatSync(session.host.at('a.txt')).ctimeMs + 5;
    const scan = () => session.scanner.scan(session.index, { now: () => now });
    const side = (await scan()).changed.get('a.txt')!;
    assert.equal(side.racy, true);
    // The write that nothing shows: same size, same stamps.
    session.index.set('a.txt', { host: { ...side, content: sha('old') } });
    now += 1000;
    const again = await scan();
    assert.equal(again.changed.get('a.txt')!.content, sha('one'));
    assert.equal(again.changed.get('a.txt')!.racy, false);
  });

  it('gives a coarse file system two seconds, a fine one 20 ms', () => {
    const stat = (mtimeMs: number, ctimeMs: number) => ({ type: 'file' as const, mode: 0o644, size: 1, mtimeMs, ctimeMs, ino: 1 });
    assert.equal(isRacy(stat(5000, 5000), 6999), true);
    assert.equal(isRacy(stat(5000, 5000), 7000), false);
    assert.equal(isRacy(stat(5000.25, 5000.25), 5019), true);
    assert.equal(isRacy(stat(5000.25, 5000.25), 5021), false);
    assert.equal(isRacy(stat(1000, 5000.25), 5019), true, 'an old mtime put on by hand');
    assert.equal(isRacy(stat(9000.5, 9000.5), 5000), true, 'a stamp from the future');
    assert.equal(isRacy(stat(5000.25, 0), 5019), true, 'no change time');
  });

  it('names what it cannot send and goes on: a FIFO, bytes that are no name', async function () {
    execFileSync('mkfifo', [session.host.at('pipe')]);
    session.host.write('ok.txt', 'x');
    execFileSync('sh', ['-c', "printf x > \"$(printf 'bad\\377name')\""], { cwd: session.host.path });
    const scan = await session.scan();
    assert.deepEqual(scan.skipped, [{ path: 'pipe', why: 'it is neither file, folder nor link' }]);
    assert.deepEqual(scan.refused.map(({ path, why }) => [path, why]), [['bad\ufffdname', 'its name is not valid Unicode']]);
    assert.deepEqual([...scan.changed.keys()], ['ok.txt']);
  });

  it('keeps in the sandbox what it could not read this time, and deletes what is known to be gone', async () => {
    session.host.write('secret/deep/a', '1');
    session.host.write('locked', '1');
    session.host.write('gone', '1');
    await session.sync();
    session.host.remove('gone');
    session.host.write('locked', '22');
    const locked = new Set(['secret/deep', 'locked']);
    const denied = new HostScanner(new Proxy(session.source, {
      get: (source, key: keyof FolderSource) => typeof source[key] !== 'function' ? source[key] : (path: string) => {
        if (locked.has(path) && key !== 'stat') throw new HostFileError('forbidden', path);
        return (source[key] as (path: string) => unknown).call(source, path);
      },
    }));
    const scan = await denied.scan(session.index, { now: Date.now });
    assert.deepEqual([...scan.changed], [['gone', undefined]]);
    assert.deepEqual(scan.skipped.map(({ path }) => path).sort(), ['locked', 'secret/deep']);
    assert.match(scan.skipped[0]!.why, /permission/);
  });

  it('a file that vanishes between listing and reading was never there', async () => {
    session.host.write('a', '1');
    session.host.write('b', '1');
    const list = session.source.list.bind(session.source);
    session.source.list = (path) => {
      const entries = list(path);
      session.host.remove('a');
      return entries;
    };
    const scan = await session.scan();
    assert.deepEqual([[...scan.changed.keys()], scan.skipped], [['b'], []]);
  });

  it('a file replaced by a FIFO is gone', async () => {
    session.host.write('a', '1');
    await session.sync();
    session.host.remove('a');
    execFileSync('mkfifo', [session.host.at('a')]);
    assert.deepEqual([...(await session.scan()).changed], [['a', undefined]]);
  });

  it('sends links as they are, dangling and looping ones too, never what is behind them', async () => {
    session.host.write('real/file', 'x');
    session.host.link('dangling', 'nowhere');
    session.host.link('loop', 'loop');
    session.host.link('folder', 'real');
    session.host.link('up', '../outside');
    session.host.link('real/inside', '../real/file');
    session.host.link('absolute', '/etc/passwd');
    const scan = await session.scan();
    const shown = [...scan.entries()].map(([path, { type, content }]) => `${path} ${type} ${type === 'symlink' ? content : ''}`);
    assert.deepEqual(shown.sort(), [
      'absolute symlink /etc/passwd', 'dangling symlink nowhere', 'folder symlink real', 'loop symlink loop', 'real folder ',
      'real/file file ', 'real/inside symlink ../real/file', 'up symlink ../outside',
    ]);
    assert.deepEqual(scan.linksOut.sort(), ['absolute', 'up']);
  });

  it('refuses names that differ only in case or Unicode form, all of a group, until the user allows them', async () => {
    for (const path of ['Makefile', 'makefile', 'caf\u00e9', 'cafe\u0301', 'Src/a', 'src/b', 'fine', 'ΣΑΣ', 'σας']) {
      session.host.write(path, 'x');
    }
    const scan = await session.scan();
    assert.deepEqual([...scan.entries()].map(([path]) => path), ['fine']);
    const refused = ['Makefile', 'Src', 'cafe\u0301', 'caf\u00e9', 'makefile', 'src', 'ΣΑΣ', 'σας'];
    assert.deepEqual(scan.refused.map(({ path }) => path).sort(), refused.sort());
    assert.match(scan.refused.find(({ path }) => path === 'makefile')!.why, /'Makefile' only in case or Unicode/);
    session.allow = ['[Mm]akefile'];
    assert.deepEqual([...(await session.scan()).entries()].map(([path]) => path).sort(), ['Makefile', 'fine', 'makefile']);
    session.host.remove('Src');
    assert.ok([...(await session.scan()).entries()].some(([path]) => path === 'src/b'), 'the other one goes as soon as it is alone');
  });

  it('refuses a name longer than a Linux file can have', async () => {
    const name = 'ä'.repeat(130);
    session.source.list = () => [{ name, type: 'file', mode: 0o644, size: 0, mtimeMs: 1, ctimeMs: 1, ino: 1 }];
    assert.match((await session.scan()).refused[0]!.why, /longer than 255 bytes/);
  });

  it('sees a chmod, and a file that became a folder', async () => {
    session.host.write('a', '1');
    session.host.write('b', '1');
    await session.sync();
    chmodSync(session.host.at('a'), 0o700);
    session.host.remove('b');
    session.host.write('b/c', '1');
    const { changed } = await session.scan();
    assert.deepEqual([...changed].map(([path, side]) => `${path} ${side?.type} ${side?.mode.toString(8)}`).sort(),
      ['a file 700', 'b folder 755', 'b/c file 644']);
  });

  it('lets others have a turn, tells how far it is, and can be stopped', async () => {
    for (let i = 0; i < 3000; i++) session.host.write(`d${i % 30}/f${i}`, String(i));
    let turns = 0;
    let told = 0;
    const timer = setInterval(() => { turns++; }, 1);
    await session.scanner.scan(session.index, { now: Date.now, onProgress: ({ files }) => { told = files; } });
    clearInterval(timer);
    assert.ok(turns > 0);
    assert.equal(told, 3000);
    const stop = new AbortController();
    // A cold scan of that many files takes several turns; the stop comes in the first.
    const stopped = new HostScanner(session.source).scan(new Map(), { now: Date.now, signal: stop.signal });
    stop.abort(new PetriError('cancelled', 'Stopped.'));
    await assert.rejects(stopped, { code: 'cancelled' });
  });

  it('a folder that is gone is an error of its own, and no deletion of everything', async () => {
    session.host.write('a', '1');
    await settle();
    await session.sync();
    renameSync(session.host.path, `${session.host.path}-moved`);
    await assert.rejects(session.scan(), { code: 'folder-missing' });
    renameSync(`${session.host.path}-moved`, session.host.path);
    assert.equal((await session.scan()).changed.size, 0);
  });

  it('believes the index, not its memory: a cleared one means that everything is to be sent', async () => {
    session.host.write('a', '1');
    session.host.write('b/c', '1');
    await session.sync();
    session.index.clear();
    assert.deepEqual([...(await session.scan()).changed.keys()].sort(), ['a', 'b', 'b/c']);
  });
});
