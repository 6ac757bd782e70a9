/** One event as it came, in either representation. */
export interface RawEvent {
  event: string;
  /** The bytes as they came: an event's JSON; with `stream`, those of the program. */
  data: Buffer;
  /** Where the program wrote them, when they came as they are. */
  stream?: 'stdout' | 'stderr';
}
