/** Everything in an archive is a whole number of these. */
export const BLOCK_BYTES = 512;

/** What precedes one path's content in a tar archive. */
export interface TarMember {
  path: string; type: 'file' | 'folder' | 'symlink';
  mode: number;
  /** Bytes of content that follow. */
  size: number;
  /** Of a link. */
  target: string;
  /** Ms since the epoch; with a fraction of a second it costs a record more. */
  mtimeMs: number;
}

const FLAGS = { file: '0', folder: '5', symlink: '2' } as const;
const NAME_BYTES = 100;
const LAST_SECOND = 0x7fffffff;
const BIGGEST = 0o77777777777;
const NOBODY = '0000000\0'.repeat(2);

/**
 * The header blocks: ustar, with pax records before them for what its fields cannot hold. Made by hand because a first sync
 * makes one for every file, and the library's way takes as long as reading the file.
 */
export function tarHeader(member: TarMember): Buffer {
  const seconds = member.mtimeMs / 1000;
  const held = Math.min(Math.max(0, Math.trunc(seconds)), LAST_SECOND);
  const { path, target, size } = member;
  let records = '';
  if (Buffer.byteLength(path) > NAME_BYTES) records += record('path', path);
  if (Buffer.byteLength(target) > NAME_BYTES) records += record('linkpath', target);
  if (size > BIGGEST) records += record('size', String(size));
  if (held !== seconds) records += record('mtime', seconds.toFixed(6));
  const header = block(path, FLAGS[member.type], member.mode, Math.min(size, BIGGEST), held, target);
  if (records === '') return header;
  const text = Buffer.from(records);
  return Buffer.concat([block('pax', 'x', 0o644, text.length, 0, ''), text, Buffer.alloc(padding(text.length)), header]);
}

/** Zeros up to the next block. */
export function padding(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

function block(name: string, flag: string, mode: number, size: number, mtime: number, target: string): Buffer {
  const header = Buffer.allocUnsafe(BLOCK_BYTES).fill(0);
  header.write(name, 0, NAME_BYTES, 'utf8');
  header.write(`${octal(mode, 7)}\0${NOBODY}${octal(size, 11)}\0${octal(mtime, 11)}\0        ${flag}`, 100, 'latin1');
  header.write(target, 157, NAME_BYTES, 'utf8');
  header.write('ustar\x0000', 257, 'latin1');
  let sum = 0;
  for (let at = 0; at < BLOCK_BYTES; at++) sum += header[at]!;
  header.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** `<length> <key>=<value>\n`, where the length counts its own digits, too. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (bytes + String(length).length !== length) length += 1;
  return `${length}${rest}`;
}
