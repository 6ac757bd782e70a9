import { fstatSync, readFileSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Readable } from 'node:stream';

/**
 * What may be passed to a program: a pipe, a file, a device, or a terminal that is ours to read; undefined when there is
 * nothing to read. Nothing is read here.
 */
export function usableStdin(): Readable | undefined {
  try {
    const stat = fstatSync(0);
    if (stat.isCharacterDevice() && !process.stdin.isTTY && isDevNull(stat.rdev)) return undefined;
  } catch {
    return undefined;
  }
  if (process.stdin.isTTY && isInBackground()) return undefined;
  return process.stdin;
}

function isDevNull(device: number): boolean {
  try {
    return process.platform === 'win32' || statSync(devNull).rdev === device;
  } catch {
    return false;
  }
}

/** A background job that reads its terminal is stopped by the system. Known on Linux only: field 5 is our group, 8 the foreground's. */
function isInBackground(): boolean {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').replace(/^.*\) /s, '').split(' ');
    return fields[2] !== fields[5];
  } catch {
    return false;
  }
}
