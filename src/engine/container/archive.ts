import { pack } from 'tar-stream';

interface Entry { name: string; mode: number; type?: 'file' | 'directory'; uid?: number; gid?: number; content?: Buffer | string }

/** tar reads whole records, and would wait for the rest of one on a stream that stays open. */
const RECORD_BYTES = 20 * 512;

/** A small tar in memory, entries in this order. */
export async function archiveOf(entries: Iterable<Entry>): Promise<Buffer> {
  const archive = pack();
  for (const { content = '', ...header } of entries) {
    if (header.type === 'directory') archive.entry(header);
    else archive.entry(header, content);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return Buffer.concat([...chunks, Buffer.alloc((RECORD_BYTES - (bytes % RECORD_BYTES)) % RECORD_BYTES)]);
}
