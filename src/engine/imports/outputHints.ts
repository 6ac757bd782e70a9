import type { Language } from '../../protocol/sandbox';

/** What a run's own output says of a missing import. Whoever runs may write such lines too: a hint, never evidence. */
export interface OutputHint { name: string; path: string | null; line: number | null; column: number | null }

/** Of a run's end; more is not looked at. */
export const HINT_BYTES = 64 * 1024;
const MOST_HINTS = 20;
const WORKSPACE = '/sandbox/workspace/';

/** Reads the last of what a run wrote, in the words of its language's own tools. */
export function outputHints(language: Language, text: string): OutputHint[] {
  const lines = text.split(/\r?\n/).map((line) => line.slice(0, 1000));
  const hints = lines.flatMap((line, at) => READERS[language](line, lines, at) ?? []);
  return [...new Map(hints.map((hint) => [`${hint.name} ${hint.path}`, hint])).values()].slice(0, MOST_HINTS);
}

type Reader = (line: string, lines: readonly string[], at: number) => OutputHint | undefined;

const READERS: Record<Language, Reader> = {
  python(line, lines, at) {
    const name = /\bModuleNotFoundError: No module named '([A-Za-z_][\w.]*)'/.exec(line)?.[1];
    if (!name) return undefined;
    // The innermost frame of the user's own; pytest has `file.py:3: in <module>`.
    for (let above = at - 1; above >= 0 && above > at - 200; above -= 1) {
      const frame = /^\s*File "([^"]+)", line (\d+)/.exec(lines[above]!) ?? /^([^\s:][^:]*\.py):(\d+): in /.exec(lines[above]!);
      const path = frame && own(frame[1]!, !lines[above]!.includes('File "'));
      if (path) return { name, path, line: Number(frame[2]), column: null };
    }
    return nowhere(name);
  },
  node(line, lines, at) {
    const match = /\bCannot find (?:module|package) '([^']+)'(?: imported from ['"]?(\S+?)['"]?(?:\s|$))?/.exec(line);
    const name = match?.[1];
    if (!name || /^[./\\#]|^[a-z]:/i.test(name)) return undefined;
    const stack = lines.slice(at, at + 4).map((next) => /^- (\/.*)$/.exec(next)?.[1]).find((next) => next !== undefined);
    const path = own(match[2] ?? stack ?? '', false);
    return path ? { name, path, line: null, column: null } : nowhere(name);
  },
  go(line) {
    const match = /^(?:([^\s:]+\.go):(\d+)(?::(\d+))?: )?.*?(?:no required module provides package|cannot find module providing package|cannot find package) "?([\w.~-]+(?:\/[\w.~-]+)*)"?/.exec(line);
    if (!match?.[4]) return undefined;
    return { name: match[4], path: own(match[1] ?? '', true), line: number(match[2]), column: number(match[3]) };
  },
  java(line) {
    const match = /([^\s\]]+\.java):(?:(\d+)|\[(\d+),(\d+)\])(?:: error:)?\s+package ([\w.]+) does not exist/.exec(line);
    return match?.[5] ? { name: match[5], path: own(match[1]!, true), line: number(match[2] ?? match[3]), column: number(match[4]) } : undefined;
  },
};

/** A path of the workspace, or null. A relative one is the command's own, which may run in a folder below. */
function own(path: string, relative: boolean): string | null {
  const inside = path.startsWith(WORKSPACE) ? path.slice(WORKSPACE.length) : relative && !path.startsWith('/') ? path.replace(/^\.\//, '') : '';
  return inside !== '' && !inside.split('/').some((part) => part === '..' || part === 'node_modules') ? inside : null;
}

function nowhere(name: string): OutputHint {
  return { name, path: null, line: null, column: null };
}

function number(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
