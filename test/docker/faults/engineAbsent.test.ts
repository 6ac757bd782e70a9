import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PetriClientError } from '../../../src/sdk/typescript/errors';
import { EngineProxy, engineSocket } from '../support/engineProxy';
import { makeFolder, type Folder } from '../support/folder';
import { openBench } from '../support/petri';
import { RunnerHome } from '../support/runnerProcess';

describe('a runner that finds no engine', function () {
  this.timeout(90_000);
  let place: string;
  let socket: string;
  let folder: Folder;
  let home: RunnerHome;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'petri-absent-'));
    socket = join(place, 'engine.sock');
    folder = makeFolder({ 'main.py': 'print("well")\n' });
    home = new RunnerHome({ DOCKER_HOST: `unix://${socket}` });
  });
  afterEach(async () => {
    await home.remove();
    folder.remove();
    rmSync(place, { recursive: true, force: true });
  });

  it('where there is none: a sentence and the fix; the same runner works once it is there', async () => {
    await refuses('engine-absent');
    symlinkSync(engineSocket(), socket);
    await worksNow();
  });

  it('where it is stopped: a sentence and the fix; the same runner works once it is up', async () => {
    await leaveSocket(socket);
    await refuses('engine-stopped');
    rmSync(socket, { force: true });
    symlinkSync(engineSocket(), socket);
    await worksNow();
  });

  it('where something else listens: a sentence', async () => {
    const server = createServer((connection) => connection.end('220 mail.example ESMTP\r\n')).listen(socket);
    await new Promise((resolve) => server.once('listening', resolve));
    await refuses('engine-failed');
    server.close();
  });

  it('where it accepts and never answers: told in bounded time, the runner itself answers at once', async () => {
    const connections = new Set<{ destroy(): void }>();
    const server = createServer((connection) => connections.add(connection)).listen(socket);
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      await refuses('engine-stopped');
    } finally {
      for (const connection of connections) connection.destroy();
      server.close();
    }
  });

  it('where the user may not use it: a sentence and the fix; the same Petri works once they may', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const proxy = await EngineProxy.start();
    const bench = await openBench({ env: { DOCKER_HOST: proxy.endpoint } });
    try {
      // As an ordinary user, whom root's socket does not let in.
      chmodSync(dirname(proxy.socket), 0o755);
      chmodSync(proxy.socket, 0o600);
      process.seteuid!(65_534);
      const { engine_error: said } = await bench.petri.status().finally(() => process.seteuid!(0));
      assert.equal(said?.code, 'engine-forbidden', said?.message);
      assert.match(said!.message, /^You are not allowed to use the container engine at [^\n]*\.$/);
      assert.match(said!.action ?? '', /usermod -aG docker/);
      const { done } = await bench.run(await bench.sandbox({ folder: folder.path }), ['python', 'main.py']);
      assert.equal(done.exit_code, 0);
    } finally {
      await bench.close();
      await proxy.stop();
    }
  });

  async function refuses(code: string): Promise<void> {
    const began = performance.now();
    const petri = await home.connect();
    assert.ok(performance.now() - began < 5000, 'the runner waits for the engine before it answers');
    const sandbox = await home.sandbox(petri, folder.path);
    const error = await sandbox.exec('true').result().then(() => undefined, (thrown: PetriClientError) => thrown);
    assert.equal(error?.code, code);
    assert.match(error!.message, /^[A-Z][^\n]*\.$/);
    assert.ok(error!.message.includes(socket), error!.message);
    if (code !== 'engine-failed') assert.match(error!.action ?? '', /^[A-Z][^\n]*\.$/);
    const { engine, engine_error: said } = await petri.status();
    assert.deepEqual([engine, said?.code], [null, code]);
    petri.close();
  }

  async function worksNow(): Promise<void> {
    const petri = await home.connect();
    const sandbox = await home.sandbox(petri, folder.path);
    let output = '';
    const done = await sandbox.exec(['python', 'main.py'], { onOutput: (_, chunk) => { output += chunk.toString(); } }).result();
    assert.deepEqual([done.exit_code, output], [0, 'well\n']);
    assert.equal((await petri.status()).engine_error, null);
    await sandbox.delete();
  }
});

/** A socket file that nobody listens on any more, as a killed engine leaves it. */
async function leaveSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.new`, resolve));
  renameSync(`${path}.new`, path);
  await new Promise((resolve) => server.close(resolve));
}
