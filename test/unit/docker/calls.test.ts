import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { existsSync, readFileSync } from 'node:fs';
import type { ContainerSpec } from '../../../src/engine/ports/containerEngine';
import { seccompDelivery } from '../../../src/runner/docker/seccompDelivery';
import { PetriError } from '../../../src/engine/errors';
import { fakeEngine, type Answer, type FakeEngine } from './fakeEngine';

const status = (code: number, message: string): Answer => (_request, response) => {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
};
const lines = (...objects: object[]): Answer => (_request, response) => { response.end(objects.map((line) => `${JSON.stringify(line)}\r\n`).join('')); };

describe('calls on the engine', () => {
  let fake: FakeEngine | undefined;
  const start = async (answers: Record<string, Answer>) => (fake = await fakeEngine(answers)).engine;
  afterEach(async () => { await fake?.stop(); });

  it('absent things: undefined to look at, success to remove or kill', async () => {
    const engine = await start({});
    assert.equal(await engine.inspectContainer('x'), undefined);
    assert.equal(await engine.inspectImage('x/y:z'), undefined);
    assert.equal(await engine.inspectVolume('x'), undefined);
    await engine.removeContainer('x');
    await engine.removeVolume('x');
    await engine.removeImage('x');
    await engine.removeNetwork('x');
    await engine.killContainer('x', 'SIGKILL');
    await assert.rejects(engine.waitContainer('x'), { code: 'not-found' });
  });

  it('a container that does not run any more is killed already', async () => {
    const engine = await start({ 'POST /containers/x/kill': status(409, 'Container x is not running') });
    await engine.killContainer('x', 'SIGTERM');
  });

  it('a volume in use is a conflict with the engine\'s own words', async () => {
    const engine = await start({ 'DELETE /volumes/v': status(409, 'remove v: volume is in use') });
    await assert.rejects(engine.removeVolume('v'), { code: 'conflict', message: /volume is in use/ });
  });

  it('a volume of our name that somebody else made is not adopted', async () => {
    const engine = await start({ 'POST /volumes/create': (_request, response) => { response.end(JSON.stringify({ Name: 'v', Labels: null })); } });
    await assert.rejects(engine.createVolume('v', { a: 'b' }), { code: 'conflict' });
  });

  it('a full disk is told apart', async () => {
    const engine = await start({ 'POST /containers/x/start': status(500, 'mkdir /var/lib/x: no space left on device') });
    await assert.rejects(engine.startContainer('x'), { code: 'disk-full' });
  });

  it('a wait is answered by the exit code', async () => {
    const engine = await start({ 'POST /containers/x/wait': (_request, response) => { response.end('{"StatusCode":7}'); } });
    assert.deepEqual(await engine.waitContainer('x'), { exitCode: 7 });
  });

  it('an engine that dies during a wait is a failure, at once, even after its headers were sent', async () => {
    for (const early of [false, true]) {
      const engine = await start({ 'POST /containers/x/wait': (_request, response) => { if (early) response.flushHeaders(); } });
      const wait = engine.waitContainer('x').catch((reason: unknown) => reason);
      await sleep(50);
      await fake!.die();
      const error = await Promise.race([wait, sleep(2000)]);
      assert.ok(error instanceof PetriError && error.code === 'engine-failed', String(error));
      await fake!.stop();
    }
  });

  it('an answer without an exit code is no success', async () => {
    for (const body of ['', '{}', '{"StatusCode":0,"Error":{"Message":"lost"}}']) {
      const engine = await start({ 'POST /containers/x/wait': (_request, response) => { response.end(body); } });
      await assert.rejects(engine.waitContainer('x'), { code: 'engine-failed' });
      await fake!.stop();
    }
  });

  it('an engine that stopped is said to have stopped, and used again when it is back', async () => {
    const engine = await start({});
    await engine.info();
    await fake!.die();
    await assert.rejects(engine.inspectContainer('x'), (error) => error instanceof PetriError && ['engine-stopped', 'engine-failed'].includes(error.code));
    await sleep(20);
    await new Promise<void>((resolve) => { fake!.server.listen(fake!.socket, resolve); });
    assert.equal(await engine.inspectContainer('x'), undefined);
  });

  it('nothing but the container\'s own input goes down an attached connection', async () => {
    const engine = await start({});
    const attached = fake!.attached();
    const attachment = await engine.attach('x');
    let input = '';
    (await attached).on('data', (chunk: Buffer) => { input += chunk.toString(); });
    const head = fake!.heads.at(-1)!;
    assert.equal(head.toString(), '');
    await attachment.write(Buffer.from('mine'));
    await sleep(20);
    assert.equal(input, 'mine');
    attachment.destroy();
  });

  it('a connection that is not handed over is refused', async () => {
    const engine = await start({ 'POST /containers/x/attach': (_request, response) => { response.end(); } });
    fake!.server.removeAllListeners('upgrade');
    await assert.rejects(engine.attach('x'), { code: 'engine-failed' });
  });
});

