import assert from 'node:assert/strict';
import { sameEntry } from '../../../src/engine/sync/entry';
import { HostScanner } from '../../../src/engine/sync/hostScan';
import { Tree } from '../../../src/engine/sync/merkle';
import { Editor, expected, random } from './support/editor';
import { Session } from './support/session';

describe('random edits on the host', () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`arrive byte for byte, round after round (seed ${seed})`, async function () {
      this.timeout(120_000);
      const session = new Session();
      const next = random(seed);
      const editor = new Editor(session.host.path, next);
      const kept = new Tree();
      let reopened = 0;
      try {
        for (let round = 0; round < 50; round++) {
          for (let i = 0; i < 1 + Math.floor(next() * 12); i++) editor.edit();
          const { after, scan } = await session.sync();
          for (const [path, entry] of after) {
            if (entry?.box) kept.set(path, entry.box);
            else kept.delete(path);
          }
          assert.deepEqual(scan.refused, []);
          const inside = new Map([...session.box.held].map(([path, { type, mode, bytes }]) =>
            [path, `${type} ${mode.toString(8)} ${bytes.toString('hex')}`]));
          const outside = expected(session.host.path);
          assert.deepEqual([...inside].sort(), [...outside].sort(), `round ${round}`);
          // The index says exactly this, and so did the tree that was kept path by path.
          const held = session.box.entries();
          assert.equal(session.index.size, held.size);
          for (const [path, { box }] of session.index) assert.ok(sameEntry(box, held.get(path)), path);
          const fresh = new Tree();
          for (const [path, entry] of held) fresh.set(path, entry);
          assert.equal(kept.root(), fresh.root());
          // A runner that starts anew has the index and nothing else.
          if (next() < 0.3) {
            session.scanner = new HostScanner(session.source);
            reopened++;
          }
        }
        assert.ok(reopened > 0);
      } finally {
        session.dispose();
      }
    });
  }
});
