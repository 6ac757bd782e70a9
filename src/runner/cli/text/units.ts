const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const FACTORS: Record<string, number> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const SECONDS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** `12 B`, `3.4 MiB`. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  for (; value >= 1024 && unit < BINARY.length - 1; unit += 1) value /= 1024;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${BINARY[unit]}`;
}

/** `250 ms`, `3.2 s`, `4 min`, `3 h`, `2 d`: the largest unit that says enough. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** `3 min ago`; `now` for what is not worth a number. */
export function ago(moment: string): string {
  const ms = Date.now() - Date.parse(moment);
  return ms < 10_000 ? 'now' : `${duration(ms)} ago`;
}

/** `1 file`, `3 files`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? noun : plural}`;
}

/** Bytes of `512m`, `2g`, `1.5GiB`; undefined when it is no size. */
export function parseSize(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?$/i.exec(text);
  return found ? Math.round(Number(found[1]) * FACTORS[found[2]!.toLowerCase()]!) : undefined;
}

/** Seconds of `90`, `90s`, `5m`, `1.5h`, `7d`, rounded up; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)([smhd]?)$/i.exec(text);
  return found ? Math.ceil(Number(found[1]) * SECONDS[found[2]!.toLowerCase()]!) : undefined;
}
