import { hash } from 'node:crypto';
import type { Entry } from './entry';

interface Node { entry: Entry | undefined; children: Map<string, Node> | undefined; digest: string | undefined }

/**
 * Root hash of a workspace, kept up to date path by path: a receipt costs the changed folders, not all files.
 *
 * The digest, for whoever computes it on his own: a folder's is the sha256 of its children's records in the order of their
 * names' UTF-8 bytes. A record is `<letter> <mode> <size> <content> <name>\0`: letter f, d or l (file, folder, link); mode
 * in octal without leading zeros; size in decimal, 0 unless a file; content the sha256 of a file's bytes or of a link's
 * target text, or a folder's digest, in lower-case hex (`unreadable` for a file that its own sandbox cannot read); name in
 * UTF-8. An empty folder is the sha256 of nothing. The root has no record: its own mode does not count.
 */
export class Tree {
  private readonly top: Node = { entry: undefined, children: new Map(), digest: undefined };

  set(path: string, entry: Entry): void {
    const names = path.split('/');
    const last = names.pop()!;
    const parent = this.walk(names, true)!;
    const known = parent.children!.get(last);
    // A folder keeps its children, and its digest: only its record above it changes.
    if (entry.type === 'folder' && known?.children) known.entry = entry;
    else parent.children!.set(last, { entry, children: entry.type === 'folder' ? new Map() : undefined, digest: undefined });
  }

  /** With everything below it. An absent path is none the less absent. */
  delete(path: string): void {
    const names = path.split('/');
    const last = names.pop()!;
    this.walk(names, false)?.children?.delete(last);
  }

  root(): string {
    return digestOf(this.top);
  }

  /** The folder at `names`, its digest and those above it forgotten. A missing one is made, to get its own entry later. */
  private walk(names: string[], make: boolean): Node | undefined {
    let node = this.top;
    node.digest = undefined;
    for (const name of names) {
      let next = node.children!.get(name);
      if (!next?.children) {
        if (!make) return undefined;
        next = { entry: undefined, children: new Map(), digest: undefined };
        node.children!.set(name, next);
      }
      next.digest = undefined;
      node = next;
    }
    return node;
  }
}

function digestOf(folder: Node): string {
  if (folder.digest !== undefined) return folder.digest;
  const names = [...folder.children!.keys()].sort(compareUtf8);
  let records = '';
  for (const name of names) records += record(name, folder.children!.get(name)!);
  folder.digest = hash('sha256', records, 'hex');
  return folder.digest;
}

function record(name: string, node: Node): string {
  const { entry, children } = node;
  const mode = (entry?.mode ?? 0o755).toString(8);
  if (children) return `d ${mode} 0 ${digestOf(node)} ${name}\0`;
  if (entry!.type === 'symlink') return `l ${mode} 0 ${hash('sha256', entry!.content, 'hex')} ${name}\0`;
  return `f ${mode} ${entry!.size} ${entry!.content} ${name}\0`;
}

/** The order of the UTF-8 bytes: JavaScript's own order of UTF-16 units puts what lies beyond U+FFFF before U+E000. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
