import { manifestInvalid } from '../manifestInvalid';

/** A line of go.mod or go.work, blocks unfolded: `require ( a v1 )` and `require a v1` are the same. Line is 1-based. */
export interface Directive { words: string[]; line: number }

/** Far above any real file, far below what would hold the runner up. */
const MOST_LINES = 100_000;
/** A word in quotes, in backquotes, or bare; then blanks, a comment or the end. */
const WORD = /\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`|([^\s"`()]+|\((?=\s*(?:\/\/|$))|\)))/y;

/** The grammar that go.mod and go.work share. Throws PetriError `manifest-invalid` with file and line. */
export function parseModSyntax(path: string, content: Buffer): Directive[] {
  const lines = content.toString('utf8').replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.length > MOST_LINES) throw manifestInvalid(path, 1, `has more than ${MOST_LINES} lines`);
  const directives: Directive[] = [];
  let block: Directive | undefined;
  lines.forEach((text, at) => {
    const line = at + 1;
    const words = wordsOf(path, line, withoutComment(text));
    if (words.length === 0) return;
    if (words.length === 1 && words[0] === ')') {
      if (!block) throw manifestInvalid(path, line, 'closes a block that was never opened');
      block = undefined;
    } else if (words.at(-1) === '(') {
      if (block || words.length !== 2) throw manifestInvalid(path, line, 'opens a block where none can stand');
      block = { words: words.slice(0, 1), line };
    } else {
      directives.push({ words: [...(block?.words ?? []), ...words], line });
    }
  });
  if (block) throw manifestInvalid(path, block.line, 'opens a block that is never closed');
  return directives;
}

/** `//` starts a comment anywhere but inside a word: module paths hold none, addresses in quotes may. */
function withoutComment(text: string): string {
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (quote !== '') {
      if (character === '\\' && quote === '"') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === '`') quote = character;
    else if (character === '/' && text[at + 1] === '/') return text.slice(0, at);
  }
  return text;
}

function wordsOf(path: string, line: number, text: string): string[] {
  const words: string[] = [];
  const end = text.trimEnd().length;
  for (let at = 0; at < end;) {
    WORD.lastIndex = at;
    const match = WORD.exec(text);
    if (!match) throw manifestInvalid(path, line, `cannot be read at ${JSON.stringify(text.slice(at, at + 40).trim())}`);
    words.push(match[1] ?? match[2] ?? match[3]!);
    at = WORD.lastIndex;
  }
  return words;
}
