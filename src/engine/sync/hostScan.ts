import { PetriError } from '../errors';
import type { FileSource } from '../ports/fileSource';
import type { HostSide, Index } from './entry';
import { MAX_RULES_BYTES } from './folderRules';
import { newFolder, type FolderNode, type Named } from './hostTree';
import { Rules } from './ignoreRules';
import { ScanWalk } from './scanWalk';

export interface ScanOptions {
  /** gitignore patterns for what is held back and shall be sent all the same. */
  allow?: string[];
  /** Wall clock, ms since the epoch: what file stamps are compared with. */
  now: () => number;
  /** Files that the index has never had are not read: their content is UNREAD, and sending them reads them. */
  leaveNew?: boolean;
  onProgress?: (seen: { files: number; bytesRead: number }) => void;
  signal?: AbortSignal;
}

export interface HostScan {
  /** Paths whose host side is not the one in the index (by content, mode or stat); undefined where the host has none any more. */
  changed: Map<string, HostSide | undefined>;
  /** Of what is sent. */
  files: number; folders: number; bytes: number;
  /** What had to be read to know. */
  filesRead: number; bytesRead: number;
  /** By the rules; a folder is named once, not its content. */
  heldBack: Named[];
  /** Could not be read, or is nothing a sandbox can have. What could not be read stays in the sandbox as it is. */
  skipped: Named[];
  /** Collisions and names that no workspace can hold. */
  refused: Named[];
  /** Links that are sent as they are and whose target lies outside: inside, it is the container's file of that name or none. */
  linksOut: string[];
  /** All that is sent, parents first. Valid until the next scan. */
  entries(): Iterable<[string, HostSide]>;
}

/** Looks through one folder again and again. What it remembers only saves time: the index decides what counts as changed. */
export class HostScanner {
  private readonly tree = newFolder('');
  private rules: { allow: string; exclude: string | undefined; root: Rules } | undefined;
  private busy = false;

  constructor(private readonly source: FileSource) {}

  /**
   * Looks at every file and reads those that are not known to be unchanged since `index`. One at a time. Rejects
   * `folder-missing` when the folder itself cannot be listed, or with the signal's reason.
   */
  async scan(index: Index, options: ScanOptions): Promise<HostScan> {
    if (this.busy) throw new PetriError('internal', 'Two scans of one folder at a time.');
    this.busy = true;
    try {
      return await new ScanWalk(this.source, this.tree, this.rootRules(options.allow ?? []), index, options).run();
    } finally {
      this.busy = false;
    }
  }

  /**
   * Why a path would be held back if the host had it, or undefined: for what a run created. By the rules of the last scan;
   * before the first one, built-in names only.
   */
  heldBack(path: string, isFolder: boolean): string | undefined {
    const names = path.split('/');
    let rules = this.tree.rules?.rules ?? this.rootRules([]);
    let folder: FolderNode | undefined = this.tree;
    for (let depth = 1; ; depth++) {
      const prefix = names.slice(0, depth).join('/');
      const last = depth === names.length;
      const decision = rules.decide(prefix, !last || isFolder);
      if (last || (decision.held !== undefined && !decision.enter)) return decision.held;
      folder = folder?.children.find((child) => child.name === names[depth - 1])?.folder;
      rules = folder?.rules?.rules ?? rules.enter(prefix, decision);
    }
  }

  private rootRules(allow: string[]): Rules {
    const key = allow.join('\n');
    const exclude = this.readExclude();
    if (!this.rules || this.rules.allow !== key || this.rules.exclude !== exclude) {
      this.rules = { allow: key, exclude, root: Rules.root(allow, exclude, this.source.platform !== 'linux') };
    }
    return this.rules.root;
  }

  private readExclude(): string | undefined {
    try {
      const stat = this.source.stat('.git/info/exclude');
      return stat?.type === 'file' && stat.size <= MAX_RULES_BYTES ? this.source.readSmall('.git/info/exclude').toString() : undefined;
    } catch {
      // In a worktree .git is a file, and the list lies outside the folder. Git itself goes on without it, too.
      return undefined;
    }
  }
}