describe('the system call list, in the form the engine takes', () => {
  const profile = '{"defaultAction":"SCMP_ACT_ERRNO"}';
  const spec = { limits: {}, hardening: {}, mounts: [], command: [], network: 'none', seccompProfile: profile } as unknown as ContainerSpec;
  let fake: FakeEngine;
  let option = '', content = '';
  const create = (version: object) => fakeEngine({
    'POST /containers/create': (_request, response, body) => {
      option = (JSON.parse(body.toString()) as { HostConfig: { SecurityOpt: string[] } }).HostConfig.SecurityOpt[0]!.replace('seccomp=', '');
      content = option.startsWith('/') ? readFileSync(option, 'utf8') : option;
      response.writeHead(201).end('{"Id":"1"}');
    },
  }, version).then((made) => (fake = made).engine.createContainer('x', spec));
  afterEach(async () => { await fake.stop(); });

  it('Docker: inline', async () => {
    await create({});
    assert.equal(option, profile);
  });

  it('Podman on this machine: a file, gone when the container is made', async () => {
    await create({ Components: [{ Name: 'Podman Engine' }] });
    assert.notEqual(option, profile);
    assert.equal(content, profile);
    assert.equal(existsSync(option), false);
  });

  it('Podman elsewhere: none, and the engine\'s description says so', () => {
    const podman = { Version: '5', ApiVersion: '1.41', Components: [{ Name: 'Podman Engine' }] };
    assert.equal(seccompDelivery(podman, { kind: 'tcp', host: 'engine.example', port: 1 }, 'linux'), 'none');
    assert.equal(seccompDelivery(podman, { kind: 'socket', path: '/x' }, 'darwin'), 'none');
    assert.equal(seccompDelivery(podman, { kind: 'socket', path: '/x' }, 'linux'), 'file');
  });
});

describe('pulling an image', () => {
  let fake: FakeEngine;
  afterEach(async () => { await fake.stop(); });

  it('asks for one tag, and tells the progress', async () => {
    fake = await fakeEngine({ 'POST /images/create': lines({ status: 'Pulling from x/y' }, { id: 'abc', status: 'Downloading', progress: '[=> ]' }) });
    const progress: string[] = [];
    await fake.engine.pullImage('registry.example:5000/x/y', (message) => progress.push(message));
    assert.deepEqual(progress, ['Pulling from x/y', 'abc Downloading [=> ]']);
    assert.match(fake.seen.at(-1)!, /fromImage=registry\.example%3A5000%2Fx%2Fy&tag=latest/);
  });

  for (const [name, answer] of [
    ['no registry, refused at once', status(500, 'Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host')],
    ['no such image', status(404, 'pull access denied for x')],
    ['failing on the way', lines({ status: 'Pulling' }, { error: 'unexpected EOF' })],
  ] as const) {
    it(`${name}: the image is missing, and the fix`, async () => {
      fake = await fakeEngine({ 'POST /images/create': answer });
      await assert.rejects(fake.engine.pullImage('some/image:1', () => {}), { code: 'image-missing', message: /some\/image:1/, action: /docker pull some\/image:1/ });
    });
  }

  it('a full disk is not a missing image', async () => {
    fake = await fakeEngine({ 'POST /images/create': lines({ error: 'write /var/lib/x: no space left on device' }) });
    await assert.rejects(fake.engine.pullImage('x', () => {}), { code: 'disk-full' });
  });

  it('can be cancelled', async () => {
    fake = await fakeEngine({ 'POST /images/create': (_request, response) => { response.write('{"status":"Pulling"}\n'); } });
    const cancel = new AbortController();
    await assert.rejects(fake.engine.pullImage('x', () => { cancel.abort(); }, cancel.signal), { code: 'cancelled' });
  });
});

describe('building an image', () => {
  let fake: FakeEngine;
  afterEach(async () => { await fake.stop(); });
  const build = (answer: Answer, progress: string[] = []) => fakeEngine({ 'POST /build': answer }).then((made) => {
    fake = made;
    return made.engine.buildImage({ context: Readable.from([Buffer.from('tar')]), tag: 'petri-x:1', buildArgs: { BASE: 'some/base:9' }, labels: { a: 'b' } }, (line) => progress.push(line));
  });

  it('sends the context, and tells the progress by lines', async () => {
    let body = '';
    const progress: string[] = [];
    await build((_request, response, bytes) => {
      body = bytes.toString();
      response.end('{"stream":"Step 1/1 : FROM x\\n"}\r\n{"stream":"two\\nlines\\n"}\r\n{"aux":{"ID":"sha256:1"}}\r\n');
    }, progress);
    assert.equal(body, 'tar');
    assert.deepEqual(progress, ['Step 1/1 : FROM x', 'two', 'lines']);
    assert.match(decodeURIComponent(fake.seen.at(-1)!), /t=petri-x:1&buildargs=\{"BASE":"some\/base:9"\}&labels=\{"a":"b"\}/);
  });

  it('a base that cannot be had: the image is missing, by the name the build arguments give it', async () => {
    for (const step of ['Step 1/9 : FROM ${BASE}', 'STEP 1/9: FROM some/base:9', 'Step 3/9 : FROM --platform=linux/amd64 ${BASE} AS final']) {
      await assert.rejects(build(lines({ stream: `${step}\n` }, { error: 'pull access denied' })), { code: 'image-missing', message: /some\/base:9/ });
      await fake.stop();
    }
  });

  it('a failing step: the tail of the log', async () => {
    const error = await build(lines({ stream: 'Step 1/2 : FROM x\n' }, { stream: 'Step 2/2 : RUN false\n' }, { stream: 'oh no\n' }, { error: 'returned a non-zero code: 1' }))
      .catch((reason: unknown) => reason);
    assert.ok(error instanceof PetriError && error.code === 'image-build-failed');
    assert.equal(error.details?.at(-1), 'oh no');
  });

  it('a build that the engine leaves unfinished has failed', async () => {
    await assert.rejects(build((_request, response) => {
      response.write('{"stream":"Step 1/1 : FROM x\\n"}\n');
      setTimeout(() => response.destroy(), 20);
    }), { code: 'engine-failed' });
  });
});
