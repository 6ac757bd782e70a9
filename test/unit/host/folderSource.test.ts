import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, renameSync, symlinkSync } from 'node:fs';
import { HostFileError, type HostStat } from '../../../src/engine/ports/fileSource';
import { FolderSource } from '../../../src/runner/host/folderSource';
import { openSafeFolder } from '../../../src/runner/host/safeFolder';
import { TempFolder } from '../sync/support/tempFolder';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a folder on this machine', () => {
  let folder: TempFolder;
  let outside: TempFolder;
  let source: FolderSource;
  beforeEach(() => {
    folder = new TempFolder();
    outside = new TempFolder();
    outside.write('secret', 'secret');
    source = new FolderSource(folder.path);
  });
  afterEach(() => {
    assert.deepEqual([...outside.snapshot().values()].map((text) => text.split(' ')[2]), [Buffer.from('secret').toString('base64')],
      'outside is as it was');
    folder.dispose();
    outside.dispose();
  });
  const stat = (path: string): HostStat => source.stat(path)!;
  const fails = (work: () => unknown, reason: HostFileError['reason']): Promise<void> =>
    assert.rejects(async () => work(), (error: unknown) => error instanceof HostFileError && error.reason === reason);
  const readAll = async (path: string): Promise<string> => {
    let text = '';
    for await (const chunk of source.readBig(path)) text += chunk.toString();
    return text;
  };

  it('lists, stats and reads', async () => {
    folder.write('a', 'text', { mode: 0o640 });
    folder.link('l', '../x');
    folder.folder('d');
    execFileSync('mkfifo', [folder.at('p')]);
    assert.deepEqual(source.list('').map(({ name, type }) => `${type} ${name}`).sort(), ['file a', 'folder d', 'other p', 'symlink l']);
    assert.equal(stat('a').mode, 0o640);
    assert.equal(source.stat('absent/too'), undefined);
    assert.equal(source.readSmall('a').toString(), 'text');
    assert.equal(await readAll('a'), 'text');
    assert.equal(source.readLink('l'), '../x');
  });

  it('follows no link below the folder, wherever it stands in the path', async () => {
    folder.link('l', outside.path);
    folder.link('f', outside.at('secret'));
    folder.write('d/x', '1');
    await fails(() => source.list('l'), 'link-in-path');
    await fails(() => source.readSmall('l/secret'), 'link-in-path');
    await fails(() => source.stat('l/secret'), 'link-in-path');
    await fails(() => source.readLink('l/secret'), 'link-in-path');
    await fails(() => readAll('l/secret'), 'link-in-path');
    await fails(() => source.readSmall('f'), 'link-in-path');
    await fails(() => source.writeFile('l/new', Buffer.from('x'), 0o644, undefined), 'link-in-path');
    await fails(() => source.writeLink('l/new', 'x', undefined), 'link-in-path');
    await fails(() => source.makeFolder('l/new', 0o755), 'link-in-path');
    await fails(() => source.remove('l/secret', lstatSync(outside.at('secret')) as unknown as HostStat), 'link-in-path');
    await fails(() => source.writeFile('f', Buffer.from('x'), 0o644, undefined), 'changed');
    source.list('d');
    await turn();
    folder.remove('d');
    folder.link('d', outside.path);
    await fails(() => source.readSmall('d/secret'), 'link-in-path');
  });

  it('a link may lead to the folder itself', () => {
    folder.write('a', '1');
    symlinkSync(folder.path, outside.at('alias'));
    assert.equal(new FolderSource(outside.at('alias')).readSmall('a').toString(), '1');
    outside.remove('alias');
  });

  it('does not hang on a FIFO', async () => {
    execFileSync('mkfifo', [folder.at('p')]);
    await fails(() => source.readSmall('p'), 'not-a-file');
    await fails(() => readAll('p'), 'not-a-file');
  });

  it('writes new files exclusively, with their mode, and leaves nothing temporary', async () => {
    const written = await source.writeFile('a', Buffer.from('x'), 0o666, undefined);
    assert.equal(written.mode, 0o666);
    assert.deepEqual(written, { ...stat('a') });
    await fails(() => source.writeFile('a', Buffer.from('y'), 0o644, undefined), 'changed');
    await source.writeFile('n'.repeat(255), Buffer.from('x'), 0o600, undefined);
    assert.deepEqual(source.list('').map(({ name }) => name).sort(), ['a', 'n'.repeat(255)]);
  });

  it('replaces only what the caller saw, also when it changes at the last moment', async () => {
    folder.write('a', 'old');
    const seen = stat('a');
    const late = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('new');
      folder.write('a', 'somebody else');
    };
    await fails(() => source.writeFile('a', late(), 0o644, seen), 'changed');
    assert.equal(folder.read('a'), 'somebody else');
    await fails(() => source.writeFile('a', Buffer.from('new'), 0o644, seen), 'changed');
    await fails(() => source.remove('a', seen), 'changed');
    await fails(() => source.setMode('a', 0o700, seen), 'changed');
    await source.writeFile('a', Buffer.from('new'), 0o644, stat('a'));
    assert.equal(folder.read('a'), 'new');
    assert.equal((await source.setMode('a', 0o700, stat('a'))).mode, 0o700);
    await source.remove('a', stat('a'));
    assert.deepEqual(source.list(''), []);
  });

  it('a broken content leaves the old file, and no new one', async () => {
    folder.write('a', 'old');
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('half');
      throw new Error('lost');
    };
    await fails(() => source.writeFile('a', broken(), 0o644, stat('a')), 'io');
    await fails(() => source.writeFile('b', broken(), 0o644, undefined), 'io');
    assert.deepEqual(source.list('').map(({ name }) => name), ['a']);
    assert.equal(folder.read('a'), 'old');
  });

  it('links and folders', async () => {
    await source.makeFolder('d', 0o775);
    assert.equal(stat('d').mode, 0o775);
    await fails(() => source.makeFolder('d', 0o755), 'changed');
    await source.writeLink('d/l', 'one', undefined);
    await fails(() => source.writeLink('d/l', 'two', undefined), 'changed');
    await source.writeLink('d/l', 'two', stat('d/l'));
    assert.equal(source.readLink('d/l'), 'two');
    await fails(() => source.remove('d', stat('d')), 'changed');
    const seen = stat('d');
    await source.remove('d/l', stat('d/l'));
    await source.remove('d', seen);
    assert.equal(source.stat('d'), undefined);
  });

  it('refuses names that are none', async () => {
    for (const path of ['', '..', '../x', 'a/../x', './x', 'a//b', '/etc/x', 'nul\0byte', 'x'.repeat(256)]) {
      await fails(() => source.writeFile(path, Buffer.from('x'), 0o644, undefined), 'invalid-name');
    }
    const windows = new FolderSource(folder.path, 'win32');
    for (const path of ['con', 'NUL.txt', 'com1', 'a/lpt9.log', 'COM¹', 'x.', 'x ', 'a:b', 'file::$DATA', 'a\\b', 'a?', 'tab\t']) {
      await fails(() => windows.writeFile(path, Buffer.from('x'), 0o644, undefined), 'invalid-name');
    }
    await windows.writeFile('console.log', Buffer.from('x'), 0o644, undefined);
  });

  it('stays in the folder it opened when that is moved and a link is put in its place', async () => {
    folder.write('d/keep', '1');
    const swap = async function* (): AsyncGenerator<Buffer> {
      renameSync(folder.at('d'), folder.at('moved'));
      folder.link('d', outside.path);
      yield Buffer.from('x');
    };
    await source.writeFile('d/new', swap(), 0o644, undefined);
    assert.equal(folder.read('moved/new'), 'x');
  });

  it('looks at every component where descriptors cannot be used', () => {
    folder.write('d/e/f', '1');
    folder.link('d/l', outside.path);
    const reason = (path: string): string => {
      try {
        const opened = openSafeFolder(folder.path, path, false);
        opened.close();
        return opened.base;
      } catch (error) {
        return (error as HostFileError).reason;
      }
    };
    assert.deepEqual([reason('d/e'), reason(''), reason('d/l'), reason('d/l/x'), reason('d/e/f'), reason('gone')],
      [folder.at('d/e'), folder.path, 'link-in-path', 'link-in-path', 'changed', 'absent']);
  });
});
