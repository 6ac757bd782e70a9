import type { PetriService } from '../../engine/service';
import type { LocalPaths } from '../../protocol/localPaths';
import { createApp } from '../http/app';
import { createHttpServer } from '../http/server';
import { becomeRunner } from './becomeRunner';
import type { TakeLock } from './becomeRunner';
import { RunnerLifecycle } from './lifecycle';
import { Listener } from './listener';
import type { RunnerLog } from './runnerLog';

/** Default of `lingerMs`. */
const LINGER = 60_000;

export interface RunnerOptions {
  /** From prepareOwnPaths. */
  paths: LocalPaths;
  version: string;
  log: RunnerLog;
  takeLock: TakeLock;
  /**
   * Called in the one process that is the runner, before it listens: what it opens and reconciles is touched by no other.
   * The service's shutdown closes what was opened.
   */
  createService(): Promise<PetriService>;
  /** How long with no lease, no request and nothing busy until the runner leaves, ms. */
  lingerMs?: number;
}

export interface Runner {
  stop(mode: 'drain' | 'now', why: string): void;
  /** Resolves when the socket is gone and everything is closed. Never rejects. */
  readonly over: Promise<void>;
}

/** Answers the runner that now listens, or undefined when another one serves this user. Rejects what keeps it from starting. */
export async function startRunner({ paths, version, log, takeLock, createService, lingerMs = LINGER }: RunnerOptions): Promise<Runner | undefined> {
  const release = await becomeRunner(paths.socket, takeLock);
  if (!release) return undefined;
  try {
    const service = await createService();
    const listener = new Listener(paths);
    log.conceal(listener.token);
    const leaving = new Leaving(service, listener, log, release);
    const lifecycle = new RunnerLifecycle({
      lingerMs, busy: () => service.busy, reachable: () => listener.reachable, leave: (mode, why) => void leaving.begin(mode, why, lifecycle),
    });
    const app = createApp({ service, token: listener.token, lifecycle, log: log.write });
    await listener.listen(createHttpServer(app, lifecycle.request));
    log.write(`Petri ${version} listens, Node ${process.versions.node}`);
    return { stop: (mode, why) => lifecycle.stop(mode, why), over: leaving.over };
  } catch (error) {
    release();
    throw error;
  }
}

/** The way out: runs end, the service closes, then the socket goes, then the lock. */
class Leaving {
  readonly over: Promise<void>;
  #finished!: () => void;
  #begun = false;

  constructor(
    private readonly service: PetriService, private readonly listener: Listener, private readonly log: RunnerLog, private readonly release: () => void,
  ) {
    this.over = new Promise((resolve) => { this.#finished = resolve; });
  }

  /** A second call, with `now`, cancels the runs that the first one waits for. */
  async begin(mode: 'drain' | 'now', why: string, lifecycle: RunnerLifecycle): Promise<void> {
    this.log.write(`leaving (${mode}): ${why}`);
    const shutdown = this.service.shutdown(mode).catch((error: unknown) => {
      this.log.write(`the shutdown failed: ${error instanceof Error ? error.stack : String(error)}`);
    });
    if (this.#begun) return;
    this.#begun = true;
    await shutdown;
    lifecycle.endLeases();
    const closed = this.listener.close();
    // The service is closed and the socket gone: a successor may begin while the last answers end.
    this.release();
    await closed;
    this.log.write('left');
    this.#finished();
  }
}
