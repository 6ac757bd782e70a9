import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { Petri } from '../../../src/sdk/typescript/petri';
import type { Sandbox } from '../../../src/sdk/typescript/sandbox';
import { eventually } from '../support/eventually';
import { makeFolder, type Folder } from '../support/folder';
import { kill, RunnerHome } from '../support/runnerProcess';
import { Screen } from '../support/screen';

describe('a terminal', function () {
  this.timeout(120_000);
  let home: RunnerHome;
  let petri: Petri;
  let folder: Folder;
  let sandbox: Sandbox;
  const open: Screen[] = [];
  before(async () => {
    home = new RunnerHome();
    petri = await home.connect();
    folder = makeFolder({ 'here.txt': 'from the host\n', 'sub/deep.txt': '' });
    sandbox = await home.sandbox(petri, folder.path);
  });
  afterEach(async () => {
    for (const screen of open.splice(0)) await screen.handle.close().catch(() => {});
  });
  after(async () => {
    await home?.remove();
    folder?.remove();
  });

  function terminal(...more: Parameters<typeof newScreen>): Screen {
    const screen = newScreen(...more);
    open.push(screen);
    return screen;
  }
  function newScreen(request: ConstructorParameters<typeof Screen>[1] = {}, options: ConstructorParameters<typeof Screen>[2] = {}): Screen {
    return new Screen(sandbox, { env: { PS1: '$ ', PROMPT_COMMAND: '' }, ...request }, options);
  }
  const left = async () => (await home.ofSandbox(sandbox.id)).containers.length;

  it('is a real one, with a shell, the folder\'s files, and the shell\'s exit code at its end @smoke', async () => {
    folder.write('new.txt', 'just written\n');
    const screen = terminal();
    screen.type('test -t 0 && test -t 1 && test -t 2 && stty -a | grep -o onlcr; cat here.txt new.txt; pwd; echo $0');
    await screen.shows(/onlcr\r\nfrom the host\r\njust written\r\n\/sandbox\/workspace\r\n-?bash\r\n/);
    screen.type('exit 7');
    const done = await screen.done;
    assert.deepEqual([done.exit_code, done.reason, done.error], [7, 'exited', null]);
  });

  it('has the size it was opened with from the first moment, and takes another one, which programs hear of', async () => {
    const screen = terminal({ command: 'stty size; trap "stty size" WINCH; while :; do read -r word; [ "$word" = end ] && exit; done', columns: 101, rows: 33 });
    await screen.shows(/^33 101\r\n/);
    for (let columns = 60; columns <= 90; columns += 1) screen.handle.resize({ columns, rows: 20 });
    await screen.shows(/20 90\r\n/);
    screen.type('end');
    await screen.done;
  });

  it('shows colours and any other byte as they are, and UTF-8 is typed and rubbed out by the character', async () => {
    const screen = terminal({ command: ['sh', '-c', 'stty -opost -echo; printf "\\033[1;31mred\\033[0m \\377\\376\\000|"; stty opost; cat'] });
    await screen.shows(/\|/);
    assert.ok(screen.bytes.equals(Buffer.from('\x1b[1;31mred\x1b[0m \xff\xfe\0|', 'latin1')));
    screen.handle.write('aé日\x7f\x7fb\r');
    await screen.shows(/^ab\r\n/);
    screen.handle.write('grün 🦠\r\x04');
    await screen.shows(/grün 🦠\r\n/);
    assert.equal((await screen.done).exit_code, 0);
  });

  it('ends a program with Ctrl-C and leaves the shell', async () => {
    const screen = terminal();
    screen.type('sleep 600; echo "slept: $?"');
    await screen.shows(/sleep 600;.*\r\n/);
    await new Promise((resolve) => setTimeout(resolve, 300));
    screen.handle.write('\x03');
    await screen.shows(/\^C/);
    screen.type('echo still $((40 + 2))');
    await screen.shows(/still 42/);
  });

  it('stops a program with Ctrl-Z and goes on with it: the shell has job control', async () => {
    const screen = terminal();
    screen.type('sh -c "echo rea""dy; sleep 0.5; echo go""es on"');
    await screen.shows(/ready\r\n/);
    screen.handle.write('\x1a');
    await screen.shows(/Stopped/);
    screen.type('fg');
    await screen.shows(/goes on\r\n/);
  });

  it('takes a paste and gives a flood to the byte', async () => {
    // Ctrl-P Ctrl-Q is what engines take for the wish to hang up.
    const pasted = Buffer.concat([randomBytes(200_000), Buffer.from('\x10\x11'), randomBytes(199_998)]);
    const screen = terminal({ command: 'stty raw -echo; echo r""eady; head -c 400000 | sha256sum; head -c 6000000 /dev/zero | tr "\\0" x; echo end' });
    await screen.shows(/ready/);
    screen.handle.write(pasted);
    await screen.shows(new RegExp(createHash('sha256').update(pasted).digest('hex')));
    assert.equal((await screen.done).exit_code, 0);
    assert.ok(screen.bytes.toString('latin1').endsWith(`${'x'.repeat(6_000_000)}end\n`));
  });

  it('is kept in like any run', async () => {
    const screen = terminal({ command: 'grep -E "CapBnd|NoNewPrivs|Seccomp:" /proc/self/status; id -u; ls /sys/class/net; touch /x 2>&1' });
    assert.equal((await screen.done).exit_code, 1);
    const text = screen.bytes.toString();
    assert.match(text, /CapBnd:\s+0+\r\nNoNewPrivs:\s+1\r\nSeccomp:\s+2\r\n30\d\d\d\r\nlo\r\n.*Read-only file system/);
  });

  it('is a run: recorded with its receipt, its changes looked through, the sandbox awake while it is open', async () => {
    const screen = terminal({ cwd: 'sub' });
    const { run_id: id, receipt } = await screen.handle.started;
    assert.partialDeepStrictEqual(await petri.run(id), { status: 'running', command: ['bash'], cwd: 'sub', receipt });
    assert.equal((await sandbox.refresh()).expires_at, null);
    assert.equal((await sandbox.refresh()).active_runs, 1);
    screen.type('pwd; echo made > made.txt; exit');
    await screen.shows(/sandbox\/workspace\/sub\r\n/);
    const done = await screen.done;
    assert.equal(done.stdout_bytes, screen.bytes.length);
    await eventually(async () => (await petri.run(id)).files !== null, 'its changes were never looked through');
    assert.deepEqual((await petri.run(id)).files, { created: ['sub/made.txt'], changed: [], deleted: [], shared: false });
    assert.ok((await sandbox.changes()).changes.some(({ path }) => path === 'sub/made.txt'));
    const kept: Buffer[] = [];
    for await (const { chunk } of petri.runLog(id)) kept.push(chunk);
    assert.ok(Buffer.concat(kept).equals(screen.bytes));
  });

  it('does not get in a run\'s way, nor a run in its', async () => {
    const screen = terminal();
    await screen.handle.started;
    let text = '';
    const done = await sandbox.exec('echo beside > beside.txt; cat here.txt', { onOutput: (_, chunk) => { text += chunk.toString(); } }).result();
    assert.deepEqual([done.exit_code, text], [0, 'from the host\n']);
    screen.type('cat beside.txt');
    await screen.shows(/beside\r\n/);
  });

  it('closed, ends with everything in it, also what ignores being told', async () => {
    const before = await left();
    const screen = terminal();
    const { run_id: id } = await screen.handle.started;
    screen.type('(trap "" HUP TERM INT; sleep 600) & nohup sleep 600 & sleep 600');
    await screen.shows(/nohup/);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await screen.handle.close();
    const done = await screen.done;
    assert.equal(done.reason, 'cancelled');
    assert.equal((await petri.run(id)).reason, 'cancelled');
    await eventually(async () => (await left()) <= before, 'its container is left');
  });

  it('ends when its client goes away', async () => {
    const other = await home.connect();
    const screen = new Screen(await other.sandbox(sandbox.id), {});
    const { run_id: id } = await screen.handle.started;
    other.close();
    await assert.rejects(screen.done);
    await eventually(async () => (await petri.run(id)).status === 'finished', 'the run goes on');
    assert.equal((await petri.run(id)).reason, 'cancelled');
  });

  it('says why it cannot be opened', async () => {
    await assert.rejects(terminal({ cwd: '../..' }).done, { code: 'bad-request' });
    const nowhere = terminal({ cwd: 'nowhere' });
    assert.equal((await nowhere.done).exit_code, 125);
    assert.match(nowhere.bytes.toString(), /does not exist/);
    const plain = sandbox.exec('sleep 5');
    const [{ run_id: id }] = await Promise.all([plain.started, void plain.result().catch(() => {})]);
    const answer = await fetchResize(id);
    assert.equal(answer, 'conflict');
    await plain.cancel();
  });

  it('leaves nothing when the runner dies, and reads interrupted', async () => {
    const screen = terminal();
    const { run_id: id } = await screen.handle.started;
    await kill((await home.pid())!);
    await assert.rejects(screen.done, { code: 'runner-unreachable' });
    petri = await home.connect();
    sandbox = await petri.sandbox(sandbox.id);
    assert.partialDeepStrictEqual(await petri.run(id), { status: 'finished', reason: 'interrupted' });
    await petri.status();
    await eventually(async () => (await left()) === 0, 'its container is left');
    const next = terminal({ command: 'cat here.txt' });
    assert.equal((await next.done).exit_code, 0);
  });

  /** Straight over the wire: the SDK offers no resize for what has no terminal. */
  async function fetchResize(runId: string): Promise<string> {
    const { request } = await import('node:http');
    const { readFileSync } = await import('node:fs');
    const { socket, tokenFile } = home.paths;
    const body = await new Promise<string>((resolve, reject) => {
      const call = request({
        socketPath: socket, path: `/v1/runs/${runId}/resize`, method: 'POST', headers: { host: 'localhost', authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` },
      }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => resolve(text));
      }).on('error', reject);
      call.end(JSON.stringify({ columns: 80, rows: 24 }));
    });
    return (JSON.parse(body) as { error: { code: string } }).error.code;
  }
});
