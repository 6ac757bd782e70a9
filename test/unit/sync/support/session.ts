import { afterPacking, packDelta, type PackReport } from '../../../../src/engine/sync/packDelta';
import { intendedBy } from '../../../../src/engine/sync/halfDone';
import { HostScanner, type HostScan } from '../../../../src/engine/sync/hostScan';
import type { Index, IndexEntry } from '../../../../src/engine/sync/entry';
import { planSync, type SyncPlan } from '../../../../src/engine/sync/plan';
import { FolderSource } from '../../../../src/runner/host/folderSource';
import { CutOff, ModelBox, record } from './modelBox';
import { TempFolder } from './tempFolder';

export const NOW = new Date(2025, 0, 31, 14, 25, 1);
export const STAMP = 'sandbox-20250131-142501';

/** A folder, a workspace and the index between them: scan, plan, pack, apply, record, as a run does it. */
export class Session {
  readonly host = new TempFolder();
  readonly box = new ModelBox();
  readonly index: Index = new Map();
  readonly source = new FolderSource(this.host.path);
  scanner = new HostScanner(this.source);
  allow: string[] = [];
  now: () => number = Date.now;

  async sync(): Promise<{ scan: HostScan; plan: SyncPlan; report: PackReport; after: Map<string, IndexEntry | undefined> }> {
    const scan = await this.scan({ leaveNew: true });
    const plan = planSync(this.index, scan.changed, NOW);
    const packed = await packDelta(plan.writes, this.source);
    await this.box.apply(plan, packed);
    const after = afterPacking(plan, this.index, packed.report);
    record(this.index, after);
    return { scan, plan, report: packed.report, after };
  }

  /** As sync, killed after so many steps: nothing is recorded but what was intended. The next runner looks at the workspace. */
  async syncCutOff(steps: number): Promise<SyncPlan> {
    const plan = planSync(this.index, (await this.scan({ leaveNew: true })).changed, NOW);
    const intended = intendedBy(plan, this.index);
    this.box.stepsLeft = steps;
    try {
      await this.box.apply(plan, await packDelta(plan.writes, this.source));
    } catch (error) {
      if (!(error instanceof CutOff)) throw error;
    } finally {
      this.box.stepsLeft = Infinity;
    }
    this.scanner = new HostScanner(this.source);
    this.box.lookedAt(this.index, intended);
    return plan;
  }

  scan({ leaveNew = false } = {}): Promise<HostScan> {
    return this.scanner.scan(this.index, { now: this.now, allow: this.allow, leaveNew });
  }

  /** A run: changes the workspace, then a launcher looks at it. */
  run(work: (box: ModelBox) => void): void {
    work(this.box);
    this.box.lookedAt(this.index);
  }

  dispose(): void {
    this.host.dispose();
  }
}
