import assert from 'node:assert/strict';
import { PetriError } from '../../../src/engine/errors';
import { ERROR_CODES } from '../../../src/protocol/errors';
import type { ErrorBody } from '../../../src/protocol/errors';
import { FakeService, RUN_ID, SANDBOX_ID } from './fakeService';
import { serve, until } from './served';
import type { Answer, Sent } from './served';

const SANDBOX = `/v1/sandboxes/${SANDBOX_ID}`;
const codeOf = (answer: Answer) => (answer.json as ErrorBody).error.code;

describe('http routes', () => {
  let service: FakeService;
  let served: Awaited<ReturnType<typeof serve>>;
  beforeEach(async () => { served = await serve(service = new FakeService()); });
  afterEach(() => served.close());

  const post = (body?: unknown): Sent => ({ method: 'POST', body });
  const table: Array<[path: string, sent: Sent, status: number, call: string]> = [
    ['/v1/sandboxes', post({ folder: '/f', allow: ['.env'] }), 201, 'createSandbox({"allow":[".env"],"folder":"/f","created_by":"unknown"})'],
    ['/v1/sandboxes', {}, 200, 'listSandboxes({"limit":50,"offset":0,"active":false})'],
    ['/v1/sandboxes?limit=2&offset=4', {}, 200, 'listSandboxes({"limit":2,"offset":4,"active":false})'],
    ['/v1/sandboxes/active', {}, 200, 'listSandboxes({"limit":50,"offset":0,"active":true})'],
    [SANDBOX, {}, 200, 'getSandbox()'],
    [SANDBOX, { method: 'PATCH', body: { image: null } }, 200, 'updateSandbox({"image":null})'],
    [SANDBOX, { method: 'DELETE' }, 204, 'deleteSandbox()'],
    [`${SANDBOX}/extend`, post(), 200, 'extendSandbox()'],
    [`${SANDBOX}/extend`, post({ seconds: 60 }), 200, 'extendSandbox(60)'],
    [`${SANDBOX}/reset`, post(), 200, 'resetSandbox()'],
    [`${SANDBOX}/runs?limit=7`, {}, 200, 'listRuns({"limit":7,"offset":0})'],
    [`${SANDBOX}/changes`, {}, 200, 'changes()'],
    [`${SANDBOX}/pull`, post({ paths: ['a b'] }), 200, 'pull(["a b"])'],
    [`${SANDBOX}/pull`, post(), 200, 'pull()'],
    [`/v1/runs/${RUN_ID}`, {}, 200, 'getRun()'],
    [`/v1/runs/${RUN_ID}/cancel`, post(), 200, 'cancelRun()'],
    [`/v1/runs/${RUN_ID}/resize`, post({ columns: 120, rows: 40 }), 204, 'resizeTerminal({"columns":120,"rows":40})'],
    [`/v1/runs/${RUN_ID}/events`, {}, 200, 'followRun(0)'],
    [`/v1/runs/${RUN_ID}/events?from=-9`, {}, 200, 'followRun(-9)'],
    [`${SANDBOX}/missing`, {}, 200, 'missingImports()'],
    [`${SANDBOX}/dependencies/add`, post({ package: 'requests' }), 200, 'addDependency({"package":"requests"})'],
    [`/v1/runs/${RUN_ID}/sbom`, {}, 200, 'sbom()'],
    [`/v1/runs/${RUN_ID}/sbom?format=spdx`, {}, 200, 'sbom()'],
    ['/v1/cleanup', {}, 200, 'cleanupPreview()'],
    ['/v1/cleanup', post({ ids: ['x'] }), 200, 'cleanup(["x"])'],
  ];
  for (const [path, sent, status, call] of table) {
    it(`${sent.method ?? 'GET'} ${path.replaceAll(/_0+/g, '_…')} → ${call}`, async () => {
      const answer = await served.call(path, sent);
      assert.equal(answer.status, status, answer.text);
      assert.deepEqual(service.calls.map((one) => one.replace('undefined', '')), [call]);
    });
  }

  it('answers 200 for a folder that has its sandbox already', async () => {
    const { createSandbox } = service;
    service.createSandbox = async (...given) => ({ ...await createSandbox.apply(service, given), created: false });
    assert.equal((await served.call('/v1/sandboxes', post({}))).status, 200);
  });

  it('sends a file as its bytes', async () => {
    const response = await served.response(`${SANDBOX}/file?path=${encodeURIComponent('ü/a b&c')}`);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    assert.deepEqual(Buffer.concat(chunks), Buffer.from([0, 255, 13, 10]));
    assert.deepEqual(service.calls, ['readFile("ü/a b&c")']);
  });

  it('shows in the handshake what the process knows', async () => {
    const release = served.lifecycle.holdLease(() => {});
    served.lifecycle.draining = true;
    assert.partialDeepStrictEqual((await served.call('/v1/runner')).json, { version: '1.2.3', draining: true, leases: 1 });
    release();
  });

  it('stops when asked, by draining unless told otherwise', async () => {
    assert.equal((await served.call('/v1/runner/stop', post())).status, 202);
    await served.call('/v1/runner/stop', post({ mode: 'now' }));
    assert.deepEqual(served.lifecycle.stopped, ['drain', 'now']);
  });

  it('tells whoever watches what there is and what changes, holds a lease for them, and says done when the runner leaves', async () => {
    const told = served.events('/v1/events');
    await until(() => service.told !== undefined);
    assert.equal(served.lifecycle.leases, 1);
    service.told!({ event: 'sandbox-gone', data: { id: 'sb_1' } });
    for (const stop of served.lifecycle.onStop) stop();
    assert.deepEqual((await told).map(({ event }) => event), ['sandbox', 'ready', 'sandbox-gone', 'done']);
    await until(() => service.told === undefined && served.lifecycle.leases === 0);
  });

  it('tells the changes as they are known without looking, if asked so', async () => {
    await served.call(`${SANDBOX}/changes?known=true`);
    assert.deepEqual(service.calls, ['knownChanges()']);
  });

  it('counts a lease for as long as its connection is open, and says done when the runner leaves', async () => {
    const first = await served.response('/v1/runner/lease');
    assert.equal(served.lifecycle.leases, 1);
    first.destroy();
    await until(() => served.lifecycle.leases === 0);
    const second = served.events('/v1/runner/lease');
    await until(() => served.lifecycle.leases === 1);
    served.lifecycle.onStop[1]!();
    assert.deepEqual((await second).map(({ event }) => event), ['done']);
    await until(() => served.lifecycle.leases === 0);
  });

  it('starts nothing new when it drains, but lets runs be watched, fed and ended', async () => {
    served.lifecycle.draining = true;
    for (const [path, sent] of [['/v1/sandboxes', post({})], [`${SANDBOX}/exec`, post({ command: 'x' })], [`${SANDBOX}/sync`, post()]] as const) {
      const answer = await served.call(path, sent);
      assert.equal(answer.status, 503);
      assert.equal(codeOf(answer), 'runner-unreachable');
    }
    for (const path of [SANDBOX, `/v1/runs/${RUN_ID}`, '/health']) assert.equal((await served.call(path)).status, 200, path);
    assert.equal((await served.call(`/v1/runs/${RUN_ID}/cancel`, post())).status, 200);
    assert.equal((await served.call(`/v1/runs/${RUN_ID}/stdin`, post('x'))).status, 204);
  });

  describe('bad input', () => {
    const bad: Array<[path: string, sent: Sent, named: string]> = [
      ['/v1/sandboxes', post({ language: 'cobol' }), 'language'],
      ['/v1/sandboxes', post({ limits: { cpus: -1 } }), 'limits.cpus'],
      ['/v1/sandboxes', post({ fodler: '/x' }), 'fodler'],
      [SANDBOX, { method: 'PATCH', body: { ttl: 5 } }, 'ttl'],
      [`${SANDBOX}/exec`, post({}), 'command'],
      [`${SANDBOX}/exec`, post({ command: 'x', env: { '1=2': 'x' } }), 'env'],
      [`${SANDBOX}/exec`, post('{"command":'), 'JSON'],
      [`${SANDBOX}/exec`, post('[]'), 'expected object'],
      [`${SANDBOX}/terminal`, post({ columns: 80 }), 'rows'],
      [`/v1/runs/${RUN_ID}/resize`, post({ columns: 0, rows: 24 }), 'columns'],
      ['/v1/sandboxes?limit=0', {}, 'limit'],
      ['/v1/sandboxes?offset=x', {}, 'offset'],
      [`${SANDBOX}/file`, {}, 'path'],
      [`/v1/runs/${RUN_ID}/log?stream=both`, {}, 'stream'],
      ['/v1/runner/stop', post({ mode: 'kill' }), 'mode'],
    ];
    for (const [path, sent, named] of bad) {
      it(`names ${named} for ${JSON.stringify(sent.body ?? path)}`, async () => {
        const answer = await served.call(path, sent);
        assert.equal(answer.status, 400);
        assert.equal(codeOf(answer), 'bad-request');
        assert.ok((answer.json as ErrorBody).error.message.includes(named), answer.text);
        assert.deepEqual(service.calls, []);
      });
    }

    it('refuses a body that is too long without keeping it', async () => {
      const answer = await served.call('/v1/sandboxes', post(`{"folder":"${'x'.repeat(5 * 1024 * 1024)}"}`));
      assert.equal(answer.status, 400);
      assert.match(answer.text, /longer than/);
    });
  });

  describe('errors', () => {
    it('have the status of their code and the error body', async () => {
      const expected: Record<string, number> = { 'not-found': 404, conflict: 409, 'engine-absent': 503, 'engine-forbidden': 503, 'disk-full': 507, internal: 500, 'sandbox-deleted': 404 };
      for (const code of ERROR_CODES) {
        service.changes = async () => { throw new PetriError(code, 'What happened.', { action: 'Do this.', details: ['d'] }); };
        const answer = await served.call(`${SANDBOX}/changes`);
        assert.equal(answer.status, expected[code] ?? answer.status);
        assert.ok(answer.status >= 400);
        assert.deepEqual(answer.json, { error: { code, message: 'What happened.', action: 'Do this.', details: ['d'] } });
      }
    });

    it('are internal, and logged with their stack, when nobody expected them', async () => {
      service.changes = async () => { throw new TypeError('x is not a function'); };
      const answer = await served.call(`${SANDBOX}/changes`);
      assert.equal(answer.status, 500);
      assert.equal(codeOf(answer), 'internal');
      assert.match(served.log.join('\n'), /TypeError: x is not a function\n\s+at /);
    });

    it('say not-found for unknown ids and routes', async () => {
      for (const path of ['/v1/sandboxes/sb_x', '/v1/runs/run_x', '/v1/nothing', '/v2', `${SANDBOX}/nothing`]) {
        const answer = await served.call(path);
        assert.equal(answer.status, 404, path);
        assert.equal(codeOf(answer), 'not-found');
      }
    });
  });
});
