import { PetriError } from '../../errors';

/** Replaces characters `from`–`to` of a manifest's text. */
export interface TextEdit { from: number; to: number; text: string }

/** How one kind of manifest takes one package more. */
export interface ManifestEditor {
  /** Throws bad-request for what cannot be a package of this language. */
  parse(wanted: string): WantedPackage;
  /** Names it already: `already`. Throws manifest-invalid for a text that it does not understand. */
  add(text: string, wanted: WantedPackage, path: string): TextEdit | 'already';
  /** The whole of a new manifest. `folder`: the name of the folder it is for. */
  create(wanted: WantedPackage, folder: string): string;
}

export interface WantedPackage { name: string; /** As written behind the name; '' for any. */ version: string; extras?: string }

export function noPackage(wanted: string, example: string): PetriError {
  return new PetriError('bad-request', `${JSON.stringify(wanted.slice(0, 100))} is no package’s name here.`, { action: `Write it as ${example}.` });
}

export function notUnderstood(path: string, why: string): PetriError {
  return new PetriError('manifest-invalid', `${path} cannot be changed safely: ${why}.`, { action: 'Add the package by hand.', details: [path] });
}

/** The line end that a text has. */
export function lineEnd(text: string): string {
  return /\r\n/.test(text) ? '\r\n' : '\n';
}

/** What a line is indented with. */
export function indentOf(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}

export function apply(text: string, { from, to, text: put }: TextEdit): string {
  return text.slice(0, from) + put + text.slice(to);
}
