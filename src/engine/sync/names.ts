/**
 * Names that one side has and the other cannot hold. All checks are on single path components: a collision or a bad name
 * in a folder is refused there, once, with all that is under it.
 */
const MAX_NAME_BYTES = 255;
/** PATH_MAX is 4096 with its NUL; what is left is room for the folder the workspace is mounted at. */
const MAX_PATH_BYTES = 4000;

/** Why a host name cannot be sent to a Linux workspace, or undefined. `path` is the whole relative path. */
export function whyNotInside(name: string, path: string): string | undefined {
  // U+FFFD is what node:fs makes of bytes that are no UTF-8: the real name is lost, and another file may be meant.
  if (name.includes('\uFFFD') || !name.isWellFormed()) return 'its name is not valid Unicode';
  if (longer(name, MAX_NAME_BYTES)) return `its name is longer than ${MAX_NAME_BYTES} bytes`;
  if (longer(path, MAX_PATH_BYTES)) return `its path is longer than ${MAX_PATH_BYTES} bytes`;
  return undefined;
}

/** In UTF-8; most names are known to be short enough by their length alone. */
function longer(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && Buffer.byteLength(text) > bytes;
}

const RESERVED_ON_WINDOWS = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(\.|$)/i;
const FORBIDDEN_ON_WINDOWS = /[\u0000-\u001f<>:"|?*\\]/;

/** Why a host of that platform cannot hold a file of this name, or undefined. */
export function whyNotOnHost(name: string, platform: 'linux' | 'darwin' | 'win32'): string | undefined {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) return 'it is no file name';
  if (name.includes('\uFFFD') || !name.isWellFormed()) return 'its name is not valid Unicode';
  if (platform === 'win32') {
    if (FORBIDDEN_ON_WINDOWS.test(name)) return 'its name holds a character that Windows forbids';
    if (RESERVED_ON_WINDOWS.test(name)) return 'its name is reserved on Windows';
    if (name.endsWith('.') || name.endsWith(' ')) return 'Windows drops a dot or a space at the end of a name';
    if (name.length > MAX_NAME_BYTES) return `its name is longer than ${MAX_NAME_BYTES} characters`;
  } else if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    return `its name is longer than ${MAX_NAME_BYTES} bytes`;
  }
  return undefined;
}

const ASCII = /^[\u0000-\u007f]*$/;

/**
 * Equal for names that a case-insensitive or normalising file system takes for one. Upper case last: it joins what lower
 * case keeps apart (ς and σ, ſ and s).
 */
export function foldName(name: string): string {
  return ASCII.test(name) ? name.toUpperCase() : name.normalize('NFC').toLowerCase().toUpperCase().normalize('NFC');
}

/**
 * Names of one folder that fold together, each with one that it collides with.
 *
 * Such pairs are legal on a case-sensitive host, but the workspace may lie on a file system that is not (a bound folder on
 * Docker Desktop), where one would silently overwrite the other, and no pull could tell them apart. So all of a group are
 * refused before anything is sent, and named; a folder whose user knows better lets them in with an allow pattern.
 */
export function findCollisions(names: Iterable<string>): Map<string, string> {
  const first = new Map<string, string>();
  const collisions = new Map<string, string>();
  for (const name of names) {
    const folded = foldName(name);
    const other = first.get(folded);
    if (other === undefined) { first.set(folded, name); continue; }
    collisions.set(name, other);
    if (!collisions.has(other)) collisions.set(other, name);
  }
  return collisions;
}
