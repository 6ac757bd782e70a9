import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { makeFolder, type Folder } from '../support/folder';
import { RunnerHome } from '../support/runnerProcess';

/** `petri shell` at a terminal of this machine: script(1) makes one. */
class Seat {
  text = '';
  #read = 0;
  readonly #script;
  readonly ended: Promise<number | null>;

  constructor(home: RunnerHome, args: string[]) {
    const petri = [process.execPath, home.entry, 'shell', ...args].map((word) => `'${word}'`).join(' ');
    const command = `tty; stty rows 33 cols 101; before=$(stty -g); ${petri}; code=$?; [ "$(stty -g)" = "$before" ] && echo terminal as before; exit $code`;
    this.#script = spawn('script', ['-qfec', command, '/dev/null'], { env: { ...home.env, SHELL: '/bin/sh', TERM: 'xterm-256color' } });
    this.#script.stdout.on('data', (chunk: Buffer) => { this.text += chunk.toString(); });
    this.ended = once(this.#script, 'close').then(([code]) => code as number | null);
  }

  async shows(expected: RegExp): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    await eventually(() => (found = expected.exec(this.text.slice(this.#read))) !== null, '', 20)
      .catch(() => assert.fail(`never ${expected} in ${JSON.stringify(this.text.slice(this.#read))}`));
    this.#read += found!.index + found![0].length;
    return found!;
  }

  keys(keys: string): void {
    this.#script.stdin.write(keys);
  }

  /** As somebody who closes the window. */
  hangUp(): void {
    this.#script.kill('SIGKILL');
  }
}

describe('petri shell', function () {
  this.timeout(120_000);
  let home: RunnerHome;
  let folder: Folder;
  let sandboxId: string;
  const seats: Seat[] = [];
  before(async () => {
    home = new RunnerHome();
    folder = makeFolder({ 'here.txt': 'from the host\n' });
    sandboxId = (await home.sandbox(await home.connect(), folder.path)).id;
  });
  afterEach(() => {
    for (const seat of seats.splice(0)) seat.hangUp();
  });
  after(async () => {
    await home?.remove();
    folder?.remove();
  });

  function sit(args: string[]): Seat {
    const seat = new Seat(home, args);
    seats.push(seat);
    return seat;
  }

  it('is this terminal: files, size, a new size, Ctrl-C, UTF-8, the exit code, and the terminal is given back as it was', async () => {
    const seat = sit([folder.path]);
    const [, pts] = await seat.shows(/(\/dev\/pts\/\d+)/);
    await seat.shows(/[$#] $/);
    seat.keys('cat here.txt; stty size; echo $TERM\r');
    await seat.shows(/from the host\r\n33 101\r\nxterm-256color\r\n/);
    execFileSync('stty', ['-F', pts!, 'rows', '40', 'cols', '120']);
    await sleep(300);
    seat.keys('stty size\r');
    await seat.shows(/\r40 120\r\n/);
    seat.keys('sleep 600\r');
    await seat.shows(/sleep 600\r\n/);
    await sleep(300);
    seat.keys('\x03');
    await seat.shows(/\^C/);
    seat.keys('echo grün 日本; exit 9\r');
    await seat.shows(/\rgrün 日本\r\n/);
    // Not one carriage return more than the program wrote.
    assert.doesNotMatch(seat.text, /\r\r\n/);
    await seat.shows(/terminal as before/);
    assert.equal(await seat.ended, 9);
  });

  it('runs a command at a terminal, with what it is given', async () => {
    const seat = sit([folder.path, '-e', 'WORD=two words', '--', 'sh', '-c', 'test -t 0 && echo "[$WORD]"; exit 3']);
    await seat.shows(/\[two words\]\r\n/);
    assert.equal(await seat.ended, 3);
  });

  it('ends in the sandbox when its terminal goes away', async () => {
    const seat = sit([folder.path]);
    await seat.shows(/[$#] $/);
    seat.hangUp();
    const petri = await home.connect();
    await eventually(async () => (await petri.status()).active_runs === 0, 'the shell goes on');
    const [last] = await (await petri.sandbox(sandboxId)).runs({ limit: 1 });
    assert.equal(last?.reason, 'cancelled');
  });

  it('refuses where there is no terminal', async () => {
    const child = spawn(process.execPath, [home.entry, 'shell', folder.path], { env: home.env, stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    const [code] = await once(child, 'close');
    assert.equal(code, 125);
    assert.match(said, /no terminal here.*\n.*petri run/);
  });
});
