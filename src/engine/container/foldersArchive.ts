import { pack } from 'tar-stream';

/** A tar of empty folders that belong to this user: what a new volume is seeded with, its own root staying root's. */
export async function foldersArchive(folders: ReadonlyArray<readonly [name: string, mode: number]>, uid: number): Promise<Buffer> {
  const archive = pack();
  for (const [name, mode] of folders) archive.entry({ name, type: 'directory', mode, uid, gid: uid });
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
