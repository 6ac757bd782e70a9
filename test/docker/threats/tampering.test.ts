import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, type Folder } from '../support/folder';
import { openBench, type Bench, type Result } from '../support/petri';

describe('a run that tampers with what Petri keeps in its volume', function () {
  this.timeout(120_000);
  let bench: Bench;
  let folder: Folder;
  let sandbox: string;
  before(async () => {
    bench = await openBench();
    folder = makeFolder({ 'stays.txt': 'stays' });
    sandbox = await bench.sandbox({ folder: folder.path, language: 'python' });
    await bench.run(sandbox, 'true');
  });
  after(async () => {
    await bench?.close();
    folder?.remove();
  });
  afterEach(async function () {
    // A failure must not outlive its test.
    if (this.currentTest?.state === 'failed') await bench.petri.resetSandbox(sandbox);
  });

  const marker = '/sandbox/state/generation';
  const attacks: Array<[string, string]> = [
    ['deletes the generation marker', `rm ${marker}`],
    ['fills the marker without an end', `head -c 300000000 /dev/zero > ${marker}`],
    ['writes another generation', `echo 999999 > ${marker}`],
    ['empties the marker', `: > ${marker}`],
    ['makes the marker unreadable', `chmod 000 ${marker}`],
    ['puts a FIFO in the marker\'s place', `rm ${marker}; mkfifo ${marker}`],
    ['puts a folder in the marker\'s place', `rm ${marker}; mkdir -p ${marker}/x/y; chmod 000 ${marker}/x`],
    ['puts a link to a file in the marker\'s place', `mv ${marker} ~/marker; ln -s ~/marker ${marker}`],
    ['puts a dangling link in the marker\'s place', `rm ${marker}; ln -s /sandbox/workspace/planted ${marker}`],
    ['puts a link to a device in the marker\'s place', `rm ${marker}; ln -s /dev/zero ${marker}`],
    ['closes the state folder', 'chmod 000 /sandbox/state'],
    ['closes the workspace', 'chmod 000 /sandbox/workspace'],
    ['makes the workspace read-only', 'chmod -R a-w /sandbox/workspace'],
    ['closes every folder of the workspace', 'find /sandbox/workspace -mindepth 1 -depth -type d -exec chmod 000 {} +'],
    ['closes every file of the workspace', 'find /sandbox/workspace -type f -exec chmod 000 {} +'],
    ['takes the places that a rename needs', 'for n in 0 1 2; do mkdir -p /sandbox/state/moving-$n/x; done; chmod 000 /sandbox/state/moving-1'],
    ['empties the workspace', 'rm -rf /sandbox/workspace/* /sandbox/workspace/.[!.]*'],
    ['fills the state folder with odd names', 'cd /sandbox/state; touch -- -rf "a b" "$(printf "new\\nline")" "*"; mkdir -p staging/x; ln -s / staging/root'],
    ['replaces a folder by a link to /etc', 'rm -rf sub; ln -s /etc sub'],
    ['replaces a folder by a link to /tmp', 'rm -rf sub; ln -s /tmp sub'],
    ['replaces a folder by a link to its home', 'rm -rf sub; ln -s ~ sub'],
    ['replaces a folder by a link to the folder above', 'rm -rf sub; ln -s .. sub'],
    ['replaces a folder by a link to another folder', 'rm -rf sub; ln -s other sub'],
    ['replaces a file by a link to another file', 'rm a.txt; ln -s other/d.txt a.txt'],
    ['replaces a file by a hard link to another file', 'rm a.txt; ln other/d.txt a.txt'],
    ['replaces a file by a FIFO', 'rm a.txt; mkfifo a.txt'],
    ['replaces a file by a folder', 'rm a.txt; mkdir -p a.txt/x; chmod 000 a.txt/x'],
    ['replaces a folder by a file', 'rm -rf sub; echo file > sub'],
    ['replaces a folder by a socket', 'rm -rf sub; python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\'sub\')"'],
    ['changes a file and sets its times back', 'touch -r a.txt ~/times; printf z > a.txt; touch -r ~/times a.txt'],
    ['leaves a process that goes on writing', 'setsid sh -c "while :; do date > a.txt; done" >/dev/null 2>&1 & sleep 0.2'],
    // Last: it stays closed, which is the sandbox's own business.
    ['closes its home', 'chmod 000 /sandbox/home'],
  ];

  for (const [index, [name, attack]] of attacks.entries()) {
    it(`${name}: the next run has the host's edit in its place, and its receipt is true`, async () => {
      const cwd = `of-${index}`;
      for (const path of ['a.txt', 'sub/b.txt', 'sub/deep/c.txt', 'other/d.txt']) folder.write(`${cwd}/${path}`, `first ${path}`);
      folder.write(`${cwd}/big.bin`, Buffer.alloc(300_000, name));
      const host = digest(folder.path);
      await bench.run(sandbox, attack, { cwd, limits: { seconds: 20 } });
      assert.deepEqual(digest(folder.path), host, 'the host was touched');

      const edited = { 'a.txt': `a after: ${name}`, 'sub/b.txt': `b after: ${name}`, 'sub/deep/new.txt': 'new' };
      for (const [path, content] of Object.entries(edited)) folder.write(`${cwd}/${path}`, content);
      renameSync(join(folder.path, cwd, 'big.bin'), join(folder.path, cwd, 'renamed.bin'));
      const after = digest(folder.path);
      const next = await run(`cd ${cwd} && for f in ${Object.keys(edited).join(' ')}; do [ ! -L "$(dirname $f)" ] && [ ! -L $f ] && cat $f && echo; done; sha256sum <renamed.bin; ls ~ /tmp || true`);
      const [a, b, fresh, big, ...elsewhere] = next.stdout.toString().split('\n');
      assert.deepEqual([a, b, fresh], Object.values(edited));
      assert.equal(big, `${createHash('sha256').update(Buffer.alloc(300_000, name)).digest('hex')}  -`);
      assert.ok(!elsewhere.includes('b.txt'), 'the edit landed elsewhere');
      assert.deepEqual(digest(folder.path), after, 'the host was touched');
      await receiptIsTrue([...Object.keys(edited), 'renamed.bin'].map((path) => `${cwd}/${path}`));
    });
  }

  it('a folder of the host\'s that goes away after it became a link to elsewhere: nothing elsewhere goes', async () => {
    folder.write('gone/x.txt', 'x');
    await run('chmod 700 ~; cat gone/x.txt; echo keep > ~/x.txt; rm -rf gone; ln -s ~ gone');
    rmSync(join(folder.path, 'gone'), { recursive: true });
    const next = await run('cat ~/x.txt');
    assert.equal(next.stdout.toString(), 'keep\n');
    await receiptIsTrue([]);
  });

  it('can neither rename, replace nor remove the three folders themselves', async () => {
    const next = await run('cd /sandbox; mv workspace w 2>&1; rm -rf state 2>&1; mkdir x 2>&1; ln -s /tmp y 2>&1; ls /sandbox; stat -c "%U %a" /sandbox');
    const lines = next.stdout.toString().trimEnd().split('\n');
    assert.deepEqual(lines.slice(-4), ['home', 'state', 'workspace', 'root 755']);
    await receiptIsTrue([]);
  });

  /** What the record says of the workspace is what every byte of it says; these paths are as the host has them. */
  async function receiptIsTrue(paths: string[]): Promise<void> {
    await bench.settled(sandbox);
    const { differences, sandbox_root: root } = await bench.petri.verify(sandbox, () => undefined, new AbortController().signal);
    assert.equal(root, bench.petri.getSandbox(sandbox).receipt, 'the receipt is of another tree');
    assert.deepEqual(differences.filter(({ path }) => paths.includes(path)), []);
  }

  function run(command: string): Promise<Result> {
    return bench.run(sandbox, command, { limits: { seconds: 60 } }).then((result) => {
      assert.deepEqual([result.done.reason, result.done.exit_code], ['exited', 0], result.stderr.toString());
      return result;
    });
  }
});

/** Every path of a folder with its mode and content. */
function digest(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).sort().map((path) => {
    const stat = statSync(join(root, path));
    return `${path} ${stat.mode.toString(8)} ${stat.isFile() ? createHash('sha256').update(readFileSync(join(root, path))).digest('hex') : ''}`;
  });
}
