import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { listChanges } from '../../../src/engine/sync/review';
import { STAMP, Session } from './support/session';

type Step = (session: Session) => void;
const BIG = Buffer.alloc(300 * 1024, 7);

const host = {
  nothing: () => undefined,
  edits: (s) => s.host.write('f.txt', 'host'),
  touches: (s) => s.host.write('f.txt', 'base'),
  chmods: (s) => chmodSync(s.host.at('f.txt'), 0o755),
  deletes: (s) => s.host.remove('f.txt'),
  'makes it a folder': (s) => { s.host.remove('f.txt'); s.host.write('f.txt/in', 'host'); },
  'makes it a link': (s) => { s.host.remove('f.txt'); s.host.link('f.txt', 'elsewhere'); },
} satisfies Record<string, Step>;
const runs = {
  nothing: () => undefined,
  edits: (s) => s.run((box) => box.write('f.txt', 'run')),
  'edits alike': (s) => s.run((box) => box.write('f.txt', 'host')),
  chmods: (s) => s.run((box) => box.chmod('f.txt', 0o700)),
  deletes: (s) => s.run((box) => box.remove('f.txt')),
  'makes it a folder': (s) => s.run((box) => { box.remove('f.txt'); box.folder('f.txt'); box.write('f.txt/own', 'run'); }),
  'makes it a link': (s) => s.run((box) => { box.remove('f.txt'); box.link('f.txt', '/etc/passwd'); }),
} satisfies Record<string, Step>;

/** What the workspace holds, in a line: `f.txt=host(644)`. */
function shown(session: Session): string {
  return [...session.box.held].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, { type, mode, bytes }]) =>
    (type === 'folder' ? `${path}/` : type === 'symlink' ? `${path}→${bytes}` : `${path}=${bytes}(${mode.toString(8)})`)).join(' ')
      .replaceAll(STAMP, 'KEPT');
}

/** host does · a run did · the workspace then. */
const MATRIX: Array<[keyof typeof host, keyof typeof runs, string]> = [
  ['nothing', 'nothing', 'f.txt=base(644)'],
  ['nothing', 'edits', 'f.txt=run(644)'],
  ['nothing', 'chmods', 'f.txt=base(700)'],
  ['nothing', 'deletes', ''],
  ['nothing', 'makes it a folder', 'f.txt/ f.txt/own=run(644)'],
  ['nothing', 'makes it a link', 'f.txt→/etc/passwd'],
  ['touches', 'edits', 'f.txt=run(644)'],
  ['touches', 'deletes', ''],
  ['edits', 'nothing', 'f.txt=host(644)'],
  ['edits', 'edits', 'f.KEPT.txt=run(644) f.txt=host(644)'],
  ['edits', 'edits alike', 'f.txt=host(644)'],
  ['edits', 'chmods', 'f.txt=host(644)'],
  ['edits', 'deletes', 'f.txt=host(644)'],
  ['edits', 'makes it a folder', 'f.KEPT.txt/ f.KEPT.txt/own=run(644) f.txt=host(644)'],
  ['edits', 'makes it a link', 'f.KEPT.txt→/etc/passwd f.txt=host(644)'],
  ['chmods', 'nothing', 'f.txt=base(755)'],
  ['chmods', 'edits', 'f.txt=run(755)'],
  ['chmods', 'deletes', ''],
  ['chmods', 'makes it a link', 'f.txt→/etc/passwd'],
  ['deletes', 'nothing', ''],
  ['deletes', 'edits', 'f.KEPT.txt=run(644)'],
  ['deletes', 'chmods', ''],
  ['deletes', 'deletes', ''],
  ['deletes', 'makes it a folder', 'f.txt/ f.txt/own=run(644)'],
  ['deletes', 'makes it a link', 'f.KEPT.txt→/etc/passwd'],
  ['makes it a folder', 'nothing', 'f.txt/ f.txt/in=host(644)'],
  ['makes it a folder', 'edits', 'f.KEPT.txt=run(644) f.txt/ f.txt/in=host(644)'],
  ['makes it a folder', 'deletes', 'f.txt/ f.txt/in=host(644)'],
  ['makes it a folder', 'makes it a folder', 'f.txt/ f.txt/in=host(644) f.txt/own=run(644)'],
  ['makes it a folder', 'makes it a link', 'f.KEPT.txt→/etc/passwd f.txt/ f.txt/in=host(644)'],
  ['makes it a link', 'nothing', 'f.txt→elsewhere'],
  ['makes it a link', 'edits', 'f.KEPT.txt=run(644) f.txt→elsewhere'],
  ['makes it a link', 'makes it a folder', 'f.KEPT.txt/ f.KEPT.txt/own=run(644) f.txt→elsewhere'],
];

