const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `12 B`, `3.4 MB`; by 1024, as VS Code itself counts. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < UNITS.length - 1; unit += 1) value /= 1024;
  return `${value.toLocaleString(undefined, { maximumFractionDigits: unit === 0 || value >= 100 ? 0 : 1 })} ${UNITS[unit]}`;
}
