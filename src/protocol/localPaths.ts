/** What decides where Petri keeps its things. The caller reads it from its process; nothing is read here. */
export interface LocalPlace {
  /** Node's `process.platform`. */
  platform: string;
  env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder, absolute. */
  home: string;
  /** The user's number; absent on Windows. */
  uid?: number | undefined;
  /** sha256 of the text, lower-case hex. */
  hash(text: string): string;
}

/** Every path that a runner and its clients must agree on. */
export interface LocalPaths {
  /** 0700, the user's own. Holds all that follows, except for the socket where its path would be too long. */
  stateFolder: string;
  /** Unix socket, or the name of a Windows pipe. */
  socket: string;
  /** The folder to check (`unsafeFolder`) before the socket in it is trusted; absent for a pipe. */
  socketFolder: string | undefined;
  /** Held by the one runner for as long as it lives; clients need not look at it. */
  lifeLock: string;
  /** 0600; what a client sends as its bearer token. */
  tokenFile: string;
  database: string;
  /** One log a run. */
  runsFolder: string;
  /** What the runner says about itself. */
  runnerLog: string;
}

/** sun_path holds 104 bytes on macOS, 108 on Linux, with its closing NUL. */
const LONGEST_SOCKET_PATH = 103;

/**
 * The same answer for every process of one user, whatever its working folder, session or temporary folder: two answers
 * would be two runners. PETRI_HOME replaces the state folder; a relative one counts from the home folder.
 */
export function localPaths(place: LocalPlace): LocalPaths {
  const windows = place.platform === 'win32';
  const join = (...parts: string[]) => parts.join(windows ? '\\' : '/');
  const stateFolder = stateFolderOf(place, join);
  const inState = (name: string) => join(stateFolder, name);
  return {
    stateFolder,
    ...(windows ? pipe(place, stateFolder) : unixSocket(place, stateFolder)),
    lifeLock: inState('petri.lock'),
    tokenFile: inState('token'),
    database: inState('petri.db'),
    runsFolder: inState('runs'),
    runnerLog: inState('petri.log'),
  };
}

/**
 * A sentence when a folder must not be trusted to hold the socket or the token, undefined when it may. Pass an lstat: a
 * link is refused, since whoever made it may move it. On Windows the profile's own permissions guard it; modes say nothing.
 */
export function unsafeFolder(
  folder: { isDirectory: boolean; uid: number; mode: number }, place: Pick<LocalPlace, 'platform' | 'uid'>,
): string | undefined {
  if (!folder.isDirectory) return 'it is not a folder';
  if (place.platform === 'win32') return undefined;
  if (folder.uid !== place.uid) return 'it belongs to another user';
  if ((folder.mode & 0o077) !== 0) return 'other users may enter it';
  return undefined;
}

function stateFolderOf({ platform, env, home }: LocalPlace, join: (...parts: string[]) => string): string {
  const absolute = platform === 'win32' ? /^([A-Za-z]:[\\/]|[\\/]{2})/ : /^\//;
  const chosen = env['PETRI_HOME'];
  if (chosen) return withoutEnd(absolute.test(chosen) ? chosen : join(home, chosen));
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Petri');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Petri');
  const xdg = env['XDG_STATE_HOME'];
  // The XDG specification has relative paths ignored.
  return join(xdg && absolute.test(xdg) ? withoutEnd(xdg) : join(home, '.local', 'state'), 'petri');
}

function unixSocket(place: LocalPlace, stateFolder: string): Pick<LocalPaths, 'socket' | 'socketFolder'> {
  const socket = `${stateFolder}/petri.sock`;
  if (utf8Length(socket) <= LONGEST_SOCKET_PATH) return { socket, socketFolder: stateFolder };
  // Not TMPDIR or XDG_RUNTIME_DIR: a terminal, a desktop session and a cron job of one user differ in them.
  const socketFolder = `/tmp/petri-${place.uid ?? 0}-${place.hash(stateFolder).slice(0, 16)}`;
  return { socket: `${socketFolder}/petri.sock`, socketFolder };
}

function pipe(place: LocalPlace, stateFolder: string): Pick<LocalPaths, 'socket' | 'socketFolder'> {
  const user = `${place.env['USERDOMAIN'] ?? ''}\\${place.env['USERNAME'] ?? ''}`;
  // Windows compares paths without case; two spellings of one folder must be one pipe.
  const name = place.hash([user, place.home, stateFolder].join('\n').toLowerCase());
  return { socket: `\\\\.\\pipe\\petri-${name.slice(0, 32)}`, socketFolder: undefined };
}

function withoutEnd(path: string): string {
  return path.replace(/(?<=[^\\/:])[\\/]+$/, '');
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
