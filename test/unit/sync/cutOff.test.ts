import assert from 'node:assert/strict';
import { listChanges } from '../../../src/engine/sync/review';
import { Editor, expected, random } from './support/editor';
import { STAMP, Session } from './support/session';

describe('a sync that is cut off', () => {
  let session: Session;
  beforeEach(() => { session = new Session(); });
  afterEach(() => session.dispose());

  it('leaves nothing that reads as a run\'s doing, whatever the host does next, at whatever step', async function () {
    this.timeout(120_000);
    const next = random(7);
    const editor = new Editor(session.host.path, next);
    const edit = (most: number) => { for (let i = 0; i < 1 + Math.floor(next() * most); i++) editor.edit(); };
    for (let round = 0; round < 100; round++) {
      edit(12);
      await session.syncCutOff(Math.floor(next() ** 2 * 14));
      assert.deepEqual(listChanges(session.index), [], `round ${round}`);
      if (next() < 0.8) edit(6);
      const { plan } = await session.sync();
      assert.deepEqual(plan.conflicts, [], `round ${round}`);
      const inside = [...session.box.held].map(([path, { type, mode, bytes }]) => [path, `${type} ${mode.toString(8)} ${bytes.toString('hex')}`]);
      assert.deepEqual(inside.sort(), [...expected(session.host.path)].sort(), `round ${round}`);
    }
  });

  it('keeps what runs made: once, under one name, however often it is cut off', async () => {
    for (let steps = 0; steps < 14; steps++) {
      session.dispose();
      session = new Session();
      const { host, box } = session;
      for (const path of ['changed', 'gone', 'sub/a']) host.write(path, 'first');
      await session.sync();
      session.run(() => {
        box.write('changed', 'by the run');
        box.write('gone', 'by the run');
        box.write('sub/own', 'by the run');
        box.write('created', 'by the run');
      });
      host.write('changed', 'second');
      host.remove('gone');
      host.remove('sub');
      host.write('fresh', 'fresh');
      const plan = await session.syncCutOff(steps);
      assert.deepEqual(plan.conflicts.map(({ kept }) => kept), [`changed.${STAMP}`, `gone.${STAMP}`]);
      host.remove('fresh');
      await session.sync();
      const held = [...session.box.held].filter(([, { type }]) => type === 'file').map(([path, { bytes }]) => `${path}: ${bytes.toString()}`);
      const byTheRun = [`changed.${STAMP}`, 'created', `gone.${STAMP}`, 'sub/own'].map((path) => `${path}: by the run`);
      assert.deepEqual(held.sort(), [...byTheRun, 'changed: second'].sort(), `after ${steps} steps`);
      const files = listChanges(session.index).filter(({ type }) => type === 'file');
      assert.deepEqual(files.map(({ path }) => path), byTheRun.map((line) => line.split(':')[0]), `after ${steps} steps`);
    }
  });
});
