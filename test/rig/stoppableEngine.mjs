// The machine's engine behind a socket of the suite's own, which is there only while a file says so: an engine that stops and returns.
import { existsSync, rmSync, watch } from 'node:fs';
import { connect, createServer } from 'node:net';
import { basename, dirname } from 'node:path';
import { product } from './product.mjs';

export class StoppableEngine {
  #server;
  #watcher;
  #connections = new Set();

  constructor(socket, target) {
    this.socket = socket;
    this.target = target;
    this.switchFile = `${socket}.on`;
  }

  /** Stopped at first. It runs while `switchFile` exists. */
  static async start(path) {
    const { dockerEngine, ownSurroundings } = await product();
    const own = dockerEngine(ownSurroundings());
    const { endpoint } = await own.info();
    own.close();
    const engine = new StoppableEngine(`${path}.sock`, endpoint.split(' ')[0].replace('unix://', ''));
    engine.#watcher = watch(dirname(path), (_, name) => { if (name === basename(engine.switchFile)) engine.#follow(); });
    return engine;
  }

  get address() {
    return `unix://${this.socket}`;
  }

  async stop() {
    this.#watcher.close();
    this.#close();
  }

  #follow() {
    if (existsSync(this.switchFile) === Boolean(this.#server)) return;
    if (this.#server) this.#close();
    else this.#server = createServer({ allowHalfOpen: true }, (client) => this.#relay(client)).listen(this.socket);
  }

  #relay(client) {
    const engine = connect({ path: this.target, allowHalfOpen: true });
    for (const [from, to] of [[client, engine], [engine, client]]) {
      this.#connections.add(from);
      from.on('error', () => to.destroy()).on('close', () => this.#connections.delete(from));
      from.pipe(to);
    }
  }

  #close() {
    this.#server?.close();
    this.#server = undefined;
    for (const connection of this.#connections) connection.destroy();
    rmSync(this.socket, { force: true });
  }
}
