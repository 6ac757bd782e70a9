// The folders the rig works in.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const DIST = join(ROOT, 'dist');
export const WORKSPACES = join(ROOT, 'test', 'workspaces');
/** What takes minutes to make and survives `npm ci`: the roots of further engines, the base image, a VS Code server. */
export const CACHE = process.env.PETRI_RIG_CACHE || join(homedir(), '.cache', 'petri-rig');
