import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { parseAddress, printAddress } from '../../../src/runner/docker/endpoints/address';
import { candidates } from '../../../src/runner/docker/endpoints/candidates';
import type { Surroundings } from '../../../src/runner/docker/endpoints/surroundings';
import { emptyMachine } from './fakeEngine';

/** A machine with these files. */
const machine = (files: Record<string, string | object> = {}, change: Partial<Surroundings> = {}) => emptyMachine({
  readFile: (path) => {
    const content = files[path.replaceAll('\\', '/')];
    return content === undefined ? undefined : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  },
  ...change,
});
const where = (around: Surroundings, setting?: string) => candidates(around, setting).map(({ address, source }) => `${printAddress(address)} (${source})`);
const contextFolder = (kind: 'meta' | 'tls', name: string) => `/home/someone/.docker/contexts/${kind}/${createHash('sha256').update(name).digest('hex')}`;
const contextFile = (name: string, host: string, extra: object = {}) => ({
  [`${contextFolder('meta', name)}/meta.json`]: { Name: name, Endpoints: { docker: { Host: host, ...extra } } },
});

describe('where an engine is looked for', () => {
  it('on Linux, with nothing configured: Docker, rootless, Desktop and its likes, Podman', () => {
    assert.deepEqual(where(machine({}, { env: { XDG_RUNTIME_DIR: '/run/user/1000' } })), [
      'unix:///var/run/docker.sock (Docker)',
      'unix:///run/user/1000/docker.sock (rootless Docker)',
      'unix:///home/someone/.docker/run/docker.sock (rootless Docker)',
      'unix:///home/someone/.docker/desktop/docker.sock (Docker Desktop)',
      'unix:///home/someone/.colima/default/docker.sock (Colima)',
      'unix:///home/someone/.config/colima/default/docker.sock (Colima)',
      'unix:///home/someone/.rd/docker.sock (Rancher Desktop)',
      'unix:///run/user/1000/podman/podman.sock (rootless Podman)',
      'unix:///run/podman/podman.sock (Podman)',
    ]);
  });

  it('on Linux without XDG_RUNTIME_DIR, the folder of the user\'s session all the same; root has none', () => {
    assert.ok(where(machine()).includes('unix:///run/user/1000/docker.sock (rootless Docker)'));
    assert.ok(!where(machine({}, { uid: 0 })).some((place) => place.includes('/run/user/')));
  });

  it('on macOS', () => {
    const places = where(machine({}, { platform: 'darwin', home: '/Users/someone', env: { TMPDIR: '/var/folders/x/T/' } }));
    assert.deepEqual(places.slice(0, 4), [
      'unix:///Users/someone/.docker/run/docker.sock (Docker Desktop)', 'unix:///var/run/docker.sock (Docker)',
      'unix:///Users/someone/.orbstack/run/docker.sock (OrbStack)', 'unix:///Users/someone/.colima/default/docker.sock (Colima)',
    ]);
    assert.ok(places.includes('unix:///var/folders/x/T/podman/podman-machine-default-api.sock (Podman machine)'));
  });

  it('on Windows, named pipes', () => {
    assert.deepEqual(where(machine({}, { platform: 'win32', uid: undefined })), [
      'npipe:////./pipe/docker_engine (Docker)', 'npipe:////./pipe/dockerDesktopLinuxEngine (Docker Desktop)',
      'npipe:////./pipe/podman-machine-default (Podman machine)',
    ]);
    assert.deepEqual(parseAddress('npipe:////./pipe/docker_engine', 'x'), { kind: 'socket', path: '\\\\.\\pipe\\docker_engine' });
  });

  it('a setting goes before DOCKER_HOST, that before DOCKER_CONTEXT, that before the chosen context; and each is the only one', () => {
    const files = {
      '/home/someone/.docker/config.json': { currentContext: 'chosen' },
      ...contextFile('chosen', 'unix:///chosen.sock'), ...contextFile('asked', 'unix:///asked.sock'),
    };
    assert.deepEqual(where(machine(files)), ['unix:///chosen.sock (context chosen)']);
    assert.deepEqual(where(machine(files, { env: { DOCKER_CONTEXT: 'asked' } })), ['unix:///asked.sock (context asked)']);
    assert.deepEqual(where(machine(files, { env: { DOCKER_CONTEXT: 'asked', DOCKER_HOST: 'unix:///host.sock' } })), ['unix:///host.sock (DOCKER_HOST)']);
    assert.deepEqual(where(machine(files, { env: { DOCKER_HOST: 'unix:///host.sock' } }), '/set.sock'), ['unix:///set.sock (setting)']);
  });

  it('the context named default is the platform\'s own socket', () => {
    assert.equal(where(machine({ '/home/someone/.docker/config.json': { currentContext: 'default' } }))[0], 'unix:///var/run/docker.sock (Docker)');
  });

  it('DOCKER_CONFIG moves the folder', () => {
    const id = createHash('sha256').update('c').digest('hex');
    const files = { '/cfg/config.json': { currentContext: 'c' }, [`/cfg/contexts/meta/${id}/meta.json`]: { Endpoints: { docker: { Host: 'unix:///moved.sock' } } } };
    assert.deepEqual(where(machine(files, { env: { DOCKER_CONFIG: '/cfg' } })), ['unix:///moved.sock (context c)']);
  });

  it('a chosen context that is not there is an error, not another engine', () => {
    assert.throws(() => candidates(machine({ '/home/someone/.docker/config.json': { currentContext: 'gone' } })), { code: 'engine-absent', message: /gone/ });
  });

  it('a broken config.json is as none', () => {
    assert.equal(where(machine({ '/home/someone/.docker/config.json': '{oops' }))[0], 'unix:///var/run/docker.sock (Docker)');
  });

  it('a context brings its certificates', () => {
    const files = {
      '/home/someone/.docker/config.json': { currentContext: 'far' }, ...contextFile('far', 'tcp://engine.example:2376'),
      [`${contextFolder('tls', 'far')}/docker/ca.pem`]: 'CA', [`${contextFolder('tls', 'far')}/docker/cert.pem`]: 'CERT', [`${contextFolder('tls', 'far')}/docker/key.pem`]: 'KEY',
    };
    assert.deepEqual(candidates(machine(files))[0]!.address, {
      kind: 'tcp', host: 'engine.example', port: 2376, tls: { ca: Buffer.from('CA'), cert: Buffer.from('CERT'), key: Buffer.from('KEY'), verify: true },
    });
    const skipping = { ...files, ...contextFile('far', 'tcp://engine.example:2376', { SkipTLSVerify: true }) };
    const [skipped] = candidates(machine(skipping));
    assert.equal(skipped!.address.kind === 'tcp' && skipped!.address.tls?.verify, false);
  });

  it('DOCKER_TLS_VERIFY and DOCKER_CERT_PATH go with DOCKER_HOST; certificates alone do not turn TLS on', () => {
    const files = { '/certs/ca.pem': 'CA', '/certs/cert.pem': 'CERT', '/certs/key.pem': 'KEY' };
    const env = { DOCKER_HOST: 'tcp://engine.example', DOCKER_CERT_PATH: '/certs' };
    assert.deepEqual(where(machine(files, { env: { ...env, DOCKER_TLS_VERIFY: '1' } })), ['https://engine.example:2376 (DOCKER_HOST)']);
    assert.deepEqual(where(machine(files, { env })), ['tcp://engine.example:2375 (DOCKER_HOST)']);
  });
});

describe('an engine\'s address', () => {
  for (const [text, printed] of [
    ['unix://', 'unix:///var/run/docker.sock'], ['/a/b.sock', 'unix:///a/b.sock'], ['engine.example:2375', 'tcp://engine.example:2375'],
    ['tcp://[::1]:99', 'tcp://[::1]:99'], ['https://engine.example', 'https://engine.example:443'], ['ssh://me@engine.example:22', 'ssh://me@engine.example:22'],
    ['ssh://engine.example/run/user/7/docker.sock', 'ssh://engine.example/run/user/7/docker.sock'],
  ] as const) {
    it(`${text} is ${printed}`, () => assert.equal(printAddress(parseAddress(text, 'x')), printed));
  }
  for (const text of ['ftp://x', 'tcp://', 'fd://', 'ssh://-oProxyCommand=x/', 'ssh://-l@host']) {
    it(`${text} is refused, and the error says who named it`, () => assert.throws(() => parseAddress(text, 'DOCKER_HOST'), { code: 'engine-absent', message: /DOCKER_HOST/ }));
  }
});
