/** Maven's order of versions and its ranges, as its POM reference specifies them. No kept library has them for JavaScript. */

interface Token { prefix: '.' | '-'; value: string; number: boolean }

const ORDER = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const ALIASES: Record<string, string> = { cr: 'rc', ga: '', final: '', release: '' };
const BEFORE_NUMBER: Record<string, string> = { a: 'alpha', b: 'beta', m: 'milestone' };

export function compareMaven(a: string, b: string): number {
  const left = tokens(a);
  const right = tokens(b);
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const l = left[i] ?? padding(right[i]!);
    const r = right[i] ?? padding(left[i]!);
    const order = compareTokens(l, r);
    if (order !== 0) return order;
  }
  return 0;
}

/** `[1.0,2.0)`, `(,1.0],[1.2,)`, `[1.5]`; anything without brackets is that one version. Undefined when it cannot be read. */
export function mavenRange(range: string): ((version: string) => boolean) | undefined {
  const text = range.replaceAll(/\s/g, '');
  // Other languages' ranges: no version has these, and a rule about none would hold for none.
  if (text === '' || /[<>=~^!*|]/.test(text)) return undefined;
  if (!/[[\](),]/.test(text)) return (version) => compareMaven(version, text) === 0;
  const sets = text.match(/[[(][^[\]()]*[\])]/g) ?? [];
  if (sets.join(',') !== text) return undefined;
  const tests: Array<(version: string) => boolean> = [];
  for (const set of sets) {
    const bounds = set.slice(1, -1).split(',');
    const [low = '', high = bounds.length === 1 ? low : ''] = bounds;
    const single = bounds.length === 1;
    if (bounds.length > 2 || (single && (low === '' || set[0] !== '[' || set.at(-1) !== ']'))) return undefined;
    const above = (order: number) => (set[0] === '[' ? order >= 0 : order > 0);
    const below = (order: number) => (set.at(-1) === ']' ? order <= 0 : order < 0);
    tests.push((version) => (low === '' || above(compareMaven(version, low))) && (high === '' || below(compareMaven(version, high))));
  }
  return (version) => tests.some((test) => test(version));
}

function tokens(version: string): Token[] {
  const found: Token[] = [];
  let prefix: Token['prefix'] = '-';
  let empty = true;
  const push = (token: Token) => { found.push(token); empty = false; };
  for (const part of version.toLowerCase().match(/[0-9]+|[.\-_]|[^0-9.\-_]+/g) ?? []) {
    if (part === '.' || part === '-' || part === '_') {
      if (empty) push({ prefix, value: '0', number: true });
      prefix = part === '.' ? '.' : '-';
      empty = true;
      continue;
    }
    // From letters to digits or back without a separator is a hyphen.
    if (!empty) prefix = '-';
    const number = /^[0-9]/.test(part);
    const before = found.at(-1);
    if (number && !empty && before && !before.number) before.value = BEFORE_NUMBER[before.value] ?? before.value;
    push({ prefix, value: number ? part.replace(/^0+(?=.)/, '') : (ALIASES[part] ?? part), number });
  }
  return trimmed(found);
}

/** Null values at the end, and before a hyphen, mean nothing: 1.0.0 is 1, 1.0-ga-1 is 1-1. */
function trimmed(all: Token[]): Token[] {
  const kept = [...all];
  for (let end = kept.length; end > 0;) {
    let start = end;
    while (start > 1 && isNull(kept[start - 1]!)) start -= 1;
    kept.splice(start, end - start);
    end = start - 1;
    while (end > 0 && kept[end]?.prefix !== '-') end -= 1;
  }
  return kept;
}

const isNull = (token: Token) => (token.number ? token.value === '0' : token.value === '');
const padding = (other: Token): Token => ({ prefix: other.prefix, value: other.number ? '0' : '', number: other.number });

function compareTokens(a: Token, b: Token): number {
  const kind = (token: Token) => (!token.number ? 0 : token.prefix === '-' ? 1 : 2);
  if (kind(a) !== kind(b)) return kind(a) - kind(b);
  // Digits of any length: more digits are more.
  if (a.number) return a.value.length - b.value.length || (a.value < b.value ? -1 : Number(a.value > b.value));
  const [left, right] = [ORDER.indexOf(a.value), ORDER.indexOf(b.value)];
  if (left >= 0 && right >= 0) return left - right;
  if (left >= 0 || right >= 0) return left >= 0 ? -1 : 1;
  return a.value < b.value ? -1 : Number(a.value > b.value);
}
