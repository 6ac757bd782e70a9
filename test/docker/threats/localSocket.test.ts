import assert from 'node:assert/strict';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import type { Petri } from '../../../src/sdk/typescript/petri';
import type { PetriClientError } from '../../../src/sdk/typescript/errors';
import { LABEL } from '../../../src/engine/container/spec';
import { makeFolder, type Folder } from '../support/folder';
import { kill, RunnerHome } from '../support/runnerProcess';

describe('the local socket', function () {
  this.timeout(60_000);
  let home: RunnerHome;
  let folder: Folder;
  let petri: Petri;
  let pid: number;
  let token: string;
  before(async () => {
    home = new RunnerHome();
    folder = makeFolder({ 'a.txt': 'a' });
    petri = await home.connect();
    ({ pid } = await petri.status());
    token = readFileSync(home.paths.tokenFile, 'utf8').trim();
  });
  after(async () => {
    await home?.remove();
    folder?.remove();
  });

  it('lies in a folder of the user\'s alone, and so does everything else that Petri keeps', () => {
    assert.equal(statSync(home.folder).mode & 0o777, 0o700);
    assert.equal(statSync(dirname(home.paths.socket)).mode & 0o777, 0o700);
    for (const name of readdirSync(home.folder, { recursive: true, encoding: 'utf8' })) {
      const { mode, size } = lstatSync(join(home.folder, name));
      // An empty file is a lock; the folder keeps others from it.
      assert.ok((mode & 0o077) === 0 || size === 0, `${name} is open to others: ${(mode & 0o777).toString(8)}`);
    }
  });

  it('is nowhere else: the runner listens on no port', () => {
    const inodes = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
      try {
        return [String(statSync(`/proc/${pid}/fd/${name}`).ino)];
      } catch {
        return [];
      }
    }));
    for (const table of ['tcp', 'tcp6', 'udp', 'udp6']) {
      for (const line of readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1)) {
        const fields = line.trim().split(/\s+/);
        assert.ok(!fields[9] || fields[9] === '0' || !inodes.has(fields[9]), `the runner has a ${table} socket`);
      }
    }
  });

  it('lets no other user in', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const attempt = new Promise<string>((resolve) => {
      // The connection is made at once, under the user of this moment.
      process.seteuid!(65_534);
      try {
        const socket = connect(home.paths.socket);
        socket.once('connect', () => resolve('connected')).once('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
        socket.unref();
        assert.throws(() => readFileSync(home.paths.tokenFile), { code: 'EACCES' });
      } finally {
        process.seteuid!(0);
      }
    });
    assert.equal(await attempt, 'EACCES');
  });

  it('takes no call without the token, or with another, and tells nothing about the difference', async () => {
    const wrong = [undefined, '', 'Bearer ', `Bearer ${token.slice(0, -1)}`, `Bearer ${token}x`, `Bearer ${token.toUpperCase()}x`, `Basic ${token}`, token, `Bearer ${'0'.repeat(token.length)}`];
    const bodies = new Set<string>();
    for (const authorization of wrong) {
      for (const [method, path] of [['GET', '/v1/runner'], ['GET', '/v1/sandboxes'], ['POST', '/v1/sandboxes'], ['POST', '/v1/runner/stop'], ['GET', '/v1/nothing']] as const) {
        const { status, body } = await call(method, path, authorization === undefined ? {} : { authorization });
        assert.equal(status, 401, `${method} ${path} with ${authorization}`);
        bodies.add(body);
      }
    }
    assert.equal(bodies.size, 1);
    assert.equal((await call('GET', '/v1/runner', { authorization: `Bearer ${token}` })).status, 200);
  });

  it('takes no call of a web page, even with the token', async () => {
    const authorization = `Bearer ${token}`;
    const suspicious: Array<Record<string, string>> = [{ origin: 'http://localhost' }, { 'sec-fetch-site': 'cross-site' }, { host: 'evil.example' }];
    for (const headers of suspicious) {
      assert.equal((await call('GET', '/v1/runner', { authorization, ...headers })).status, 403, JSON.stringify(headers));
    }
  });

  it('the token is in no argv, environment, log or container', async () => {
    const sandbox = await home.sandbox(petri, folder.path);
    let inside = '';
    await sandbox.exec('env; cat /proc/*/environ /proc/*/cmdline /proc/mounts 2>/dev/null | tr "\\0" "\\n"; grep -rs . ~ /tmp', {
      onOutput: (_, chunk) => { inside += chunk.toString(); },
    }).result();
    assert.ok(inside.includes('/sandbox'));
    assert.ok(!inside.includes(token));
    for (const file of ['cmdline', 'environ']) assert.ok(!readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(token), file);
    const files = readdirSync(home.folder, { recursive: true, encoding: 'utf8' }).map((name) => join(home.folder, name));
    const holding = files.filter((path) => lstatSync(path).isFile() && readFileSync(path, 'latin1').includes(token));
    assert.deepEqual(holding, [home.paths.tokenFile]);
    const containers = await home.engine.listContainers({ [`${LABEL}sandbox`]: sandbox.id });
    assert.ok(containers.length > 0);
    assert.ok(!JSON.stringify(containers).includes(token));
  });

  it('a wrong password is not written to the log either', async () => {
    await call('GET', '/v1/runner', { authorization: 'Bearer a-secret-of-another-program' });
    assert.ok(!home.log.includes('a-secret-of-another-program'));
  });

  for (const [name, spoil, why] of [
    ['that others may enter', (path: string) => chmodSync(path, 0o755), /other users may enter it/],
    ['that is a link', (path: string) => { rmSync(path, { recursive: true }); mkdirSync(`${path}.real`, { mode: 0o700 }); symlinkSync(`${path}.real`, path); }, /not a folder/],
  ] as Array<[string, (path: string) => void, RegExp]>) {
    it(`is not looked for in a folder ${name}, and no runner is started there`, async () => {
      const other = new RunnerHome();
      try {
        writeFileSync(join(other.folder, 'token'), 'planted', { mode: 0o600 });
        spoil(other.folder);
        const error = await other.connect().then(() => undefined, (thrown: PetriClientError) => thrown);
        assert.match(error?.message ?? '', why);
        const runner = other.start();
        const code = await new Promise((resolve) => runner.once('exit', resolve));
        assert.notEqual(code, 0);
      } finally {
        await other.remove();
        rmSync(`${other.folder}.real`, { recursive: true, force: true });
      }
    });
  }

  it('is a new one after a kill, with the stale file in its place', async () => {
    await kill(pid);
    assert.ok(lstatSync(home.paths.socket).isSocket());
    const [again, third] = await Promise.all([home.connect(), home.connect()]);
    const one = await again!.status();
    assert.equal(one.pid, (await third!.status()).pid);
    assert.notEqual(one.pid, pid);
  });

  function call(method: string, path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ socketPath: home.paths.socket, method, path, headers: { host: 'petri', ...headers } }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => { body += text; }).on('end', () => resolve({ status: response.statusCode!, body }));
      });
      outgoing.on('error', reject).end(method === 'POST' ? '{}' : undefined);
    });
  }
});
