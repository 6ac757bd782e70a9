import type { Decision } from '../../engine/gateway/door';
import type { GatewayEvent } from '../../engine/gateway/messages';

const LONGEST = 4096;

export function report(event: GatewayEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** What is known of one request while it is decided; told once, when it is over. */
export class Verdict {
  private readonly decision: Decision;
  private told = false;

  constructor(about: { host: string; port: number; method: string; path: string }) {
    this.decision = { at: Date.now(), address: null, status: null, bytes: 0, sha256: null, allowed: false, rule: 'unfinished', ...about, path: about.path.slice(0, LONGEST), host: about.host.slice(0, LONGEST) };
  }

  note(known: Partial<Pick<Decision, 'address' | 'status' | 'bytes' | 'sha256'>>): void {
    Object.assign(this.decision, known);
  }

  /** The first word counts. */
  tell(allowed: boolean, rule: string): void {
    if (this.told) return;
    this.told = true;
    report({ event: 'decision', decision: { ...this.decision, allowed, rule } });
  }
}
