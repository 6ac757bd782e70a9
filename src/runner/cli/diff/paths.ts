import { isAbsolute, relative } from 'node:path';

/** Workspace paths as a user typed them: `./a`, `a/` and absolute ones under the folder all mean `a`. '' is the whole folder. */
export function workspacePaths(folder: string, typed: string[]): string[] {
  return typed.map((path) => {
    const inside = isAbsolute(path) ? relative(folder, path) : path;
    return inside.split(process.platform === 'win32' ? /[\\/]/ : '/').filter((part) => part !== '' && part !== '.').join('/');
  });
}

/** True when a path is one of these or lies under one. */
export function isUnder(path: string, roots: string[]): boolean {
  return roots.length === 0 || roots.some((root) => root === '' || path === root || path.startsWith(`${root}/`));
}