describe('host and run on one file', () => {
  let session: Session;
  beforeEach(() => { session = new Session(); });
  afterEach(() => session.dispose());

  for (const [onHost, inRun, then] of MATRIX) {
    it(`host ${onHost}, run ${inRun}: ${then || 'empty'}`, async () => {
      session.host.write('f.txt', 'base');
      await session.sync();
      runs[inRun](session);
      host[onHost](session);
      const { plan } = await session.sync();
      assert.equal(shown(session), then);
      assert.deepEqual(plan.conflicts.map(({ path }) => path), then.includes('KEPT') ? ['f.txt'] : []);
      // What was foreseen is what is there, and there is nothing left to do.
      session.box.lookedAt(session.index);
      const again = await session.sync();
      assert.equal(again.plan.empty, true);
      assert.equal(shown(session), then);
    });
  }

  it('a change to review says what mode and which target each side has', async () => {
    session.host.write('run.sh', 'x', { mode: 0o644 });
    session.host.link('link', 'run.sh');
    session.host.write('gone', 'x', { mode: 0o600 });
    await session.sync();
    session.run((box) => {
      box.chmod('run.sh', 0o755);
      box.link('link', 'elsewhere');
      box.remove('gone');
      box.write('made', 'x', 0o700);
    });
    assert.deepEqual(listChanges(session.index).map(({ path, mode, old_mode: before, target, old_target: from }) => [path, before, mode, from, target]), [
      ['gone', 0o600, undefined, undefined, undefined], ['link', 0o777, 0o777, 'run.sh', 'elsewhere'],
      ['made', undefined, 0o700, undefined, undefined], ['run.sh', 0o644, 0o755, undefined, undefined],
    ]);
  });

  it('both created the same name with another content: the host wins, the other one is kept, and is a change to review', async () => {
    session.run((box) => box.write('new', 'run'));
    session.host.write('new', 'host');
    await session.sync();
    assert.equal(shown(session), 'new=host(644) new.KEPT=run(644)');
    assert.deepEqual(listChanges(session.index).map(({ path, kind }) => [path, kind]), [[`new.${STAMP}`, 'created']]);
  });

  it('a second conflict within the same second gets a name of its own', async () => {
    session.host.write('a.b.txt', 'base');
    await session.sync();
    for (const text of ['1', '2']) {
      session.run((box) => box.write('a.b.txt', `run${text}`));
      session.host.write('a.b.txt', `host${text}`);
      await session.sync();
    }
    assert.equal(shown(session), 'a.b.KEPT-2.txt=run2(644) a.b.KEPT.txt=run1(644) a.b.txt=host2(644)');
  });

  it('a kept name still fits a file name', async () => {
    const name = `${'é'.repeat(124)}.txt`;
    session.host.write(name, 'base');
    await session.sync();
    session.run((box) => box.write(name, 'run'));
    session.host.write(name, 'host');
    const { plan } = await session.sync();
    assert.ok(Buffer.byteLength(plan.conflicts[0]!.kept) <= 255);
    assert.match(plan.conflicts[0]!.kept, /^é+\.sandbox-.*\.txt$/);
  });
});

