const MAX_NAME_BYTES = 255;
const MAX_EXTENSION = 16;

/** `report.sandbox-20250131-142501.txt`: where a sandbox's own version goes when the host's takes its place. Local time of the runner. */
export function keptPath(path: string, now: Date, taken: (path: string) => boolean): string {
  const slash = path.lastIndexOf('/') + 1;
  const name = path.slice(slash);
  const dot = name.lastIndexOf('.');
  // A dot at the front is no extension, nor is half a sentence.
  const split = dot > 0 && name.length - dot <= MAX_EXTENSION ? dot : name.length;
  const stem = name.slice(0, split);
  const extension = name.slice(split);
  for (let n = 1; ; n++) {
    const mark = `.sandbox-${stamp(now)}${n > 1 ? `-${n}` : ''}`;
    const kept = `${path.slice(0, slash)}${fit(stem, MAX_NAME_BYTES - Buffer.byteLength(mark + extension))}${mark}${extension}`;
    if (!taken(kept)) return kept;
  }
}

function stamp(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(two).join('');
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('');
  return `${date}-${time}`;
}

/** Whole characters, as many as fit. */
function fit(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const characters = [...text];
  while (Buffer.byteLength(characters.join('')) > bytes) characters.pop();
  return characters.join('');
}
