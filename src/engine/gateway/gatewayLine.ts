import { StringDecoder } from 'node:string_decoder';
import * as z from 'zod';
import { PetriError } from '../errors';
import type { Attachment } from '../ports/containerEngine';
import type { Decision } from './door';
import type { GatewayConfig } from './messages';

/** Fifty thousand requests, more than any install makes; a tool that asks without end, or at length, must not fill the runner's memory. */
const MOST_BYTES = 16 * 1024 * 1024;
const LONGEST_LINE = 64 * 1024;

const DecisionLine = z.object({
  at: z.number(), host: z.string(), port: z.int(), address: z.string().nullable(), method: z.string(), path: z.string(),
  status: z.int().nullable(), bytes: z.int(), sha256: z.string().regex(/^[0-9a-f]{64}$/).nullable(), allowed: z.boolean(), rule: z.string(),
});
const Line = z.discriminatedUnion('event', [
  z.object({ event: z.literal('ready'), port: z.int().min(1).max(65_535) }), z.object({ event: z.literal('decision'), decision: DecisionLine }),
]);

/** The runner's end of a gateway's stdio: one line in, then what it decides. It reads what strangers make it say: anything odd ends it. */
export class GatewayLine {
  readonly decisions: Decision[] = [];
  /** The port it listens on. Rejects when it ends before. */
  readonly ready: Promise<number>;
  /** See Door. */
  readonly lost: Promise<PetriError>;
  private closed = false;
  private rest = '';
  private bytes = 0;
  private complaint = '';
  private odd: string | undefined;

  constructor(private readonly attachment: Attachment) {
    let isReady!: (port: number) => void, isLost!: (error: PetriError) => void;
    const opened = new Promise<number>((resolve) => (isReady = resolve));
    this.lost = new Promise((resolve) => (isLost = resolve));
    this.ready = Promise.race([opened, this.lost.then((error) => Promise.reject(error))]);
    this.ready.catch(() => undefined);
    const decoder = new StringDecoder('utf8');
    attachment.onOutput((stream, chunk) => {
      if (stream === 'stderr') this.complaint = `${this.complaint}${chunk.toString('utf8')}`.slice(-2000);
      else this.take(decoder.write(chunk), isReady);
    });
    void attachment.closed.then(() => { if (!this.closed) isLost(this.reason()); });
  }

  tell(config: GatewayConfig): Promise<void> {
    return this.attachment.write(Buffer.from(`${JSON.stringify(config)}\n`));
  }

  close(): void {
    this.closed = true;
    this.attachment.destroy();
  }

  private take(text: string, isReady: (port: number) => void): void {
    if (this.odd !== undefined) return;
    this.bytes += text.length;
    if (this.bytes > MOST_BYTES) return this.give('more requests than any install makes');
    const lines = `${this.rest}${text}`.split('\n');
    this.rest = lines.pop()!;
    if (this.rest.length > LONGEST_LINE) return this.give('an endless line');
    for (const line of lines) {
      const parsed = Line.safeParse(jsonOf(line));
      if (!parsed.success) return this.give('a line that is none of its own');
      if (parsed.data.event === 'ready') isReady(parsed.data.port);
      else this.decisions.push(parsed.data.decision);
    }
  }

  private give(odd: string): void {
    this.odd ??= odd;
    this.attachment.destroy();
  }

  private reason(): PetriError {
    const details = [this.odd ?? '', ...this.complaint.split('\n')].map((line) => line.trim()).filter(Boolean);
    return new PetriError('engine-failed', 'The gateway ended, and with it the only way to the registries.', { action: 'Run again.', details });
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
