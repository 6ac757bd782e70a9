import { setImmediate as nextTurn } from 'node:timers/promises';
import { PetriError } from '../errors';
import { HostFileError, type FileSource, type HostEntry } from '../ports/fileSource';
import type { HostSide, Index } from './entry';
import { folderRules } from './folderRules';
import { MAY_HOLD_A_KEY } from './holdBack';
import type { HostScan, ScanOptions } from './hostScan';
import { fileSide, folderSide, isRacy, isUnread, sameKey, sameSide, UNREAD } from './hostSide';
import { matchChildren, newFolder, sentEntries, type Child, type FolderNode, type FolderRules } from './hostTree';
import type { Rules } from './ignoreRules';
import { linkLeaves } from './links';
import { findCollisions, whyNotInside } from './names';
import { MOVE_BYTES } from './planner';
import { isPublicOnly, MOST_PEM_BYTES } from './publicKeys';
import { SMALL_BYTES, readBigSide, readSmallSide } from './readSide';

/** After so much work without a pause the event loop gets a turn. */
const TURN_MS = 10;
/** Unchanged files between two looks at the clock, which costs as much as one of them. */
const GLANCES = 32;

/** One scan under way: walks the folder along the tree that the last scan left, and brings both up to date. */
export class ScanWalk {
  private readonly result: HostScan;
  private readonly big: Array<{ child: Child; entry: HostEntry }> = [];
  private readonly unreadable: string[] = [];
  /** Host paths of the index that were met: fewer than there are means that some are gone. */
  private met = 0;
  private glances = 0;
  private turnEnds = performance.now() + TURN_MS;

  constructor(
    private readonly source: FileSource, private readonly tree: FolderNode, private readonly rules: Rules,
    private readonly index: Index, private readonly options: ScanOptions,
  ) {
    this.result = {
      changed: new Map(), files: 0, folders: 0, bytes: 0, filesRead: 0, bytesRead: 0, heldBack: [], skipped: [], refused: [], linksOut: [],
      entries: () => sentEntries(tree),
    };
  }

  async run(): Promise<HostScan> {
    let listed: HostEntry[];
    try {
      listed = this.source.list('');
    } catch (error) {
      throw new PetriError('folder-missing', `The folder ${this.source.root} cannot be read.`, {
        action: 'Check that it exists and that you may read it.', cause: error,
      });
    }
    await this.visit(this.tree, this.rules, listed);
    for (const { child, entry } of this.big) await this.readBig(child, entry);
    this.findGone();
    this.report();
    return this.result;
  }

  private async visit(folder: FolderNode, above: Rules, entries: HostEntry[]): Promise<void> {
    const rules = this.rulesFor(folder, above, entries);
    const children = matchChildren(folder, entries);
    if (children !== folder.children || rules.rules !== folder.rules?.rules) decideAll(children, rules.rules);
    folder.children = children;
    folder.rules = rules;
    for (let i = 0; i < children.length; i++) {
      const child = children[i]!;
      const entry = entries[i]!;
      if (child.refused || (child.held && !this.isPublic(child, entry))) this.leaveOut(child);
      else if (entry.type === 'folder') await this.seeFolder(child, entry, rules.rules);
      else if (entry.type === 'other') this.result.skipped.push({ path: child.path, why: 'it is neither file, folder nor link' });
      else this.seeFile(child, entry);
      if (++this.glances < GLANCES) continue;
      this.glances = 0;
      if (performance.now() > this.turnEnds) await this.pause();
    }
  }

  private rulesFor(folder: FolderNode, above: Rules, entries: HostEntry[]): FolderRules {
    try {
      return folderRules(this.source, folder, above, entries, this.options.now);
    } catch {
      // The file itself is named as unreadable when its turn comes.
      return { above, entered: above, gitignore: undefined, rules: above };
    }
  }

  /** Of what is held back for what it may hold. One that was only just written stays until its content stands still. */
  private isPublic(child: Child, entry: HostEntry): boolean {
    if (child.held?.why !== MAY_HOLD_A_KEY || entry.type !== 'file' || entry.size > MOST_PEM_BYTES) return false;
    if (child.looked && sameKey(child.looked.at, entry)) return child.looked.isPublic;
    if (isRacy(entry, this.options.now())) return false;
    this.glances = GLANCES;
    try {
      child.looked = { at: fileSide(entry, '', false), isPublic: isPublicOnly(this.source.readSmall(child.path)) };
      return child.looked.isPublic;
    } catch (error) {
      if (!(error instanceof HostFileError)) throw error;
      return false;
    }
  }

  private leaveOut(child: Child): void {
    child.side = undefined;
    child.folder = undefined;
    if (child.held) this.result.heldBack.push(child.held);
    else if (child.refused) this.result.refused.push(child.refused);
  }

  private async seeFolder(child: Child, entry: HostEntry, rules: Rules): Promise<void> {
    let listed: HostEntry[];
    try {
      listed = this.source.list(child.path);
    } catch (error) {
      this.couldNotRead(child, error);
      return;
    }
    const indexed = this.index.get(child.path)?.host;
    const known = indexed ?? child.side;
    this.note(child, known?.type === 'folder' && known.mode === entry.mode ? known : folderSide(entry), indexed);
    this.result.folders++;
    child.folder ??= newFolder(child.path);
    await this.visit(child.folder, rules, listed);
  }

