import { parse, TomlError } from 'smol-toml';
import { PetriError } from '../../errors';
import type { ManifestFile } from '../adapter';
import { decode } from './requirements';

export type Table = Record<string, unknown>;

/** Throws manifest-invalid with file and line. */
export function readToml(file: ManifestFile): Table {
  try {
    return parse(decode(file.content)) as Table;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '');
    throw new PetriError('manifest-invalid', `${file.path}:${error.line}: ${reason}.`, { action: 'Mend the file, and run again.', details: [`${file.path}:${error.line}`] });
  }
}

/** What is not there, or is something else, reads as empty: manifests are anybody's. */
export function table(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date) ? value as Table : {};
}

export function tables(value: unknown): Table[] {
  return Array.isArray(value) ? value.map(table) : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** 1-based line of the first occurrence, for a message. */
export function lineOf(file: ManifestFile, wanted: string): number | undefined {
  const at = decode(file.content).split(/\r\n|\n/).findIndex((line) => line.includes(wanted));
  return at < 0 ? undefined : at + 1;
}
