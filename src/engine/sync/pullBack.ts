import type { Change } from '../../protocol/changes';
import { HostFileError, type FileSource, type HostStat } from '../ports/fileSource';
import type { BoxSide, HostSide, Index, IndexEntry } from './entry';
import { hostConfigRoot } from './hostConfig';
import { fileSide, folderSide, isRacy, linkSide, sameContent, sameKey } from './hostSide';
import { foldName } from './names';
import { SMALL_BYTES, readBigSide, readSmallSide } from './readSide';
import { listChanges, modeOnHost } from './review';
import { VerifiedContent } from './verifiedContent';

/** Content of one file of the workspace, as it is now. Called for one file at a time. */
export type ReadBox = (path: string, box: BoxSide) => AsyncIterable<Uint8Array> | Promise<Uint8Array>;

export interface PullOptions {
  /** Wall clock, ms since the epoch. */
  now: () => number;
  /** The scanner's: what it would not send gets no host side, or the next sync would take it for deleted. */
  heldBack?: (path: string, isFolder: boolean) => string | undefined;
  signal?: AbortSignal;
}

export interface PullResult {
  applied: string[];
  refused: Array<{ path: string; reason: string }>;
  /** For the index: host and box agree again. undefined: no entry left. */
  updates: Map<string, IndexEntry | undefined>;
}

/**
 * Brings what runs changed to the host: all of it, or `paths` with what lies below them. Each path by itself; one that the
 * host changed since the last sync, or that cannot be there, is left alone and named with its reason. Never follows a link.
 * Rejects only with the signal's reason or a failing `readBox`.
 */
export function pull(
  index: Index, source: FileSource, readBox: ReadBox, paths: string[] | undefined, options: PullOptions,
): Promise<PullResult> {
  return new PullBack(index, source, readBox, options).run(paths?.map((path) => path.replace(/\/+$/, '')));
}

/** A reason to leave one path alone. */
class Refusal extends Error {}

class PullBack {
  private readonly result: PullResult = { applied: [], refused: [], updates: new Map() };

  constructor(
    private readonly index: Index, private readonly source: FileSource, private readonly readBox: ReadBox,
    private readonly options: PullOptions,
  ) {}

  async run(paths: string[] | undefined): Promise<PullResult> {
    const all = listChanges(this.index, this.source.platform);
    const chosen = paths ? all.filter(({ path }) => paths.some((given) => covers(given, path))) : all;
    for (const given of paths ?? []) {
      if (!chosen.some(({ path }) => covers(given, path))) this.refuse(given, 'the sandbox has no change of it');
    }
    // Deepest first: a folder is empty when its turn comes, and out of the way of what takes its place.
    for (const change of chosen.filter(({ kind }) => kind === 'deleted').reverse()) await this.one(change, paths);
    for (const change of chosen.filter(({ kind }) => kind !== 'deleted')) await this.one(change, paths);
    return this.result;
  }

  private async one(change: Change, paths: string[] | undefined): Promise<void> {
    const { path } = change;
    this.options.signal?.throwIfAborted();
    if (change.why_not !== undefined) return this.refuse(path, change.why_not);
    const config = hostConfigRoot(path);
    if (config !== undefined && !paths?.some((given) => covers(config, given) && covers(given, path))) {
      return this.refuse(path, 'it configures your own tools: it is brought back only when its path is given');
    }
    try {
      const entry = this.index.get(path)!;
      if (change.kind === 'deleted') await this.remove(path, entry.host!);
      else await this.bring(path, entry, entry.box!);
      this.result.applied.push(path);
    } catch (error) {
      if (error instanceof Refusal) this.refuse(path, error.message);
      else if (error instanceof HostFileError) this.refuse(path, REASONS[error.reason]);
      else throw error;
    }
  }

  private async remove(path: string, host: HostSide): Promise<void> {
    const stat = this.source.stat(path);
    if (stat) {
      if (!(await this.isStill(path, stat, host))) throw new Refusal('it changed on your side since the last sync');
      try {
        await this.source.remove(path, stat);
      } catch (error) {
        const full = host.type === 'folder' && error instanceof HostFileError && error.reason === 'changed';
        throw full ? new Refusal('your folder is not empty') : error;
      }
    }
    this.result.updates.set(path, undefined);
  }

