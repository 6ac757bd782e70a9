import { createHash } from 'node:crypto';
import type { Entry } from './entry';

/** Content on its way that must be what was announced; throws at its end when it is not, before the writer renames anything. */
export class VerifiedContent implements AsyncIterable<Uint8Array> {
  /** It was other content. */
  wrong = false;
  /** What reading it failed with. */
  failure: unknown;

  constructor(private readonly content: AsyncIterable<Uint8Array> | Promise<Uint8Array>, private readonly announced: Entry) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const digest = createHash('sha256');
    try {
      if (Symbol.asyncIterator in this.content) {
        for await (const chunk of this.content) {
          digest.update(chunk);
          yield chunk;
        }
      } else {
        const whole = await this.content;
        digest.update(whole);
        yield whole;
      }
    } catch (error) {
      this.failure = error;
      throw error;
    }
    this.wrong = digest.digest('hex') !== this.announced.content;
    if (this.wrong) throw new Error('not the announced content');
  }
}
