import { PetriError } from '../../engine/errors';

/** better-sqlite3's Node-API build does not refuse an older Node, it takes the process down with a segmentation fault. */
const OLDEST = [22, 14] as const;

/** Throws node-too-old. Call before better-sqlite3 is loaded. */
export function requireNode(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new PetriError('node-too-old', `Petri runs on Node ${OLDEST.join('.')} or newer; this is Node ${version}.`, {
    action: 'Update Node, or VS Code to 1.101 or newer, which brings its own.',
  });
}
