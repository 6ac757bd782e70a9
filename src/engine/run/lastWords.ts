/** The end of what a run wrote, for a look at why it failed; no more of it is kept. */
export class LastWords {
  private readonly chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  private readonly bytes = { stdout: 0, stderr: 0 };

  /** `most`: bytes kept of each stream. */
  constructor(private readonly most: number) {}

  take(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    const kept = this.chunks[stream];
    kept.push(chunk.length > this.most ? chunk.subarray(chunk.length - this.most) : chunk);
    this.bytes[stream] += kept.at(-1)!.length;
    while (kept.length > 1 && this.bytes[stream] - kept[0]!.length >= this.most) this.bytes[stream] -= kept.shift()!.length;
  }

  get text(): string {
    return (['stderr', 'stdout'] as const).map((stream) => Buffer.concat(this.chunks[stream]).subarray(-this.most).toString('utf8')).join('\n');
  }
}