  private async bring(path: string, entry: IndexEntry, box: BoxSide): Promise<void> {
    await this.makeParents(path);
    const stat = this.source.stat(path);
    const mode = modeOnHost(entry);
    if (stat && (await this.isStill(path, stat, box))) {
      const modeIsNews = entry.host?.mode === stat.mode && mode !== stat.mode;
      return this.agree(path, modeIsNews ? await this.source.setMode(path, mode, stat) : stat, box);
    }
    if (stat && !entry.host) throw new Refusal('you have another one of that name');
    if (!stat && entry.host) throw new Refusal('it was deleted on your side since the last sync');
    if (stat && !(await this.isStill(path, stat, entry.host!))) throw new Refusal('it changed on your side since the last sync');
    this.refuseCollision(path);

    let expected = stat;
    if (stat && (stat.type === 'folder') !== (box.type === 'folder')) {
      await this.source.remove(path, stat);
      expected = undefined;
    }
    this.agree(path, await this.put(path, box, mode, expected), box);
  }

  private put(path: string, box: BoxSide, mode: number, expected: HostStat | undefined): Promise<HostStat> {
    if (box.type === 'folder') return this.source.makeFolder(path, mode);
    if (box.type === 'symlink') return this.source.writeLink(path, box.content, expected);
    const content = new VerifiedContent(this.readBox(path, box), box);
    return this.source.writeFile(path, content, mode, expected).catch((error: unknown) => {
      if (content.wrong) throw new Refusal("the sandbox's version changed meanwhile");
      throw content.failure ?? error;
    });
  }

  /** Folders on the way that only the sandbox has so far. */
  private async makeParents(path: string): Promise<void> {
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      const parent = path.slice(0, slash);
      if (this.source.stat(parent)) continue;
      const entry = this.index.get(parent);
      if (entry?.box?.type !== 'folder') throw new Refusal('its folder is no folder in the sandbox');
      this.refuseCollision(parent);
      this.agree(parent, await this.source.makeFolder(parent, modeOnHost(entry)), entry.box);
    }
  }

  /** A pair that some file systems take for one name is never made: the next sync would refuse both. */
  private refuseCollision(path: string): void {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const folded = foldName(name);
    const siblings = this.source.list(path.slice(0, Math.max(0, slash)));
    const other = siblings.find((entry) => entry.name !== name && foldName(entry.name) === folded);
    if (other) throw new Refusal(`you have '${other.name}', which differs only in case or Unicode form`);
  }

  /** By its stat if that says so, else by its content. Modes are the caller's business. */
  private async isStill(path: string, stat: HostStat, side: HostSide | BoxSide): Promise<boolean> {
    if (stat.type !== side.type) return false;
    if (stat.type === 'folder') return true;
    if ('racy' in side && !side.racy && sameKey(side, stat)) return true;
    if (stat.type === 'file' && stat.size !== side.size) return false;
    const entry = { ...stat, name: '' };
    const now = stat.size <= SMALL_BYTES || stat.type === 'symlink'
      ? readSmallSide(this.source, path, entry, this.options.now())
      : await readBigSide(this.source, path, entry, this.options.now(), () => undefined, this.options.signal);
    return sameContent(now, side);
  }

  private agree(path: string, stat: HostStat, box: BoxSide): void {
    if (!this.index.get(path)?.host && this.options.heldBack?.(path, box.type === 'folder') !== undefined) return;
    const racy = isRacy(stat, this.options.now());
    const side = box.type === 'symlink' ? linkSide : fileSide;
    this.result.updates.set(path, { host: box.type === 'folder' ? folderSide(stat) : side(stat, box.content, racy), box });
  }

  private refuse(path: string, reason: string): void {
    this.result.refused.push({ path, reason });
  }
}

function covers(folder: string, path: string): boolean {
  return folder === '' || folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

const REASONS: Record<HostFileError['reason'], string> = {
  absent: 'its folder is gone on your side',
  forbidden: 'you have no permission to write it',
  changed: 'it changed on your side while it was written',
  'link-in-path': 'a link is in its way on your side',
  'not-a-file': 'something that is no file is in its way on your side',
  'disk-full': 'your disk is full',
  'invalid-name': 'your system cannot hold its name',
  io: 'it could not be written',
};
