import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';

/** What a caller must show: 256 bits, new with each runner. */
export function newToken(): string {
  return randomBytes(32).toString('hex');
}

/** Whole or not at all; never readable by others, not even for a moment. */
export function writeToken(file: string, token: string): void {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, token, { mode: 0o600, flush: true });
  renameSync(fresh, file);
}
