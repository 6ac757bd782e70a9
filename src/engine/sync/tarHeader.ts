import type { HostSide } from './entry';
import { insideMode } from './hostSide';

const BLOCK = 512;
const ZEROS = Buffer.alloc(BLOCK);
const TYPE_FLAGS = { file: '0', symlink: '2', folder: '5' };
/** Eleven octal digits. */
const MAX_OCTAL = 0o77777777777;

/**
 * One entry's POSIX (ustar) header, with a pax header before it for what the old fields cannot hold: long names and link
 * targets, 8 GiB and more, and, if `precise`, times below the second. Written here and not by a library since ten thousand
 * of them are on the way of every first run; owner 0, unpacked by whoever unpacks it.
 */
export function tarHeader(path: string, host: HostSide, precise: boolean): Buffer[] {
  const size = host.type === 'file' ? host.size : 0;
  const seconds = host.type === 'file' ? host.mtimeMs / 1000 : 0;
  const name = splitName(path);
  const target = host.type === 'symlink' ? Buffer.from(host.content) : undefined;
  const pax: string[] = [];
  if (!name) pax.push(paxRecord('path', path));
  if (target && target.length > 100) pax.push(paxRecord('linkpath', host.content));
  if (size > MAX_OCTAL) pax.push(paxRecord('size', String(size)));
  if (precise && !Number.isInteger(seconds)) pax.push(paxRecord('mtime', seconds.toFixed(6)));

  const field = { mode: insideMode(host), size: Math.min(size, MAX_OCTAL), mtime: Math.min(Math.max(0, Math.floor(seconds)), MAX_OCTAL), target };
  const block = ustar(name ?? { name: Buffer.from('pax'), prefix: undefined }, TYPE_FLAGS[host.type], field);
  if (pax.length === 0) return [block];
  const records = Buffer.from(pax.join(''));
  const paxName = { name: Buffer.from('pax'), prefix: undefined };
  return [ustar(paxName, 'x', { mode: 0o600, size: records.length, mtime: 0, target: undefined }), records, padding(records.length), block];
}

/** Zeros that fill the last block of a content of `size` bytes. */
export function padding(size: number): Buffer {
  return ZEROS.subarray(0, (BLOCK - (size % BLOCK)) % BLOCK);
}

interface Name { name: Buffer; prefix: Buffer | undefined }

/** The whole path in the name field, or split at a slash between prefix and name; undefined when it fits neither way. */
function splitName(path: string): Name | undefined {
  const bytes = Buffer.from(path);
  if (bytes.length <= 100) return { name: bytes, prefix: undefined };
  const slash = bytes.indexOf(0x2f, bytes.length - 101);
  return slash > 0 && slash <= 155 && slash < bytes.length - 1 ? { name: bytes.subarray(slash + 1), prefix: bytes.subarray(0, slash) } : undefined;
}

function ustar({ name, prefix }: Name, flag: string, field: { mode: number; size: number; mtime: number; target: Buffer | undefined }): Buffer {
  const block = Buffer.alloc(BLOCK);
  name.copy(block, 0);
  octal(block, 100, 7, field.mode);
  octal(block, 108, 7, 0);
  octal(block, 116, 7, 0);
  octal(block, 124, 11, field.size);
  octal(block, 136, 11, field.mtime);
  block.fill(0x20, 148, 156);
  block.write(flag, 156, 'latin1');
  field.target?.copy(block, 157, 0, 100);
  block.write('ustar\0' + '00', 257, 'latin1');
  prefix?.copy(block, 345);
  let sum = 0;
  for (const byte of block) sum += byte;
  octal(block, 148, 6, sum);
  block[154] = 0;
  return block;
}

function octal(block: Buffer, at: number, digits: number, value: number): void {
  block.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
}

/** `<length> key=value\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (String(length).length > String(bytes).length) length = bytes + String(length).length;
  return `${length}${rest}`;
}
