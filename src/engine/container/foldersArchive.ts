import { archiveOf } from './archive';

/** Folders of a new volume, for the engine to put there before anything runs. Those of `root` belong to nobody inside. */
export function foldersArchive(folders: ReadonlyArray<readonly [name: string, mode: number]>, uid: number, root: readonly string[] = []): Promise<Buffer> {
  return archiveOf(folders.map(([name, mode]) => {
    const id = root.includes(name) ? 0 : uid;
    return { name, type: 'directory' as const, mode, uid: id, gid: id };
  }));
}
