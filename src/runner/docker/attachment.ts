import type { Duplex } from 'node:stream';
import { PetriError } from '../../engine/errors';
import type { Attachment } from '../../engine/ports/containerEngine';
import { Demultiplexer, type Consumer } from './demultiplexer';

/** A container's stdio over one hijacked connection. Reads nothing before there is a consumer, so no byte is lost. */
export class SocketAttachment implements Attachment {
  readonly closed: Promise<void>;
  private consumer: Consumer | undefined;
  private pending: Promise<void> | undefined;

  constructor(private readonly socket: Duplex, tty: boolean) {
    const consume: Consumer = (stream, chunk) => this.consumer?.(stream, chunk);
    const demultiplexer = new Demultiplexer(consume);
    const push = tty ? (chunk: Buffer) => consume('stdout', chunk) : (chunk: Buffer) => demultiplexer.push(chunk);
    socket.pause();
    socket.on('data', (chunk: Buffer) => this.take(push, chunk));
    // What went wrong shows in `closed` and in the container's state; an unheard 'error' would end the process.
    socket.on('error', () => undefined);
    const gone = new Promise<void>((resolve) => {
      socket.once('close', resolve);
      if (socket.destroyed) resolve();
    });
    this.closed = gone.then(() => this.pending);
  }

  write(chunk: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.socket.writable) return reject(inputClosed());
      this.socket.write(chunk, (error) => (error ? reject(inputClosed()) : resolve()));
    });
  }

  endInput(): void {
    this.socket.end();
  }

  onOutput(consumer: Consumer): void {
    const first = this.consumer === undefined;
    this.consumer = consumer;
    if (first) this.socket.resume();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private take(push: (chunk: Buffer) => void | Promise<void>, chunk: Buffer): void {
    const failed = () => this.socket.destroy();
    try {
      const pending = push(chunk);
      if (!pending) return;
      this.socket.pause();
      this.pending = pending.then(() => { this.socket.resume(); }, failed).then(() => { this.pending = undefined; });
    } catch {
      failed();
    }
  }
}

function inputClosed(): PetriError {
  return new PetriError('engine-failed', 'The container takes no more input: it ended, or the connection to the engine was lost.');
}
