/** One file a run or an install (`run_…`, `dep_…`): its stdout and stderr, apart, up to a cap. */
export interface RunLogs {
  /** `capBytes` of content; what comes after is counted, not kept. */
  create(runId: string, capBytes: number): RunLog;
  /**
   * Both streams in the order of arrival, from a byte of what they hold together; a negative one counts from their end as it is
   * now. With `follow`, what is still being written comes as it is written, until the log is closed or the signal aborts, which
   * rejects. undefined when there is no log.
   */
  read(runId: string, options?: { from?: number; follow?: AbortSignal }): AsyncIterable<{ stream: 'stdout' | 'stderr'; chunk: Buffer }> | undefined;
  remove(runId: string): Promise<void>;
  /** Bytes on disk by run id. */
  sizes(): Promise<Map<string, number>>;
}
export interface RunLog {
  /** Resolves when the file took it: the run's back-pressure. A full disk ends the log, never the run. */
  append(stream: 'stdout' | 'stderr', chunk: Uint8Array): void | Promise<void>;
  close(): Promise<void>;
}
