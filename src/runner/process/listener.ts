import { once } from 'node:events';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { LocalPaths } from '../../protocol/localPaths';
import { newToken, writeToken } from './token';

/** How long answers that are on their way may take when the runner leaves, ms. */
const LAST_ANSWERS = 2_000;

/** The socket and the token beside it. Only for the process that holds the life lock. */
export class Listener {
  readonly token = newToken();
  #server: Server | undefined;

  constructor(private readonly paths: LocalPaths) {}

  /** The token is there before anyone can connect. */
  async listen(server: Server): Promise<void> {
    writeToken(this.paths.tokenFile, this.token);
    // Whoever left it is dead: we hold the lock.
    if (this.paths.socketFolder !== undefined) rmSync(this.paths.socket, { force: true });
    server.listen(this.paths.socket);
    await once(server, 'listening');
    if (this.paths.socketFolder !== undefined) chmodSync(this.paths.socket, 0o600);
    this.#server = server;
  }

  /** False when somebody removed the socket or the token: no client can find this runner any more. */
  get reachable(): boolean {
    return existsSync(this.paths.tokenFile) && (this.paths.socketFolder === undefined || existsSync(this.paths.socket));
  }

  /** Takes no more calls: the socket is gone when this returns. Resolves when the answers under way have ended too. */
  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    // A connection whose last answer has just ended would otherwise be kept alive.
    const idle = setInterval(() => server.closeIdleConnections(), 10);
    const hangUp = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS);
    await closed;
    clearInterval(idle);
    clearTimeout(hangUp);
  }
}
