/** Time as the engine room sees it; a fake one drives TTL tests. */
export interface Clock {
  /** Wall clock, ms since the epoch. For records only, never for deciding how long something took. */
  now(): number;
  /** Monotonic ms; does not run while the machine sleeps, and no clock step moves it. */
  monotonic(): number;
  /** Calls back once after `ms`; the returned function cancels. Must not keep the process alive. */
  after(ms: number, callback: () => void): () => void;
}
