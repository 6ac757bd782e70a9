import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { PetriService } from '../../engine/service';

/** What the HTTP room is given by the process it runs in. */
export interface Surroundings {
  service: PetriService;
  /** What every call but /health must show. */
  token: string;
  lifecycle: Lifecycle;
  /** One line for the runner's own log. */
  log(line: string): void;
}

/** The runner process as its clients see and steer it. */
export interface Lifecycle {
  readonly draining: boolean;
  readonly leases: number;
  /** Counts a lease until the returned function is called. `onStop` is called when the runner leaves. */
  holdLease(onStop: () => void): () => void;
  /** Returns at once; the socket is gone when it is over. */
  stop(mode: 'drain' | 'now'): void;
}

export type Environment = { Bindings: HttpBindings };
export type App = Hono<Environment>;
export type Call = Context<Environment>;
