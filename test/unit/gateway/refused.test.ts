import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import type { Decision } from '../../../src/engine/gateway/door';
import type { GatewayConfig, GatewayEvent } from '../../../src/engine/gateway/messages';
import { makeCertificates } from '../../../src/engine/gateway/certificates';
import { eventually } from '../../docker/support/eventually';
import { tryAll, type Try } from '../../docker/network/support/intruder';
import { get, REFUSED, REGISTRY, tunnel } from '../../docker/network/support/refused';

interface Proxy { host: string; port: number }

/** Registries behind a proxy that takes connections and says nothing, and behind one that leads to a registry which does. */
const MUTE = ['mute-proxy.test', 'mute-registry.test'];

/** The program of the gateway's image, as it was built. */
const PROGRAM = join(resolve('.'), 'dist', 'images', 'gateway', 'gateway.cjs');

describe('the gateway\'s program', function () {
  this.timeout(120_000);
  const requests: string[] = [];
  const decisions: Decision[] = [];
  let gateway: ChildProcess;
  let proxy: Proxy;
  /** One that waits for nobody for long. */
  let impatient: Proxy;
  const impatiently: Decision[] = [];
  const closing: Array<() => void> = [];

  before(async () => {
    const certificates = await makeCertificates([REGISTRY, ...MUTE], 'sb_1', Date.now());
    const { certificate, key } = certificates.hosts.get(REGISTRY)!;
    const registry = createHttps({ cert: certificate, key }, (request, answer) => {
      requests.push(`${request.method} ${request.url}`);
      answer.end('ok');
    });
    // A proxy of the machine's spares the test a resolver.
    const machine = createHttp().on('connect', (_request, near) => {
      const far = connect((registry.address() as AddressInfo).port, '127.0.0.1', () => {
        near.write('HTTP/1.1 200 OK\r\n\r\n');
        near.pipe(far).pipe(near);
      });
      for (const socket of [near, far]) socket.on('error', () => [near, far].forEach((one) => one.destroy()));
    });
    const mute = createServer((socket) => socket.on('error', () => undefined));
    const toMute = createHttp().on('connect', (_request, near) => near.on('error', () => near.destroy()).write('HTTP/1.1 200 OK\r\n\r\n'));
    for (const server of [registry, machine, mute, toMute]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      closing.push(() => server.close(), () => ('closeAllConnections' in server ? server.closeAllConnections() : undefined));
    }
    const proxyOf = (server: { address(): unknown }) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config: GatewayConfig = {
      listen: '127.0.0.1', roots: certificates.authority, ownAddresses: [],
      hosts: [{ name: REGISTRY, port: 443, certificate, key, private: false, proxy: proxyOf(machine) }],
    };
    const start = async (told: GatewayConfig, decide: (decision: Decision) => void): Promise<[ChildProcess, Proxy]> => {
      const program = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
      closing.push(() => program.kill());
      program.stdin.write(`${JSON.stringify(told)}\n`);
      return [program, await new Promise<Proxy>((ready) => {
        createInterface({ input: program.stdout }).on('line', (line) => {
          const event = JSON.parse(line) as GatewayEvent;
          if (event.event === 'ready') ready({ host: '127.0.0.1', port: event.port });
          else decide(event.decision);
        });
      })];
    };
    [gateway, proxy] = await start(config, (decision) => decisions.push(decision));
    [, impatient] = await start({
      ...config, patience: 1000,
      hosts: [...config.hosts, ...MUTE.map((name, at) => ({ ...certificates.hosts.get(name)!, name, port: 443, private: false, proxy: proxyOf([mute, toMute][at]!) }))],
    }, (decision) => impatiently.push(decision));
  });
  after(() => {
    for (const close of closing) close();
  });

  async function attempt(tries: Try[]) {
    const from = decisions.length;
    // Side by side: what was decided is looked up by what was tried, not by its turn.
    const outcomes = (await Promise.all(tries.map((one) => tryAll(proxy, [one])))).map(([outcome]) => outcome!);
    await eventually(() => decisions.length >= from + tries.length, 'one decision each', 5);
    return { outcomes, decided: decisions.slice(from) };
  }

  it('lets an ordinary request through', async () => {
    const { outcomes, decided } = await attempt([tunnel(get('/ordinary'))]);
    assert.match(outcomes[0]!.got, /^HTTP\/1\.1 200/);
    assert.deepEqual(decided.map(({ rule, path }) => [rule, path]), [['registry', '/ordinary']]);
    assert.ok(requests.includes('GET /ordinary'));
  });

  for (const [rule, vectors] of Object.entries(REFUSED)) {
    it(`${rule}: ${vectors.length} ways around it are refused`, async () => {
      const before = requests.length;
      const { outcomes, decided } = await attempt(vectors.map((vector) => vector.attempt));
      assert.deepEqual(requests.slice(before), []);
      assert.deepEqual(decided.filter(({ allowed }) => allowed), []);
      const left = decided.map((decision) => decision.rule);
      vectors.forEach(({ what }, index) => assert.doesNotMatch(outcomes[index]!.got, /^HTTP\/1\.1 200 OK/, what));
      // Those that may end in one way only choose first.
      for (const { what, rule: wanted } of vectors.toSorted((a, b) => [a.rule].flat().length - [b.rule].flat().length)) {
        const found = left.findIndex((one) => [wanted].flat().includes(one));
        assert.ok(found >= 0, `${what}: ${String(wanted)} is not among ${left.join(', ')}`);
        left.splice(found, 1);
      }
    });
  }

  /** What the gateway sends until it hangs up; rejects when it does not. */
  const hungUp = (begin: (socket: Socket) => void) => new Promise<string>((resolve, reject) => {
    let got = '';
    const socket = connect(impatient.port, impatient.host, () => begin(socket)).on('data', (chunk) => { got += chunk.toString('latin1'); });
    const late = setTimeout(() => socket.destroy(new Error(`it still waits after: ${got}`)), 30_000);
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? undefined : reject(error))).on('close', () => {
      clearTimeout(late);
      resolve(got);
    });
  });
  const dial = `CONNECT ${REGISTRY}:443 HTTP/1.1\r\nHost: ${REGISTRY}:443\r\n\r\n`;
  const secured = (socket: Socket, send: string) => {
    socket.write(dial);
    socket.once('data', () => tlsConnect({ socket, servername: REGISTRY, rejectUnauthorized: false }, function (this: TLSSocket) { this.on('error', () => undefined).write(send); }).on('error', () => undefined));
  };
  const silences: Array<[string, (socket: Socket) => void, RegExp]> = [
    ['at all', () => undefined, /^$/],
    ['to the end of a request for a tunnel', (socket) => socket.write(dial.slice(0, 20)), /^$/],
    ['in its tunnel', (socket) => socket.write(dial), /^HTTP\/1\.1 200[^\n]*\r\n\r\n$/],
    ['after the first byte of a handshake', (socket) => socket.write(`${dial}\x16`, 'latin1'), /^HTTP\/1\.1 200[^\n]*\r\n\r\n$/],
    ['under TLS', (socket) => secured(socket, ''), /^HTTP\/1\.1 200/],
    ['to the end of a head under TLS', (socket) => secured(socket, 'GET /slow HTTP/1.1\r\nX: '), /^HTTP\/1\.1 200/],
  ];
  it(`hangs up on whoever says nothing ${silences.map(([what]) => what).join(', ')}`, async () => {
    const before = requests.length;
    for (const [at, got] of (await Promise.all(silences.map(([, begin]) => hungUp(begin)))).entries()) assert.match(got, silences[at]![2], silences[at]![0]);
    assert.deepEqual(requests.slice(before), []);
  });

  it('gives up on a registry, or the proxy before it, that takes the connection and then says nothing, after asking twice', async () => {
    const answers = await Promise.all(MUTE.map((name) => new Promise<string>((resolve, reject) => {
      const socket = connect(impatient.port, impatient.host, () => socket.write(`CONNECT ${name}:443 HTTP/1.1\r\nHost: ${name}:443\r\n\r\n`));
      socket.once('data', () => {
        let got = '';
        const secure = tlsConnect({ socket, servername: name, rejectUnauthorized: false }, () => secure.write(`GET /package HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`));
        secure.on('data', (chunk) => { got += chunk.toString(); }).on('close', () => resolve(got)).on('error', reject);
      });
    })));
    for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 502 [^]*(?:does not answer|cannot be reached through the proxy)/);
    assert.deepEqual(impatiently.filter(({ path }) => path === '/package').map(({ host, rule }) => [host, rule]).sort(), MUTE.map((name) => [name, 'unreachable']));
  });

  it('ends when nobody is left to answer for it', async () => {
    const gone = once(gateway, 'exit');
    gateway.stdin!.end();
    assert.deepEqual(await gone, [0, null]);
  });
});
