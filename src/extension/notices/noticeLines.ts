import { l10n } from 'vscode';
import type { Notice } from '../../protocol/run';

const NAMED = 5;

/** What the runner has to say beside the program's output. The same thing is said once a window, not at every run. */
export class NoticeLines {
  readonly #said = new Map<string, string>();

  /** undefined when it was said before. */
  lineFor(sandboxId: string, notice: Notice): string | undefined {
    const line = noticeLine(notice);
    const key = `${sandboxId} ${notice.code}`;
    if (notice.code !== 'conflict' && this.#said.get(key) === line) return undefined;
    this.#said.set(key, line);
    return line;
  }
}

function noticeLine({ message, paths = [] }: Notice): string {
  const unnamed = paths.filter((path) => !message.includes(path));
  if (unnamed.length === 0) return `[${message}]`;
  const named = unnamed.slice(0, NAMED).join(', ');
  const sentence = message.replace(/[.:]$/, '');
  if (unnamed.length <= NAMED) return `[${sentence}: ${named}]`;
  return `[${l10n.t('{0}: {1} and {2} more', sentence, named, unnamed.length - NAMED)}]`;
}
