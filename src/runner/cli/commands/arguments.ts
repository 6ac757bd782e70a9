import { InvalidArgumentError, Option } from 'commander';
import type { Language } from '../../../protocol/sandbox';
import { parseDuration, parseSize } from '../text/units';

/** Not the protocol's own list: that comes with its schemas, which cost every command 20 ms to load. The type keeps it complete. */
const LANGUAGES = Object.keys({ python: true, node: true, go: true, java: true } satisfies Record<Language, true>);

/** Options of everything that runs a command. */
export function languageOption(): Option {
  return new Option('--language <name>', 'which language\'s image, kept for the folder; else guessed').choices(LANGUAGES);
}
export const IMAGE = ['--image <reference>', 'any image with sh, GNU tar, GNU find and coreutils; kept for the folder'] as const;
export const CWD = ['--cwd <path>', 'the folder to start in, relative to FOLDER'] as const;
export const ENV = ['-e, --env <name=value>', 'set a variable; NAME alone takes the value it has here; may be repeated'] as const;

/** Parsers for commander's options; each throws its usage error. */

export function size(text: string): number {
  return parseSize(text) ?? invalid('Say a size like 512m or 2g.');
}

/** Seconds. */
export function time(text: string): number {
  return parseDuration(text) ?? invalid('Say a time like 90s, 5m or 1h.');
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : invalid('Say a number above 0.');
}

export function positiveInteger(text: string): number {
  const value = positiveNumber(text);
  return Number.isInteger(value) ? value : invalid('Say a whole number above 0.');
}

/** Gathers an option that may be given several times. */
export function several(text: string, before: string[] = []): string[] {
  return [...before, text];
}

/** `K=V`, or `K` for the value it has here. */
export function variable(env: NodeJS.ProcessEnv): (text: string, before?: Record<string, string>) => Record<string, string> {
  return (text, before = {}) => {
    const at = text.indexOf('=');
    const name = at === -1 ? text : text.slice(0, at);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) invalid('Say NAME=VALUE, or NAME for the value it has here.');
    const value = at === -1 ? env[name] : text.slice(at + 1);
    return value === undefined ? before : { ...before, [name]: value };
  };
}

function invalid(message: string): never {
  throw new InvalidArgumentError(message);
}
