import type { Deps } from '../../../../src/engine/deps';
import type { Decision, Door } from '../../../../src/engine/gateway/door';
import { eventually } from '../../support/eventually';
import type { InstallOptions } from './behindDoor';
import { openInmate } from './inmate';
import { programText } from './programText';

/** What a program behind the door tries. Bytes are latin1 text. */
export type Try =
  /** Bytes to the gateway, as they are. */
  | { raw: string }
  /** A CONNECT, TLS under a name (none: no SNI), then bytes. */
  | { connect: string; sni?: string; alpn?: string; send: string }
  /** Does a connection come about? */
  | { tcp: string; port: number };

/** What came back: bytes until the other side closed or fell silent, or how it failed. */
export interface Outcome { got: string; failed?: string }

/** Runs inside the container, sent there as its own source text: one after the other. Trusts any certificate: an attacker does not mind. */
export async function tryAll(proxy: { host: string; port: number }, tries: Try[]): Promise<Outcome[]> {
  const { connect } = process.getBuiltinModule('node:net');
  const tls = process.getBuiltinModule('node:tls');
  const attempt = (one: Try) => new Promise<Outcome>((resolve) => {
    let got = '';
    const socket = 'tcp' in one ? connect(one.port, one.tcp) : connect(proxy.port, proxy.host);
    const done = (failed?: string) => {
      clearTimeout(quiet);
      socket.destroy();
      resolve(failed === undefined ? { got } : { got, failed });
    };
    let quiet = setTimeout(() => done('silence'), 4000);
    const heard = (chunk: Buffer) => {
      got += chunk.toString('latin1');
      clearTimeout(quiet);
      quiet = setTimeout(() => done(), 1500);
    };
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    socket.on('close', () => done());
    if ('tcp' in one) return void socket.on('connect', () => done('open'));
    if ('raw' in one) return void socket.on('data', heard).write(one.raw, 'latin1');
    const opened = (chunk: Buffer) => {
      got += chunk.toString('latin1');
      if (!got.includes('\r\n\r\n')) return;
      if (!/^HTTP\/1\.1 200/.test(got)) return done();
      got = '';
      socket.off('data', opened);
      const secure = tls.connect({ socket, servername: one.sni ?? '', rejectUnauthorized: false, ALPNProtocols: [one.alpn ?? 'http/1.1'] });
      secure.on('error', (error: NodeJS.ErrnoException) => done(`tls: ${error.code ?? error.message}`));
      secure.on('secureConnect', () => secure.write(one.send, 'latin1'));
      secure.on('data', heard).on('close', () => done());
    };
    socket.on('data', opened).write(`CONNECT ${one.connect} HTTP/1.1\r\nHost: ${one.connect}\r\n\r\n`, 'latin1');
  });
  const outcomes: Outcome[] = [];
  for (const one of tries) outcomes.push(await attempt(one));
  return outcomes;
}

/** A program behind a door, and what the door decides about it. */
export interface Intruder {
  /** Each try by itself, one after the other. `wanted`: so many decisions at least, where it is not one a try. */
  attempt(tries: Try[], wanted?: number): Promise<{ outcomes: Outcome[]; decisions: Decision[] }>;
  close(): Promise<void>;
}

export async function openIntruder(deps: Deps, door: Door, options: InstallOptions): Promise<Intruder> {
  const inmate = await openInmate(deps, door, options);
  const { hostname, port } = new URL(door.proxy);
  let fences = 0;
  return {
    async attempt(tries, wanted = tries.length) {
      const from = door.decisions().length;
      // Refused at once, after everything that was tried: with its decision all others are there too, and one too many is seen.
      const fence = `fence-${fences += 1}.invalid`;
      const text = programText(tryAll, { host: hostname, port: Number(port) }, [...tries, { connect: `${fence}:443`, send: '' }]);
      const { out, err, exitCode } = await inmate.run(`printf %s '${text}' | base64 -d > /tmp/intruder.js && exec node /tmp/intruder.js`);
      if (exitCode !== 0) throw new Error(`the intruder failed: ${err}`);
      const since = () => door.decisions().slice(from);
      await eventually(() => since().some(({ host }) => host === fence) && since().length > wanted, 'not everything was decided').catch((error: unknown) => {
        throw new Error(`${String(error)}: ${JSON.stringify(since())}`);
      });
      return { outcomes: (JSON.parse(out) as Outcome[]).slice(0, -1), decisions: since().filter(({ host }) => host !== fence) };
    },
    close: () => inmate.close(),
  };
}
