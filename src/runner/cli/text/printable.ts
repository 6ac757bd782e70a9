/**
 * Controls (C0, DEL, C1), line separators and the marks that turn the reading direction: in a name from a sandbox they could
 * move the cursor, rewrite the title or hide a suffix. (Trojan Source, CVE-2021-42574.)
 */
const UNPRINTABLE = /[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]|\p{Cs}/gu;
const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One line of text that only says what it shows: every character that a terminal would obey is spelled out. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => SHORT[character] ?? spelled(character));
}

/** A path as git quotes it in a patch: as it is, or in double quotes with C escapes, which `git apply` reads back. */
export function gitQuoted(path: string): string {
  const quoted = path.replace(/["\\]/g, '\\$&').replace(UNPRINTABLE, (character) => (
    SHORT[character] ?? [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')));
  return quoted === path ? path : `"${quoted}"`;
}

/** printable() for text of several lines, tabs left alone: what a program or a file says, shown within lines of ours. */
export function printableLines(text: string): string {
  return text.split('\n').map((line) => line.split('\t').map(printable).join('\t')).join('\n');
}

function spelled(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
