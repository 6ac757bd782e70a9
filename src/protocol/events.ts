import * as z from 'zod';
import type { Run } from './run';
import type { Sandbox } from './sandbox';

/** Whether there is an engine to run on, as far as anybody asked. */
export const EngineState = z.object({ error: z.object({ code: z.string(), message: z.string(), action: z.string().optional() }).nullable() });
export type EngineState = z.infer<typeof EngineState>;

/**
 * SSE events of GET /v1/events: every sandbox and the engine's state as they are, then `ready`, then what changes, as the thing that
 * changed is now. Several changes within a moment are told as one. Whoever listens holds a lease; `done` says that the runner leaves.
 */
export type StateEvent =
  | { event: 'engine'; data: EngineState }
  | { event: 'sandbox'; data: Sandbox }
  | { event: 'sandbox-gone'; data: { id: string } }
  | { event: 'run'; data: Run }
  | { event: 'ready'; data: Record<string, never> };
