import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, readlinkSync, renameSync, utimesSync } from 'node:fs';
import { HostFileError } from '../../../src/engine/ports/fileSource';
import { pull, type PullResult } from '../../../src/engine/sync/pullBack';
import { listChanges } from '../../../src/engine/sync/review';
import { record, type ModelBox } from './support/modelBox';
import { Session } from './support/session';
import { TempFolder } from './support/tempFolder';

describe('bringing a run\'s changes back', () => {
  let session: Session;
  let outside: TempFolder;
  beforeEach(async () => {
    session = new Session();
    outside = new TempFolder();
    outside.write('victim', 'untouched');
    for (const path of ['a.txt', 'd/b.txt', 'd/c.txt']) session.host.write(path, path);
    await session.sync();
  });
  afterEach(() => {
    assert.equal(outside.read('victim'), 'untouched');
    assert.deepEqual([...outside.snapshot().keys()], ['victim'], 'nothing was written outside');
    assert.ok(![...session.host.snapshot().keys()].some((path) => path.includes('.petri-')), 'no temporary file is left');
    session.dispose();
    outside.dispose();
  });

  async function bring(paths?: string[], during?: (path: string) => void): Promise<PullResult> {
    const read = async (path: string): Promise<Buffer> => {
      during?.(path);
      return session.box.held.get(path)!.bytes;
    };
    const heldBack = session.scanner.heldBack.bind(session.scanner);
    const result = await pull(session.index, session.source, read, paths, { now: Date.now, heldBack });
    record(session.index, result.updates);
    return result;
  }
  const reasons = (result: PullResult): Record<string, string> =>
    Object.fromEntries(result.refused.map(({ path, reason }) => [path, reason]));

  it('created, changed and deleted files, folders, modes and links, and then both sides agree', async () => {
    session.run((box: ModelBox) => {
      box.write('a.txt', 'run');
      box.folder('new');
      box.folder('new/empty');
      box.write('new/tool', '#!', 0o755);
      box.link('new/l', '../a.txt');
      box.remove('d/b.txt');
      box.chmod('d/c.txt', 0o755);
    });
    assert.deepEqual(listChanges(session.index).map(({ kind, type, path, pullable }) => `${kind} ${type} ${path} ${pullable}`), [
      'changed file a.txt true', 'deleted file d/b.txt true', 'changed file d/c.txt true', 'created folder new true',
      'created folder new/empty true',
      'created symlink new/l true', 'created file new/tool true',
    ]);
    const result = await bring();
    assert.deepEqual(result.refused, []);
    assert.equal(result.applied.length, 7);
    assert.equal(session.host.read('a.txt'), 'run');
    assert.equal(lstatSync(session.host.at('new/tool')).mode & 0o777, 0o755);
    assert.equal(lstatSync(session.host.at('d/c.txt')).mode & 0o777, 0o755);
    assert.equal(readlinkSync(session.host.at('new/l')), '../a.txt');
    assert.throws(() => session.host.read('d/b.txt'));
    assert.deepEqual(listChanges(session.index), []);
    assert.equal((await session.sync()).plan.empty, true);
  });

  it('some of them: a path, or a folder with what is in it; folders on the way are made', async () => {
    session.run((box) => {
      box.write('a.txt', 'run');
      for (const path of ['x', 'x/y']) box.folder(path);
      for (const path of ['x/y/z', 'x/w']) box.write(path, '1');
    });
    const result = await bring(['x/y/', 'nowhere']);
    assert.deepEqual(result.applied, ['x/y', 'x/y/z']);
    assert.deepEqual(reasons(result), { nowhere: 'the sandbox has no change of it' });
    assert.deepEqual(listChanges(session.index).map(({ path }) => path), ['a.txt', 'x/w']);
    assert.equal(session.host.read('a.txt'), 'a.txt');
  });

  it('types that changed', async () => {
    session.run((box) => {
      box.remove('a.txt');
      box.folder('a.txt');
      box.write('a.txt/in', '1');
      box.remove('d');
      box.write('d', 'file');
    });
    const result = await bring();
    assert.deepEqual(result.refused, []);
    assert.equal(session.host.read('a.txt/in'), '1');
    assert.equal(session.host.read('d'), 'file');
    assert.equal((await session.sync()).plan.empty, true);
  });

  it('never over a file that the host changed since the last sync', async () => {
    const mtime = new Date(1_700_000_000_123);
    session.host.write('a.txt', 'host.', { mtime });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await session.sync();
    session.run((box) => { box.write('a.txt', 'run'); box.remove('d/b.txt'); box.write('d/c.txt', 'run'); box.write('e', 'run'); });
    session.host.write('a.txt', 'HOST.', { mtime });
    session.host.write('d/b.txt', 'edited');
    session.host.remove('d/c.txt');
    session.host.write('e', 'own');
    const result = await bring();
    assert.deepEqual(result.applied, []);
    assert.deepEqual(reasons(result), {
      'a.txt': 'it changed on your side since the last sync', 'd/b.txt': 'it changed on your side since the last sync',
      'd/c.txt': 'it was deleted on your side since the last sync', e: 'you have another one of that name',
    });
    assert.equal(session.host.read('a.txt'), 'HOST.');
    assert.equal(session.host.read('e'), 'own');
  });

  it('a touched file, or one that has the sandbox\'s content already, is no conflict', async () => {
    session.run((box) => { box.write('a.txt', 'run'); box.write('d/b.txt', 'both'); });
    utimesSync(session.host.at('a.txt'), new Date(), new Date(Date.now() - 5000));
    session.host.write('d/b.txt', 'both');
    assert.deepEqual((await bring()).refused, []);
    assert.equal(session.host.read('a.txt'), 'run');
  });

  it('not over an edit that lands while the content is on its way', async () => {
    session.run((box) => { box.write('a.txt', 'run'); box.write('fresh', 'run'); });
    const result = await bring(undefined, (path) => session.host.write(path, 'raced'));
    assert.deepEqual(reasons(result), { 'a.txt': 'it changed on your side while it was written',
      fresh: 'it changed on your side while it was written' });
    assert.equal(session.host.read('a.txt'), 'raced');
    assert.equal(session.host.read('fresh'), 'raced');
  });

  it('not other bytes than were reviewed', async () => {
    session.run((box) => box.write('a.txt', 'run'));
    session.box.write('a.txt', 'swapped behind the review');
    assert.deepEqual(reasons(await bring()), { 'a.txt': "the sandbox's version changed meanwhile" });
    assert.equal(session.host.read('a.txt'), 'a.txt');
  });

  it('never through links: planted by the run, standing on the host, swapped in while writing', async () => {
    session.run((box) => {
      box.link('out', outside.path);
      box.link('up', '../../../etc');
      box.link('hook', 'd/../.git/hooks/post-checkout');
      box.link('d/inner', '../a.txt');
      box.remove('d/c.txt');
      box.link('d/c.txt', outside.at('victim'));
      box.write('d/b.txt', 'run');
      box.folder('s');
      box.write('s/victim', 'run');
    });
    session.host.link('s', outside.path);
    const result = await bring();
    assert.deepEqual(result.applied, ['d/b.txt', 'd/inner']);
    assert.deepEqual(Object.keys(reasons(result)).sort(), ['d/c.txt', 'hook', 'out', 's', 's/victim', 'up']);
    assert.match(reasons(result)['out']!, /leaves the folder/);
    assert.match(reasons(result)['s/victim']!, /link is in its way/);

    session.run((box) => box.write('d/victim', 'run'));
    await bring(['d/victim'], () => {
      renameSync(session.host.at('d'), session.host.at('moved'));
      session.host.link('d', outside.path);
    });
    assert.equal(outside.read('victim'), 'untouched');
  });

  it('a FIFO in a file\'s place blocks nothing and is not replaced', async () => {
    session.run((box) => { box.write('a.txt', 'run'); box.write('pipe', 'run'); });
    session.host.remove('a.txt');
    for (const name of ['a.txt', 'pipe']) execFileSync('mkfifo', [session.host.at(name)]);
    assert.deepEqual(Object.keys(reasons(await bring())).sort(), ['a.txt', 'pipe']);
    assert.ok(lstatSync(session.host.at('pipe')).isFIFO());
    session.host.remove('a.txt');
    session.host.remove('pipe');
  });

  it('never what configures the host, unless its path is given; never git\'s own data', async () => {
    const paths = [
      '.vscode/tasks.json', '.envrc', '.npmrc', 'pkg/.husky/pre-commit', '.git/hooks/post-checkout', 'sub/.GIT/config',
      'x.code-workspace', '.git\u200d/config', 'git~1/config',
    ];
    session.run((box) => {
      for (const path of paths) {
        for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) box.folder(path.slice(0, slash));
        box.write(path, 'attack');
      }
    });
    const all = await bring();
    assert.deepEqual(all.applied, ['pkg', 'sub'], 'mere folders');
    assert.match(reasons(all)['.envrc']!, /only when its path is given/);
    assert.match(reasons(all)['.git/hooks/post-checkout']!, /git's own/);

    const named = await bring(['.vscode', '.envrc', 'pkg', '.git', 'sub', '.git\u200d', 'git~1']);
    assert.deepEqual(named.applied, ['.envrc', '.vscode', '.vscode/tasks.json']);
    assert.match(reasons(named)['pkg/.husky/pre-commit']!, /only when its path is given/);
    assert.deepEqual([...session.host.snapshot().keys()].filter((path) => /git/i.test(path)), []);
    assert.deepEqual((await bring(['pkg/.husky/pre-commit'])).applied, ['pkg/.husky/pre-commit']);
  });

  it('no name that this or another system takes for one that is there', async () => {
    session.run((box) => { box.write('A.TXT', 'run'); box.folder('D'); box.write('D/x', 'run'); });
    const result = await bring();
    assert.deepEqual(result.applied, []);
    assert.match(reasons(result)['A.TXT']!, /'a\.txt', which differs only in case/);
    assert.match(reasons(result)['D/x']!, /'d', which differs only in case/);
  });

  it('a held-back kind of file may be brought, and is not taken for deleted afterwards', async () => {
    session.host.write('.gitignore', 'out/\n');
    await session.sync();
    session.run((box) => { box.folder('out'); box.write('out/result', 'run'); });
    assert.deepEqual((await bring()).applied, ['out', 'out/result']);
    assert.equal(session.host.read('out/result'), 'run');
    await session.sync();
    assert.ok(session.box.held.has('out/result'));
  });

  it('a folder deleted by a run stays where the host has files of its own in it', async () => {
    session.run((box) => box.remove('d'));
    session.host.write('d/.env', 'mine');
    const result = await bring();
    assert.deepEqual(reasons(result), { d: 'your folder is not empty' });
    assert.equal(session.host.read('d/.env'), 'mine');
  });

  it('what the host does not let be written is named, the rest is brought', async () => {
    session.run((box) => { box.write('a.txt', 'run'); box.write('d/b.txt', 'run'); box.write('z', 'run'); });
    const reasons: Record<string, HostFileError['reason']> = { 'd/b.txt': 'forbidden', z: 'disk-full' };
    const write = session.source.writeFile.bind(session.source);
    session.source.writeFile = async (path, ...rest) => {
      if (reasons[path]) throw new HostFileError(reasons[path], path);
      return write(path, ...rest);
    };
    const result = await bring();
    assert.deepEqual(result.applied, ['a.txt']);
    assert.deepEqual(result.refused, [{ path: 'd/b.txt', reason: 'you have no permission to write it' },
      { path: 'z', reason: 'your disk is full' }]);
    assert.deepEqual(listChanges(session.index).map(({ path }) => path), ['d/b.txt', 'z'], 'still to be brought');
  });

  it('says beforehand what a Windows host cannot hold', () => {
    session.run((box) => { for (const name of ['aux.c', 'a:b', 'dot.', 'fine']) box.write(name, ''); box.chmod('a.txt', 0o755); });
    const changes = listChanges(session.index, 'win32');
    assert.deepEqual(changes.map(({ path, pullable }) => `${path} ${pullable}`), ['a:b false', 'aux.c false', 'dot. false', 'fine true']);
    assert.match(changes[1]!.why_not!, /reserved on Windows/);
  });
});
