import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Entry } from '../../../src/engine/sync/entry';
import { Tree } from '../../../src/engine/sync/merkle';

const sha = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const file = (text: string, mode = 0o644): Entry => ({ type: 'file', mode, size: Buffer.byteLength(text), content: sha(text) });
const folder = (mode = 0o755): Entry => ({ type: 'folder', mode, size: 0, content: '' });
const link = (target: string): Entry => ({ type: 'symlink', mode: 0o777, size: 0, content: target });

/** The digest as its documentation has it, bytes for bytes, with none of the code under test. */
function independent(entries: Map<string, Entry>, under = ''): string {
  const children = [...entries].filter(([path]) => path.startsWith(under) && !path.slice(under.length).includes('/'))
    .map(([path, entry]) => ({ name: Buffer.from(path.slice(under.length)), path, entry }))
    .sort((a, b) => Buffer.compare(a.name, b.name));
  return sha(Buffer.concat(children.map(({ name, path, entry }) => {
    const content = entry.type === 'file' ? entry.content : entry.type === 'symlink' ? sha(entry.content)
      : independent(entries, `${path}/`);
    const letter = { file: 'f', folder: 'd', symlink: 'l' }[entry.type];
    return Buffer.concat([Buffer.from(`${letter} ${entry.mode.toString(8)} ${entry.size} ${content} `), name, Buffer.from([0])]);
  })));
}

const SAMPLE = new Map<string, Entry>([
  ['z', file('z')], ['a', folder(0o700)], ['a/new\nline', file('1', 0o755)], ['a/b', folder()], ['a/b/l', link('../x')],
  ['\ue000', file('private')], ['𝒳', file('astral')],
  ['ü', file('')], ['empty', folder()], ['-rf', file('dash')], ['a-b', file('between')],
  ['broken', { type: 'file', mode: 0, size: 3, content: 'unreadable' }],
]);

describe('the receipt', () => {
  it('is what anybody can compute from the documentation', () => {
    const tree = new Tree();
    for (const [path, entry] of SAMPLE) tree.set(path, entry);
    assert.equal(tree.root(), independent(SAMPLE));
    assert.equal(new Tree().root(), sha(''));
    // A change of this value is a change of the format: every stored receipt would read as a mismatch.
    assert.equal(tree.root(), 'aa51ce288349e38b872cdbab92d375401f02b061cd8ef6a219ef8773ef95d1d6');
  });

  it('depends on the content of the tree, not on the order it was built in', () => {
    const tree = new Tree();
    for (const [path, entry] of [...SAMPLE].reverse()) tree.set(path, entry);
    tree.set('a/b/extra', file('x'));
    tree.set('z', folder());
    tree.set('z/in', file('y'));
    tree.root();
    tree.delete('a/b/extra');
    tree.delete('never/there');
    tree.set('z', file('z'));
    tree.delete('z/in');
    assert.equal(tree.root(), independent(SAMPLE));
  });

  it('changes with every single property, and comes back', () => {
    const tree = new Tree();
    for (const [path, entry] of SAMPLE) tree.set(path, entry);
    const root = tree.root();
    const changes: Array<[string, Entry | undefined]> = [
      ['a/new\nline', file('2', 0o755)], ['a/new\nline', file('1', 0o644)], ['a/b', folder(0o711)], ['a/b/l', link('../y')],
      ['empty', undefined], ['a', undefined], ['empty', file('')], ['a/b/m', file('')],
    ];
    for (const [path, entry] of changes) {
      const lost = [...SAMPLE].filter(([known]) => known === path || known.startsWith(`${path}/`));
      if (entry) tree.set(path, entry);
      else tree.delete(path);
      assert.notEqual(tree.root(), root, JSON.stringify([path, entry]));
      if (!SAMPLE.has(path)) tree.delete(path);
      for (const [known, before] of lost) tree.set(known, before);
      assert.equal(tree.root(), root, JSON.stringify([path, entry]));
    }
  });
});
