import type { BoxSide, HostSide, Index, IndexEntry } from './entry';
import { insideMode, sameContent, sameInside } from './hostSide';
import { keptPath } from './keptName';
import type { SyncPlan } from './plan';

/** Smaller files are sent again faster than they are looked up, staged and moved. */
export const MOVE_BYTES = 256 * 1024;

/** The work of planSync: one use each. */
export class Planner {
  private readonly result: SyncPlan = {
    keeps: [], moves: [], deletes: [], deleteFolders: [], writes: [], chmods: [], conflicts: [], after: new Map(), empty: true,
  };
  /** Paths of the workspace by folder, made when a folder has to go: only then is the whole index looked at. */
  private children: Map<string, string[]> | undefined;
  /** Whole folders that went aside with all they hold. */
  private readonly aside = new Set<string>();
  private readonly emptied: string[] = [];
  private readonly readyFolders = new Set<string>(['']);

  constructor(
    private readonly index: Index, private readonly changed: ReadonlyMap<string, HostSide | undefined>, private readonly now: Date,
  ) {}

  plan(): SyncPlan {
    // A parent sorts before what it holds: a folder's fate is known when its children's turn comes.
    const paths = this.changed.size > 1 ? [...this.changed.keys()].sort() : this.changed.keys();
    for (const path of paths) {
      const next = this.changed.get(path);
      if (next) this.bring(path, next);
      else this.drop(path);
    }
    for (const path of this.emptied.reverse()) this.dropFolder(path);
    this.findMoves();
    const { result } = this;
    result.writes.sort((a, b) => (a.path < b.path ? -1 : 1));
    result.conflicts = result.keeps.map(({ from, to }) => ({ path: from, kept: to }));
    const { keeps, moves, deletes, deleteFolders, writes, chmods } = result;
    result.empty = [keeps, moves, deletes, deleteFolders, writes, chmods].every(({ length }) => length === 0);
    return result;
  }

  /** The host has `next` at `path` and did not have it, as far as content, mode or stat go. */
  private bring(path: string, next: HostSide): void {
    const { host, box } = this.index.get(path) ?? {};
    if (sameInside(next, box)) return this.expect(path, next, box);
    if (host && sameContent(host, next)) {
      // Touched or chmodded only: what a run made of the content stays.
      if (box?.type !== next.type || host.mode === next.mode) return this.expect(path, next, box);
      return this.chmod(path, next, box);
    }
    if (!box) return this.write(path, next);
    if (sameContent(box, next)) return this.chmod(path, next, box);
    if (box.type === 'folder') {
      if (this.clearable(path)) this.emptied.push(path);
      else this.keep(path);
    } else if (!sameContent(host, box)) {
      this.keep(path);
    } else if (box.type !== next.type) {
      this.result.deletes.push(path);
    }
    this.write(path, next);
  }

  /** The host has nothing at `path` any more. */
  private drop(path: string): void {
    if (this.wentAside(path)) return;
    const { host, box } = this.index.get(path) ?? {};
    if (box?.type === 'folder') {
      if (host?.type === 'folder') this.emptied.push(path);
      else this.expect(path, undefined, box);
    } else if (box && !sameContent(host, box)) {
      this.keep(path);
    } else {
      if (box) this.result.deletes.push(path);
      this.expect(path, undefined, undefined);
    }
  }

  /** Children first: deletes a folder that the plan leaves empty; one that holds what runs made stays, now the sandbox's own. */
  private dropFolder(path: string): void {
    const box = this.index.get(path)!.box!;
    const next = this.changed.get(path);
    const { after } = this.result;
    const left = this.childrenOf(path).some((child) => (after.has(child) ? after : this.index).get(child)?.box);
    if (left) return this.expect(path, undefined, box);
    this.result.deleteFolders.push(path);
    if (!next) this.expect(path, undefined, undefined);
  }

  private write(path: string, host: HostSide): void {
    this.readyParents(path);
    this.result.writes.push({ path, host });
    this.expect(path, host, inside(host));
    if (host.type === 'folder') this.readyFolders.add(path);
  }

