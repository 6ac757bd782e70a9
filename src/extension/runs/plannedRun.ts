import type { Language } from '../../protocol/sandbox';
import { commandText } from '../output/runText';
import type { Place } from './place';

/** One run as it was asked for; may be asked for again. */
export interface PlannedRun {
  place: Place;
  /** What it is about: a file's name, or the command. */
  name: string;
  /** A string goes to the shell; an array is run as it is. */
  command: string | string[];
  /** Folder inside the workspace, relative. */
  cwd: string;
  /** The language whose image it needs; undefined: any will do. */
  language: Language | undefined;
  /** A text that is on no disk the sandbox can read: it is the program's input, and the command reads its program from there. */
  stdin?: string;
}

/** As one would type it. */
export function plannedText({ command, name, stdin }: PlannedRun): string {
  const typed = commandText(command);
  return stdin === undefined ? typed : `${typed} < ${commandText([name])}`;
}