describe('host and run on folders', () => {
  let session: Session;
  beforeEach(async () => {
    session = new Session();
    for (const path of ['d/a', 'd/sub/b', 'keep']) session.host.write(path, path);
    await session.sync();
  });
  afterEach(() => session.dispose());

  it('a deleted folder goes with what came from the host; what a run made stays', async () => {
    session.run((box) => box.write('d/sub/made', 'run'));
    session.host.remove('d');
    await session.sync();
    assert.equal(shown(session), 'd/ d/sub/ d/sub/made=run(644) keep=keep(644)');
    assert.deepEqual(listChanges(session.index).map(({ path, kind }) => `${kind} ${path}`),
      ['created d', 'created d/sub', 'created d/sub/made']);
    session.run((box) => box.remove('d'));
    session.host.write('d/a', 'again');
    await session.sync();
    assert.equal(shown(session), 'd/ d/a=again(644) keep=keep(644)');
  });

  it('a folder that became a file: an untouched one is replaced, one with a run\'s work goes aside as a whole', async () => {
    session.host.remove('d');
    session.host.write('d', 'file');
    await session.sync();
    assert.equal(shown(session), 'd=file(644) keep=keep(644)');

    session.host.remove('d');
    session.host.write('d/a', 'new');
    session.host.write('d/b', 'new');
    await session.sync();
    session.run((box) => box.write('d/a', 'run'));
    session.host.remove('d');
    session.host.write('d', 'file');
    const { plan } = await session.sync();
    assert.equal(shown(session), 'd=file(644) d.KEPT/ d.KEPT/a=run(644) d.KEPT/b=new(644) keep=keep(644)');
    assert.deepEqual(plan.conflicts, [{ path: 'd', kept: `d.${STAMP}` }]);
  });

  it('a run put a link in a folder\'s place: nothing is written through it', async () => {
    session.run((box) => { box.remove('d'); box.link('d', '/sandbox/home'); });
    session.host.write('d/sub/b', 'edited');
    const { plan } = await session.sync();
    assert.equal(shown(session), 'd/ d.KEPT→/sandbox/home d/sub/ d/sub/b=edited(644) keep=keep(644)');
    assert.deepEqual(plan.conflicts.map(({ path }) => path), ['d']);
  });

  it('a run deleted a folder that the host still writes to: it comes back with the news only', async () => {
    session.run((box) => box.remove('d'));
    session.host.write('d/sub/new', 'n');
    await session.sync();
    assert.equal(shown(session), 'd/ d/sub/ d/sub/new=n(644) keep=keep(644)');
    assert.deepEqual(listChanges(session.index).map(({ path, kind }) => `${kind} ${path}`), ['deleted d/a', 'deleted d/sub/b']);
  });

  it('empty folders come and go', async () => {
    session.host.folder('x/y/z');
    await session.sync();
    assert.ok(session.box.held.has('x/y/z'));
    session.host.remove('x/y');
    await session.sync();
    assert.equal(shown(session), 'd/ d/a=d/a(644) d/sub/ d/sub/b=d/sub/b(644) keep=keep(644) x/');
  });

  it('a big file that was renamed is moved, not sent: into a folder in its own place, too', async () => {
    session.host.write('big', BIG, { mode: 0o644 });
    await session.sync();
    session.host.remove('big');
    session.host.write('big/deep/inner', BIG, { mode: 0o755 });
    const { plan, report } = await session.sync();
    assert.deepEqual(plan.moves, [{ from: 'big', to: 'big/deep/inner', mode: 0o755 }]);
    assert.equal(report.bytes, 0);
    assert.equal(session.box.held.get('big/deep/inner')!.mode, 0o755);
    assert.ok(session.box.held.get('big/deep/inner')!.bytes.equals(BIG));
    session.host.remove('big');
    session.host.link('big', 'keep');
    session.host.write('other', BIG);
    assert.equal((await session.sync()).plan.moves.length, 1);
    assert.ok(session.box.held.get('other')!.bytes.equals(BIG));
  });

  it('a big file that a run changed is no source for a move', async () => {
    session.host.write('big', BIG);
    await session.sync();
    session.run((box) => box.write('big', 'run'));
    session.host.remove('big');
    session.host.write('renamed', BIG);
    const { plan } = await session.sync();
    assert.deepEqual(plan.moves, []);
    assert.ok(session.box.held.get('renamed')!.bytes.equals(BIG));
    assert.ok(session.box.held.has(`big.${STAMP}`));
  });
});