  private seeFile(child: Child, entry: HostEntry): void {
    const indexed = this.index.get(child.path)?.host;
    if (isKnown(indexed, entry)) return this.note(child, indexed, indexed);
    // Seen by the last scan, not yet sent.
    if (isKnown(child.side, entry) && !isUnread(child.side)) return this.note(child, child.side, indexed);
    if (this.leaves(child.path, entry)) return this.note(child, fileSide(entry, UNREAD, isRacy(entry, this.options.now())), indexed);
    if (entry.type === 'file' && entry.size > SMALL_BYTES) {
      this.big.push({ child, entry });
      return;
    }
    this.glances = GLANCES;
    try {
      const side = readSmallSide(this.source, child.path, entry, this.options.now());
      this.result.filesRead++;
      this.result.bytesRead += side.size;
      this.note(child, side, indexed);
    } catch (error) {
      this.couldNotRead(child, error);
    }
  }

  /** What has to be known by its content, to be found again under a new name, is read all the same. */
  private leaves(path: string, entry: HostEntry): boolean {
    if (!this.options.leaveNew || entry.type !== 'file' || this.index.has(path)) return false;
    return entry.size < MOVE_BYTES || this.index.size === 0;
  }

  private async readBig(child: Child, entry: HostEntry): Promise<void> {
    try {
      const onBytes = (bytes: number): void => { this.result.bytesRead += bytes; this.report(); };
      const side = await readBigSide(this.source, child.path, entry, this.options.now(), onBytes, this.options.signal);
      this.result.filesRead++;
      this.note(child, side, this.index.get(child.path)?.host);
    } catch (error) {
      this.couldNotRead(child, error);
    }
  }

  private note(child: Child, side: HostSide, indexed: HostSide | undefined): void {
    if (indexed) this.met++;
    const kept = indexed && (indexed === side || sameSide(indexed, side)) ? indexed : side;
    if (child.side !== kept) {
      child.side = kept;
      child.leaves = kept.type === 'symlink' && linkLeaves(child.path, kept.content);
    }
    if (kept !== indexed) this.result.changed.set(child.path, kept);
    if (child.leaves) this.result.linksOut.push(child.path);
    if (kept.type !== 'folder') this.result.files++;
    this.result.bytes += kept.size;
  }

  private couldNotRead(child: Child, error: unknown): void {
    if (!(error instanceof HostFileError)) throw error;
    child.side = undefined;
    child.folder = undefined;
    // Gone since its folder was listed: as good as never there.
    if (error.reason === 'absent') return;
    this.unreadable.push(child.path);
    this.result.skipped.push({ path: child.path, why: WHY[error.reason] });
  }

  /** Absence is known only where the folder could be listed: nothing is deleted because it could not be read. */
  private findGone(): void {
    let expected = 0;
    for (const entry of this.index.values()) if (entry.host) expected++;
    if (expected === this.met) return;
    const present = new Set<string>();
    for (const [path] of sentEntries(this.tree)) present.add(path);
    for (const [path, entry] of this.index) {
      if (entry.host && !present.has(path) && !this.unreadable.some((folder) => path === folder || path.startsWith(`${folder}/`))) {
        this.result.changed.set(path, undefined);
      }
    }
  }

  private report(): void {
    this.options.onProgress?.({ files: this.result.files, bytesRead: this.result.bytesRead });
  }

  private async pause(): Promise<void> {
    this.report();
    await nextTurn();
    this.options.signal?.throwIfAborted();
    this.turnEnds = performance.now() + TURN_MS;
  }
}

const WHY: Record<HostFileError['reason'], string> = {
  absent: 'it is gone',
  forbidden: 'you have no permission to read it',
  changed: 'it changed while it was read',
  'link-in-path': 'it became a link while it was read',
  'not-a-file': 'it changed while it was read',
  'disk-full': 'the disk is full',
  'invalid-name': 'its name is too long',
  io: 'it could not be read',
};

function isKnown(side: HostSide | undefined, entry: HostEntry): side is HostSide {
  return side !== undefined && !side.racy && sameKey(side, entry);
}

function decideAll(children: Child[], rules: Rules): void {
  const candidates: Child[] = [];
  for (const child of children) {
    const decision = rules.decide(child.path, child.type === 'folder');
    child.held = decision.held === undefined || decision.enter ? undefined : { path: child.path, why: decision.held };
    const bad = whyNotInside(child.name, child.path);
    child.refused = bad === undefined ? undefined : { path: child.path, why: bad };
    if (!child.held && !child.refused) candidates.push(child);
  }
  const collisions = findCollisions(candidates.map((child) => child.name));
  if (collisions.size === 0) return;
  for (const child of candidates) {
    const other = collisions.get(child.name);
    if (other === undefined || rules.allows(child.path, child.type === 'folder')) continue;
    child.refused = { path: child.path, why: `its name differs from '${other}' only in case or Unicode form` };
  }
}
