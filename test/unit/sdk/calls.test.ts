import assert from 'node:assert/strict';
import type { PetriClientError } from '../../../src/sdk/typescript/errors';
import type { WorkHandlers } from '../../../src/sdk/typescript/events';
import { Petri } from '../../../src/sdk/typescript/petri';
import type { Sandbox } from '../../../src/sdk/typescript/sandbox';
import { EventStream, FakeRunner, RUN_ID, SANDBOX_ID, errorBody, json, sandboxInfo, type Answer } from './fakeRunner';

describe('The SDK\'s calls', () => {
  let runner: FakeRunner;
  let petri: Petri;
  let sandbox: Sandbox;
  const base = `/v1/sandboxes/${SANDBOX_ID}`;

  beforeEach(async () => {
    runner = await FakeRunner.start();
    petri = await Petri.connect({ env: runner.env, version: '0.1.0', client: 'test' });
    sandbox = await petri.create({ folder: '/home/ada/project', allow: ['.env'] });
  });
  afterEach(async () => {
    petri.close();
    await runner.stop();
  });

  /** Everything else is answered so; gives what was asked last. */
  const answering = (answer: Answer) => runner.on(/./, answer);
  const answeringJson = (body: unknown) => answering((response) => json(response, 200, body));
  const asked = () => [runner.requests.at(-1), runner.bodies.at(-1) === undefined ? undefined : JSON.parse(runner.bodies.at(-1)!)];

  it('ask for what the protocol says, and keep the sandbox they get', async () => {
    assert.deepEqual(asked(), ['POST /v1/sandboxes', { created_by: 'test', folder: '/home/ada/project', allow: ['.env'] }]);
    answeringJson(sandboxInfo({ generation: 9 }));
    assert.equal((await sandbox.extend(60)).generation, 9);
    assert.deepEqual(asked(), [`POST ${base}/extend`, { seconds: 60 }]);
    assert.equal(sandbox.info.generation, 9);
    await sandbox.update({ image: null });
    assert.deepEqual(asked(), [`PATCH ${base}`, { image: null }]);
    await sandbox.reset();
    assert.equal(runner.requests.at(-1), `POST ${base}/reset`);
    await sandbox.refresh();
    assert.equal(runner.requests.at(-1), `GET ${base}`);
    await sandbox.pull();
    assert.deepEqual(asked(), [`POST ${base}/pull`, {}]);
    await petri.cleanup(['a']);
    assert.deepEqual(asked(), ['POST /v1/cleanup', { ids: ['a'] }]);
    await petri.cancelRun(RUN_ID);
    assert.equal(runner.requests.at(-1), `POST /v1/runs/${RUN_ID}/cancel`);
  });

  it('page through lists', async () => {
    let queried = '';
    answering((response, _request, url) => {
      queried = url.pathname + url.search;
      json(response, 200, [sandboxInfo()]);
    });
    assert.equal((await petri.sandboxes({ active: true, limit: 5, offset: 10 }))[0]!.id, SANDBOX_ID);
    assert.equal(queried, '/v1/sandboxes/active?limit=5&offset=10');
    await sandbox.runs({ limit: 3 });
    assert.equal(queried, `${base}/runs?limit=3`);
  });

  it('read files of any name and any bytes', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    let path: string | null = '';
    answering((response, _request, url) => {
      path = url.searchParams.get('path');
      response.writeHead(200).end(bytes);
    });
    assert.ok((await sandbox.readFile('a b/?&#%ü\n')).equals(bytes));
    assert.equal(path, 'a b/?&#%ü\n');
  });

  it('do not take half an answer for a whole one', async () => {
    answering((response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      setTimeout(() => response.destroy(), 20);
    });
    await assert.rejects(sandbox.readFile('x'), (error: PetriClientError) => error.code === 'runner-unreachable');
  });

  it('follow a sync to its end, and give it up on a signal', async () => {
    answering(async (response) => {
      const events = new EventStream(response);
      await events.progress({ stage: 'scan', message: 'Looking.' });
      await events.send('notice', { code: 'skipped', message: 'One was skipped.' });
      await events.send('done', { receipt: 'r' });
      response.end();
    });
    const seen: string[] = [];
    const handlers: WorkHandlers = { onProgress: ({ message }) => void seen.push(message), onNotice: ({ code }) => void seen.push(code) };
    assert.equal((await sandbox.sync(handlers)).receipt, 'r');
    assert.deepEqual(seen, ['Looking.', 'skipped']);
    const closed = Promise.withResolvers<void>();
    answering((response) => {
      response.on('close', () => closed.resolve());
      void new EventStream(response).progress({ stage: 'verify', message: 'Hashing.' });
    });
    const abort = new AbortController();
    const verifying = sandbox.verify({ signal: abort.signal, onProgress: () => abort.abort() });
    await assert.rejects(verifying, (error: PetriClientError) => error.code === 'cancelled');
    await closed.promise;
  });

  it('give a run\'s log in its order, with its end', async () => {
    answering(async (response) => {
      const events = new EventStream(response);
      await events.output('stdout', 'a');
      await events.output('stderr', Buffer.from([0xff]));
      await events.send('done', {});
      response.end();
    });
    const seen: unknown[] = [];
    for await (const { stream, chunk } of petri.runLog(RUN_ID)) seen.push([stream, chunk.toString('hex')]);
    assert.deepEqual(seen, [['stdout', '61'], ['stderr', 'ff']]);
  });

  it('reject with the status, the code and the next step of the answer', async () => {
    answering((response) => json(response, 404, errorBody('not-found', 'No sandbox x.', { action: 'petri list shows them.' })));
    await assert.rejects(petri.sandbox('x'), (error: PetriClientError) => {
      assert.deepEqual([error.status, error.code, error.message, error.action], [404, 'not-found', 'No sandbox x.', 'petri list shows them.']);
      return true;
    });
    answering((response) => void response.writeHead(500).end('<html>'));
    await assert.rejects(sandbox.delete(), (error: PetriClientError) => error.code === 'internal' && error.status === 500);
  });
});
