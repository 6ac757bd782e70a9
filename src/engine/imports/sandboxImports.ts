import type { MissingImport } from '../../protocol/missing';
import type { Language } from '../../protocol/sandbox';
import type { ExecParsed } from '../../protocol/run';
import { within } from '../async';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { Contents } from '../sbom/package';
import { standardModules } from '../sbom/image';
import { ImportCheck, type SyncedFiles } from './importCheck';
import { outputHints } from './outputHints';
import type { Provided } from './provided';
import { entriesOf } from './sources';

type Served = Omit<Provided, 'own'>;
/** A run's end is told after this long even if nobody knows yet what it lacked. */
const PATIENCE_MS = 10_000;

/** What one sandbox's programs import, against what they are served. */
export class SandboxImports {
  private readonly check = new ImportCheck();
  private served: { key: string; what: Served } | undefined;

  constructor(private readonly live: LiveSandbox) {}

  /**
   * After a run: the files that its command names and all that they import, and what its own output says. Where neither has
   * anything to say, nothing is looked at. Never rejects.
   */
  async afterRun(run: { command: ExecParsed['command']; cwd: string; imageId: string; failed: boolean; said: { readonly text: string } }): Promise<MissingImport[]> {
    const { language } = this;
    const synced = this.synced();
    const hints = run.failed ? outputHints(language, run.said.text) : [];
    const entries = entriesOf(language, run.command, run.cwd, (path) => synced.files.has(path));
    if (hints.length === 0 && entries.length === 0) return [];
    const looking = (async () => {
      const served = await this.servedBy(run.imageId);
      const found = entries.length > 0 ? await this.check.missing(language, synced, entries, served) : [];
      return [...found, ...this.check.confirm(language, synced, hints, served, found)];
    })().catch((error: unknown) => {
      this.live.deps.log(`${this.live.id}: missing imports: ${String(error)}`);
      return [];
    });
    // A run that ended well is not held up by a first look at its image.
    if (!run.failed && this.served?.key !== this.keyOf(run.imageId)) return [];
    return within(this.live.deps.clock, PATIENCE_MS, looking, []);
  }

  /** Every source of the folder as it was last synced. */
  async all(imageId: string): Promise<MissingImport[]> {
    return this.check.missing(this.language, this.synced(), [], await this.servedBy(imageId));
  }

  private get language(): Language {
    return this.live.row.language as Language;
  }

  /** Without a folder there is nothing to read from outside: then the run's own words have to do. */
  private synced(): SyncedFiles {
    const files = new Map<string, string>();
    const folder = this.live.row.folder === null ? undefined : this.live.folder();
    for (const [path, { host }] of folder ? this.live.workspace.entries() : []) if (host?.type === 'file') files.set(path, host.content);
    return {
      files,
      read: (path) => {
        try {
          return folder?.source.readSmall(path);
        } catch {
          return undefined; // gone or unreadable since the sync
        }
      },
    };
  }

  private async servedBy(imageId: string): Promise<Served> {
    const { inventory } = this.live.deps;
    const set = this.live.dependencies.current;
    const key = this.keyOf(imageId);
    if (this.served?.key === key) return this.served.what;
    const contents: Contents | undefined = set && await inventory.ofSet(set, imageId);
    const image = this.language === 'python' ? await inventory.ofImage(imageId) : undefined;
    const what: Served = { modules: new Set(contents?.modules ?? []), standard: image && standardModules(image, set !== undefined) };
    this.served = { key, what };
    return what;
  }

  private keyOf(imageId: string): string {
    return `${this.language} ${this.live.dependencies.current?.id ?? ''} ${imageId}`;
  }
}
