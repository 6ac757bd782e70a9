import { posix } from 'node:path';
import { l10n, type TaskDefinition } from 'vscode';
import { commandText } from '../output/runText';

/** A task of type `sandbox`, as tasks.json has it. Its schema is in package.json. */
export interface SandboxTask {
  /** A string goes to the shell; an array is run as it is. */
  command: string | string[];
  /** Relative to the folder. */
  cwd: string;
  env: Record<string, string>;
}

/** What the definition says, or a sentence for what is wrong with it: tasks.json is written by hand. */
export function parseTask(definition: TaskDefinition): SandboxTask | string {
  const { command, cwd = '', env = {} } = definition as Record<string, unknown>;
  const words = Array.isArray(command) ? command as unknown[] : [command];
  if (words.length === 0 || !words.every((word) => typeof word === 'string') || words[0] === '') {
    return l10n.t('A sandbox task needs a command: a text for the shell, or a list of words.');
  }
  if (typeof cwd !== 'string') return l10n.t('The folder of a sandbox task, cwd, is a text.');
  if (!isTexts(env)) return l10n.t('The variables of a sandbox task, env, are texts by name.');
  return { command: command as string | string[], cwd: relativeFolder(cwd), env };
}

/** As one would type it. */
export function taskText({ command }: SandboxTask): string {
  return commandText(command);
}

/** People write `./sub/` and `.`; the runner takes `sub` and ``. What leads outside it refuses by itself. */
function relativeFolder(cwd: string): string {
  const path = posix.normalize(cwd).replace(/\/$/, '');
  return path === '.' ? '' : path;
}

function isTexts(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((part) => typeof part === 'string');
}
