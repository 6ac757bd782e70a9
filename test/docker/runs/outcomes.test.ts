import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { makeFolder, type Folder } from '../support/folder';
import { openBench, type Bench } from '../support/petri';

describe('a run', function () {
  this.timeout(300_000);
  let bench: Bench;
  let folder: Folder;
  let sandbox: string;
  before(async () => {
    bench = await openBench();
    folder = makeFolder({
      'main.py': 'import helper, sys\nprint(helper.word)\nprint("complaint", file=sys.stderr)\nsys.exit(7)\n', 'helper.py': 'word = "from another file"\n',
    });
    sandbox = await bench.sandbox({ folder: folder.path });
  });
  after(async () => {
    await bench?.close();
    folder?.remove();
  });

  it('hands on stdout, stderr and the exit code @smoke', async () => {
    const { done, stdout, stderr } = await bench.run(sandbox, ['python', 'main.py']);
    assert.deepEqual([stdout.toString(), stderr.toString(), done.exit_code, done.reason], ['from another file\n', 'complaint\n', 7, 'exited']);
  });

  it('is byte-exact: every value, no newline at the end, and what looks like a mark', async () => {
    folder.write('bytes.py', 'import sys, os\nsys.stdout.buffer.write(bytes(range(256)) * 300 + b"\\0petri0123 0")\nsys.stderr.buffer.write(bytes(range(255, -1, -1)))\n');
    const { stdout, stderr } = await bench.run(sandbox, ['python', 'bytes.py']);
    const all = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    assert.ok(stdout.equals(Buffer.concat([...Array<Buffer>(300).fill(all), Buffer.from('\0petri0123 0')])));
    assert.ok(stderr.equals(Buffer.from([...all].reverse())));
  });

  it('keeps the order and every byte of a flood on both streams', async () => {
    folder.write('flood.py', 'import sys\nfor n in range(60000):\n  sys.stdout.write(f"{n}\\n")\n  sys.stderr.write(f"{n}\\n")\n');
    const { stdout, stderr } = await bench.run(sandbox, ['python', 'flood.py']);
    const expected = Array.from({ length: 60000 }, (_, n) => `${n}\n`).join('');
    assert.ok(stdout.toString() === expected && stderr.toString() === expected);
  });

  it('streams while the program runs', async () => {
    const seen: string[] = [];
    const abort = new AbortController();
    const { done } = await bench.run(sandbox, 'echo first; sleep 600', { signal: abort.signal, onOutput: (text) => { seen.push(text); abort.abort(); } });
    assert.deepEqual([seen, done.reason], [['first\n'], 'cancelled']);
  });

  it('passes arguments as they are: spaces, quotes, newlines, dashes, Unicode, nothing expanded', async () => {
    const words = ['a b', "it's", '"q"', 'two\nlines\n', '-n', '--', '$HOME `id` $(id)', 'héllo 🦠', '', '\\', '*'];
    const { stdout } = await bench.run(sandbox, ['python', '-c', 'import sys, json; print(json.dumps(sys.argv[1:]))', ...words]);
    assert.deepEqual(JSON.parse(stdout.toString()), words);
  });

  it('gives a string to the shell, a folder to run in, and variables', async () => {
    folder.write('sub dir/x.txt', 'x');
    const { stdout } = await bench.run(sandbox, 'pwd; ls; echo "$WORD" | tr a-z A-Z', { cwd: 'sub dir', env: { WORD: 'it\'s\nme' } });
    assert.equal(stdout.toString(), '/sandbox/workspace/sub dir\nx.txt\nIT\'S\nME\n');
  });

  it('passes stdin to the byte and ends it', async () => {
    const sent = randomBytes(3_000_000);
    const { stdout } = await bench.run(sandbox, ['python', '-c', 'import sys, hashlib; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'], {
      stdin: true,
      onStarted: ({ run_id: id }) => void (async () => {
        for (let at = 0; at < sent.length; at += 100_000) await bench.petri.writeInput(id, sent.subarray(at, at + 100_000));
        bench.petri.endInput(id);
      })(),
    });
    assert.equal(stdout.toString().trim(), (await import('node:crypto')).createHash('sha256').update(sent).digest('hex'));
  });

  it('has an empty stdin when none is sent', async () => {
    const { stdout } = await bench.run(sandbox, ['python', '-c', 'import sys; print(len(sys.stdin.read()))']);
    assert.equal(stdout.toString(), '0\n');
  });

  const ends: Array<[string, string | string[], string, number | null]> = [
    ['a command that is not there', ['no-such-command'], 'command-not-found', 127],
    ['a file that may not be executed', ['./helper.py'], 'not-executable', 126],
    ['a word of the launcher\'s own shell', ['commit', '9'], 'exited', 127],
    ['a folder that is not there', ['true'], 'failed-to-start', 125],
    ['a crash', ['python', '-c', 'import os; os.abort()'], 'killed', 134],
    ['a program that kills its launcher', 'kill -9 $PPID; sleep 5', 'killed', 137],
    ['a program that kills everything', 'kill -9 -1; sleep 5', 'killed', 137],
    ['memory', ['python', '-c', 'x = []\nwhile True: x.append(bytearray(10_000_000))'], 'out-of-memory', 137],
    ['a child killed for memory', ['python', '-c', 'import subprocess, sys\nsubprocess.run([sys.executable, "-c", "x = []\\nwhile True: x.append(bytearray(10_000_000))"])'], 'out-of-memory', 0],
    ['a full /tmp', 'dd if=/dev/zero of=/tmp/full bs=1M 2>/dev/null', 'disk-full', 1],
  ];
  for (const [name, command, reason, code] of ends) {
    it(`tells ${name} apart: ${reason}`, async () => {
      const limits = { memory_bytes: 64 * 1024 * 1024 };
      const { done } = await bench.run(sandbox, command, { limits, cwd: name === 'a folder that is not there' ? 'nowhere' : '' });
      assert.deepEqual([done.reason, done.exit_code], [reason, code]);
      const next = await bench.run(sandbox, 'echo well');
      assert.equal(next.stdout.toString(), 'well\n');
    });
  }

  it('ends at its time limit', async () => {
    const { done } = await bench.run(sandbox, ['sleep', '600'], { limits: { seconds: 1 } });
    assert.equal(done.reason, 'timed-out');
  });

  it('that ignores SIGTERM, with child and grandchild, ends on cancel', async () => {
    const abort = new AbortController();
    const command = 'trap "" TERM INT; sh -c \'trap "" TERM INT; sh -c "trap \\"\\" TERM INT; echo up; while :; do sleep 1; done" & while :; do sleep 1; done\' & while :; do sleep 1; done';
    const { done } = await bench.run(sandbox, command, { signal: abort.signal, onOutput: () => abort.abort() });
    assert.deepEqual([done.reason, done.exit_code], ['cancelled', 137]);
  });

  it('may end in its own way on SIGTERM, in the whole process tree', async () => {
    const abort = new AbortController();
    const command = 'sh -c \'trap "echo child bye; exit 3" TERM; echo up; while :; do sleep 0.1; done\' & trap "wait; echo bye; exit 9" TERM; while :; do sleep 0.1; done';
    const { done, stdout } = await bench.run(sandbox, command, { signal: abort.signal, onOutput: () => abort.abort() });
    assert.deepEqual([done.reason, done.exit_code, stdout.toString()], ['cancelled', 9, 'up\nchild bye\nbye\n']);
  });

  it('ends a fork bomb with the run, and the next run works', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 3000);
    // The bomb in a process of its own: whoever lights it needs more than one, and ends where it gets none.
    const { done } = await bench.run(sandbox, 'b() { b | b & }; (b 2>/dev/null) & while :; do :; done', { signal: abort.signal, limits: { pids: 64 } });
    assert.equal(done.reason, 'cancelled');
    assert.equal((await bench.run(sandbox, 'echo well')).stdout.toString(), 'well\n');
  });

  it('follows another at once, each with limits of its own', async () => {
    for (let pids = 100; pids < 104; pids += 1) {
      const { done, stdout } = await bench.run(sandbox, `echo ${pids}`, { limits: { pids } });
      assert.deepEqual([done.reason, stdout.toString()], ['exited', `${pids}\n`]);
    }
  });

  it('caps its output with a visible mark and goes on', async () => {
    const { done, stdout, notices } = await bench.run(sandbox, 'yes | head -c 3000000; exit 4', { limits: { output_bytes: 1_000_000 } });
    assert.deepEqual([stdout.length, done.truncated, done.exit_code, done.stdout_bytes, notices.filter((n) => n.code === 'limit').length], [1_000_000, true, 4, 3_000_000, 1]);
  });

  it('has the limits that were chosen for its sandbox, and the default ones again when they are taken back', async () => {
    const pids = async () => {
      const { started } = await bench.run(sandbox, 'true');
      return bench.record(started!.run_id).limits.pids;
    };
    await bench.petri.updateSandbox(sandbox, { limits: { pids: 99 } });
    assert.equal(await pids(), 99);
    await bench.petri.updateSandbox(sandbox, { limits: { pids: null } });
    assert.equal(await pids(), 512);
  });

  it('leaves a record: command, receipt, image, limits, end, files', async () => {
    folder.write('old.txt', 'old');
    await bench.run(sandbox, 'echo made > made.txt; mkdir -p d; echo two > d/two.txt');
    await bench.settled(sandbox);
    const { started } = await bench.run(sandbox, 'echo more >> made.txt; rm old.txt; touch new.txt; exit 5');
    await bench.settled(sandbox);
    const record = bench.record(started!.run_id);
    assert.deepEqual([record.status, record.reason, record.exit_code, record.receipt], ['finished', 'exited', 5, started!.receipt]);
    assert.match(record.image_id!, /^sha256:/);
    assert.equal(record.limits.memory_bytes, 2048 * 1024 * 1024);
    assert.deepEqual(record.files, { created: ['new.txt'], changed: ['made.txt'], deleted: ['old.txt'], shared: false });
  });
});