  private chmod(path: string, host: HostSide, box: BoxSide): void {
    const mode = insideMode(host);
    this.result.chmods.push({ path, mode });
    this.expect(path, host, { ...box, mode, stat: '' });
  }

  /** Puts the sandbox's version of `path`, a folder with all it holds, under a name of its own. */
  private keep(path: string): void {
    const kept = keptPath(path, this.now, (name) => this.index.has(name) || this.changed.has(name) || this.result.after.has(name));
    const { box, host } = this.index.get(path)!;
    this.result.keeps.push({ from: path, to: kept });
    this.expect(path, this.changed.has(path) ? undefined : host, undefined);
    this.expect(kept, undefined, { ...box!, stat: '' });
    this.children?.get(parentOf(path))?.push(kept);
    if (box!.type !== 'folder') return;
    this.aside.add(path);
    for (const child of this.below(path)) {
      this.expect(child, undefined, undefined);
      this.expect(kept + child.slice(path.length), undefined, this.index.get(child)!.box);
    }
  }

  /** A run may have deleted a parent, or put a file or a link in its place: nothing is ever written through that. */
  private readyParents(path: string): void {
    const parent = parentOf(path);
    if (this.readyFolders.has(parent)) return;
    this.readyParents(parent);
    const known = this.result.after.get(parent) ?? this.index.get(parent);
    if (known?.box?.type !== 'folder') {
      const host = this.changed.get(parent) ?? this.index.get(parent)?.host;
      if (known?.box) this.keep(parent);
      if (host?.type === 'folder') {
        this.result.writes.push({ path: parent, host });
        this.expect(parent, host, inside(host));
      }
    }
    this.readyFolders.add(parent);
  }

  private findMoves(): void {
    const { result } = this;
    const big = result.writes.filter(({ host }) => host.type === 'file' && host.size >= MOVE_BYTES);
    if (big.length === 0 || result.deletes.length === 0) return;
    const sources = new Map<string, string>();
    for (const path of result.deletes) {
      const box = this.index.get(path)?.box;
      if (box?.type === 'file' && box.size >= MOVE_BYTES) sources.set(box.content, path);
    }
    const sent = new Set<string>();
    const landed = new Set<string>();
    for (const { path, host } of big) {
      const from = sources.get(host.content);
      if (from === undefined) continue;
      sources.delete(host.content);
      result.moves.push({ from, to: path, mode: insideMode(host) });
      sent.add(from);
      landed.add(path);
    }
    result.deletes = result.deletes.filter((path) => !sent.has(path));
    result.writes = result.writes.filter(({ path }) => !landed.has(path));
  }

  /** True when all that the workspace has in this folder came from the host, is as it came, and is gone there. */
  private clearable(folder: string): boolean {
    return this.childrenOf(folder).every((path) => {
      const { host, box } = this.index.get(path) ?? {};
      if (!box) return this.index.has(path);
      if (!this.changed.has(path) || this.changed.get(path)) return false;
      return box.type === 'folder' ? host?.type === 'folder' && this.clearable(path) : sameContent(host, box);
    });
  }

  private wentAside(path: string): boolean {
    if (this.aside.size === 0) return false;
    for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder)) if (this.aside.has(folder)) return true;
    return false;
  }

  private *below(folder: string): Generator<string> {
    for (const path of this.childrenOf(folder)) {
      if (!this.index.get(path)?.box) continue;
      yield path;
      yield* this.below(path);
    }
  }

  private childrenOf(folder: string): string[] {
    if (!this.children) {
      this.children = new Map();
      for (const path of [...this.index.keys(), ...this.result.keeps.map(({ to }) => to)]) {
        const parent = parentOf(path);
        const siblings = this.children.get(parent);
        if (siblings) siblings.push(path);
        else this.children.set(parent, [path]);
      }
    }
    return this.children.get(folder) ?? [];
  }

  private expect(path: string, host: HostSide | undefined, box: BoxSide | undefined): void {
    const entry: IndexEntry | undefined = host || box ? { host, box } : undefined;
    this.result.after.set(path, entry);
  }
}

function inside(host: HostSide): BoxSide {
  return { type: host.type, mode: insideMode(host), size: host.size, content: host.content, stat: '' };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
