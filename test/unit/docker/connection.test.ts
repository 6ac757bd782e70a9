import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PetriError } from '../../../src/engine/errors';
import { dockerEngine } from '../../../src/runner/docker/dockerEngine';
import { emptyMachine, fakeEngine } from './fakeEngine';

describe('finding the engine', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'petri-test-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  it('says what an engine is and how it was found', async () => {
    const fake = await fakeEngine({}, { Version: '28.5.2', ApiVersion: '1.51', MinAPIVersion: '1.24' });
    const info = await fake.engine.info();
    assert.deepEqual({ ...info, endpoint: '' }, {
      endpoint: '', name: 'docker', version: '28.5.2', apiVersion: '1.51', architecture: 'amd64', cpus: 2, memoryBytes: 1e9, rootless: false,
      seccomp: true, cgroupVersion: 2, defaultRuntime: 'runc', runtimes: ['runc'], lacks: [], takesProfile: true,
    });
    assert.equal(info.endpoint, `unix://${fake.socket} (setting)`);
    assert.ok(fake.seen.at(-1)!.startsWith('GET /v1.51/'), 'speaks the newest version that both know');
    await fake.stop();
  });

  it('speaks an old version to a future engine, and the future engine\'s oldest if it must', async () => {
    for (const [offered, spoken] of [[{ ApiVersion: '1.99', MinAPIVersion: '1.44' }, '1.51'], [{ ApiVersion: '1.99', MinAPIVersion: '1.60' }, '1.60']] as const) {
      const fake = await fakeEngine({}, offered);
      await fake.engine.info();
      assert.ok(fake.seen.at(-1)!.startsWith(`GET /v${spoken}/`), fake.seen.at(-1));
      await fake.stop();
    }
  });

  it('refuses an engine that is too old, with what is needed', async () => {
    const fake = await fakeEngine({}, { Version: '19.03.1', ApiVersion: '1.40' });
    await assert.rejects(fake.engine.info(), { code: 'engine-too-old', message: /19\.03\.1.*1\.40.*1\.41/ });
    await fake.stop();
  });

  it('takes the first default place that answers', async () => {
    const home = folder;
    const fake = await fakeEngine();
    const socket = join(home, '.docker/run/docker.sock');
    const { mkdirSync, symlinkSync } = await import('node:fs');
    mkdirSync(join(home, '.docker/run'), { recursive: true });
    symlinkSync(fake.socket, socket);
    const engine = dockerEngine(emptyMachine({ platform: 'darwin', home }));
    assert.equal((await engine.info()).endpoint, `unix://${socket} (Docker Desktop)`);
    engine.close();
    await fake.stop();
  });

  it('nothing there: absent, naming every place that was tried', async () => {
    const engine = dockerEngine(emptyMachine({ platform: 'win32', uid: undefined }));
    const error = await engine.info().catch((reason: unknown) => reason);
    assert.ok(error instanceof PetriError);
    assert.equal(error.code, 'engine-absent');
    assert.equal(error.details?.length, 3);
    assert.ok(error.action);
  });

  it('a socket without an engine behind it: stopped; and it is found once it runs', async () => {
    const socket = join(folder, 'e.sock');
    const fake = await fakeEngine();
    const stale = createServer();
    await new Promise<void>((resolve) => { stale.listen(socket, resolve); });
    // Closing removes the file, so keep another name for it.
    const { linkSync, rmSync: remove, symlinkSync } = await import('node:fs');
    linkSync(socket, `${socket}.kept`);
    await new Promise((resolve) => { stale.close(resolve); });
    const engine = dockerEngine(emptyMachine(), `${socket}.kept`);
    await assert.rejects(engine.info(), { code: 'engine-stopped' });
    remove(`${socket}.kept`);
    symlinkSync(fake.socket, `${socket}.kept`);
    await engine.info();
    engine.close();
    await fake.stop();
  });

  it('a socket that only others may use: forbidden, and the fix', async function () {
    if (process.getuid?.() === 0) {
      // Root passes every permission; the error itself is what a user's machine gives.
      const { unreachable } = await import('../../../src/runner/docker/errors');
      const error = unreachable(Object.assign(new Error(), { code: 'EACCES' }), 'unix:///x');
      assert.equal(error?.code, 'engine-forbidden');
      assert.match(error?.action ?? '', /usermod/);
      return;
    }
    const fake = await fakeEngine();
    chmodSync(fake.socket, 0o000);
    await assert.rejects(fake.engine.info(), { code: 'engine-forbidden', action: /usermod/ });
    await fake.stop();
  });

  it('something else that answers: failed', async () => {
    const fake = await fakeEngine({ 'GET /version': (_request, response) => { response.end('<html>hello</html>'); } });
    await assert.rejects(fake.engine.info(), { code: 'engine-failed' });
    await fake.stop();
  });

  it('DOCKER_HOST of the process does not redirect a client that was told where to go', async () => {
    const fake = await fakeEngine();
    const saved = process.env['DOCKER_HOST'];
    process.env['DOCKER_HOST'] = 'tcp://not a host';
    try {
      await fake.engine.info();
      assert.equal(process.env['DOCKER_HOST'], 'tcp://not a host');
    } finally {
      if (saved === undefined) delete process.env['DOCKER_HOST'];
      else process.env['DOCKER_HOST'] = saved;
      await fake.stop();
    }
  });

  it('over ssh, through the user\'s own ssh', async () => {
    const fake = await fakeEngine();
    const ssh = join(folder, 'ssh');
    const relay = `const s=require("net").connect(${JSON.stringify(fake.socket)});process.stdin.pipe(s);s.pipe(process.stdout);`;
    writeFileSync(ssh, `#!/bin/sh\necho "$*" >> ${folder}/argv\nexec "${process.execPath}" -e '${relay}'\n`, { mode: 0o755 });
    const savedPath = process.env['PATH'];
    process.env['PATH'] = `${folder}:${savedPath}`;
    const engine = dockerEngine(emptyMachine(), 'ssh://me@engine.example:2222');
    try {
      assert.equal((await engine.info()).endpoint, 'ssh://me@engine.example:2222 (setting)');
      const { readFileSync } = await import('node:fs');
      assert.match(readFileSync(join(folder, 'argv'), 'utf8'), /^-l me -p 2222 .*-- engine\.example docker system dial-stdio$/m);
      // Hijacked connections go the same way, half-close included.
      const attached = fake.attached();
      const attachment = await engine.attach('c1', true);
      const far = await attached;
      let input = '', output = '';
      far.on('data', (chunk: Buffer) => { input += chunk.toString(); }).on('end', () => far.end('bye'));
      attachment.onOutput((_stream, chunk) => { output += chunk.toString(); });
      await attachment.write(Buffer.from('hi'));
      attachment.endInput();
      await attachment.closed;
      assert.deepEqual([input, output], ['hi', 'bye']);
    } finally {
      process.env['PATH'] = savedPath;
      engine.close();
      await fake.stop();
    }
  });

  it('ssh that fails: what ssh said is the cause', async () => {
    writeFileSync(join(folder, 'ssh'), '#!/bin/sh\necho "Host key verification failed." >&2\nexit 255\n', { mode: 0o755 });
    const savedPath = process.env['PATH'];
    process.env['PATH'] = `${folder}:${savedPath}`;
    const engine = dockerEngine(emptyMachine(), 'ssh://engine.example');
    try {
      const error = await engine.info().catch((reason: unknown) => reason);
      assert.ok(error instanceof PetriError && error.code === 'engine-stopped');
      assert.match(error.details?.[0] ?? '', /Host key verification failed/);
    } finally {
      process.env['PATH'] = savedPath;
      engine.close();
    }
  });
});
