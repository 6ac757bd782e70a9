import { workspace, type Memento, type WorkspaceFolder } from 'vscode';
import { placeKey, type Place } from './place';
import type { PlannedRun } from './plannedRun';

const MOST_COMMANDS = 20;

/** A run without its place, which is the key. */
type Kept = Pick<PlannedRun, 'name' | 'command' | 'cwd' | 'language'>;
/** What the user typed, and the folder inside the workspace to run it in. */
export interface TypedCommand { command: string; cwd: string }

/** A run that goes on when the window is closed. */
export interface OpenRun { id: string; text: string }

/** What ran in each place, kept over reloads; in the window's own storage, so that no folder can bring a command along. */
export class RunMemory {
  /** Of this session: with the text of unsaved files. */
  readonly #latest = new Map<string, PlannedRun>();
  #latestPlace: Place | undefined;

  constructor(private readonly memory: Memento) {}

  remember(run: PlannedRun): void {
    const key = placeKey(run.place);
    this.#latest.set(key, run);
    this.#latestPlace = run.place;
    const { name, command, cwd, language, stdin } = run;
    if (stdin === undefined) void this.memory.update(`last:${key}`, { name, command, cwd, language } satisfies Kept);
  }

  /** The last run in a place; without one, of the window. */
  last(place: Place | undefined = this.#latestPlace): PlannedRun | undefined {
    if (!place) return undefined;
    const kept = this.memory.get<Kept>(`last:${placeKey(place)}`);
    return this.#latest.get(placeKey(place)) ?? (kept && { place, ...kept });
  }

  /** The run that a place was left with. */
  open(place: Place): OpenRun | undefined {
    return this.memory.get<OpenRun>(`open:${placeKey(place)}`);
  }

  /** undefined: it is over, and the user has seen its end. */
  setOpen(place: Place, run: OpenRun | undefined): void {
    void this.memory.update(`open:${placeKey(place)}`, run);
  }

  /** Newest first; the first one is the folder's command. */
  typed(folder: WorkspaceFolder): TypedCommand[] {
    return this.memory.get<TypedCommand[]>(`typed:${folder.uri.toString()}`, []);
  }

  rememberTyped(folder: WorkspaceFolder, typed: TypedCommand): void {
    const others = this.typed(folder).filter(({ command, cwd }) => command !== typed.command || cwd !== typed.cwd);
    void this.memory.update(`typed:${folder.uri.toString()}`, [typed, ...others].slice(0, MOST_COMMANDS));
  }

  forget(folder: WorkspaceFolder, typed: TypedCommand): void {
    const others = this.typed(folder).filter(({ command, cwd }) => command !== typed.command || cwd !== typed.cwd);
    void this.memory.update(`typed:${folder.uri.toString()}`, others);
  }

  /** Whether any folder of this window was run in. */
  get anything(): boolean {
    return (workspace.workspaceFolders ?? []).some((folder) => this.last({ folder }) !== undefined);
  }
}
