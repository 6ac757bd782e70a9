import { spawn } from 'node:child_process';
import { Agent } from 'node:http';
import { Duplex } from 'node:stream';
import type { Address } from './address';

type SshAddress = Extract<Address, { kind: 'ssh' }>;

/**
 * Connections through the user's own ssh, as the docker command makes them: their keys, jump hosts and known_hosts apply.
 * docker-modem's ssh would accept any host key.
 */
export class SshAgent extends Agent {
  constructor(private readonly address: SshAddress, private readonly command = 'ssh') {
    super({ keepAlive: true });
  }

  override createConnection(): Duplex {
    const { host, port, user, socket } = this.address;
    const argv = [
      ...(user ? ['-l', user] : []), ...(port ? ['-p', String(port)] : []), '-o', 'ConnectTimeout=30', '-T', '--', host,
      'docker', ...(socket ? ['--host', `unix://${socket}`] : []), 'system', 'dial-stdio',
    ];
    const child = spawn(this.command, argv, { stdio: ['pipe', 'pipe', 'pipe'] });
    const connection = new SshConnection(child.stdin, child.stdout, () => child.kill());
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => { complaint = (complaint + chunk.toString()).slice(-2000); });
    child.on('error', (error) => connection.destroy(error));
    // After all its output: http would otherwise report a mere hang-up, and ssh's own reason would be lost.
    child.on('close', (code) => {
      if (code) connection.destroy(Object.assign(new Error(complaint.trim() || `ssh ended with ${code}`), { code: 'EHOSTUNREACH' }));
      else connection.push(null);
    });
    return connection;
  }
}

/** A child's stdin and stdout as one socket, with the methods http asks of a socket. */
class SshConnection extends Duplex {
  constructor(private readonly input: NodeJS.WritableStream, private readonly output: NodeJS.ReadableStream, private readonly kill: () => void) {
    super();
    output.on('data', (chunk: Buffer) => { if (!this.push(chunk)) output.pause(); });
    // A pipe that breaks says only that ssh ended; its own words, which come with its end, are the reason.
    input.on('error', () => undefined);
  }

  override _read(): void { this.output.resume(); }
  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void { this.input.write(chunk, () => done()); }
  override _final(done: () => void): void { this.input.end(done); }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void { this.kill(); done(error); }

  setKeepAlive(): this { return this; }
  setNoDelay(): this { return this; }
  setTimeout(): this { return this; }
  ref(): this { return this; }
  unref(): this { return this; }
}
