import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { localPaths } from '../../../src/protocol/localPaths';
import type { LocalPaths } from '../../../src/protocol/localPaths';
import { ownPlace } from '../../../src/runner/process/ownPaths';
import { textOf, until } from '../http/served';
import type { TestRunner } from './testRunner';

export const PROGRAM = join(__dirname, 'testRunner.cjs');

export const pathsIn = (home: string): LocalPaths => localPaths(ownPlace({ PETRI_HOME: home }));

/** A runner process of one home. */
export class StartedRunner {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly paths: LocalPaths;
  stderr = '';
  exitCode: number | null | undefined;

  constructor(readonly home: string, behaviour: TestRunner = {}) {
    this.paths = pathsIn(home);
    this.process = spawn(process.execPath, [PROGRAM, 'runner'], {
      env: { ...process.env, PETRI_HOME: home, TEST_RUNNER: JSON.stringify(behaviour) }, stdio: ['ignore', 'inherit', 'pipe'],
    });
    this.process.stderr!.on('data', (chunk) => { this.stderr += String(chunk); });
    this.ended = once(this.process, 'close').then(([code]) => this.exitCode = code as number | null);
  }

  /** Starts one and waits until it serves. */
  static async serving(home: string, behaviour?: TestRunner): Promise<StartedRunner> {
    const runner = new StartedRunner(home, behaviour);
    await until(() => events(home).includes(`${runner.process.pid} creating`) && existsSync(runner.paths.socket), 10_000);
    for (;;) {
      try {
        await runner.get('/v1/runner');
        return runner;
      } catch {
        if (runner.exitCode !== undefined) throw new Error(`ended with ${runner.exitCode}: ${runner.stderr}`);
      }
    }
  }

  get token(): string { return readFileSync(this.paths.tokenFile, 'utf8'); }
  get log(): string { return readFileSync(this.paths.runnerLog, 'utf8'); }

  call(path: string, body?: unknown): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = request({
        socketPath: this.paths.socket, path, method: body === undefined ? 'GET' : 'POST', agent: false,
        headers: { host: 'localhost', authorization: `Bearer ${this.token}` },
      }, resolve).on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async get(path: string): Promise<Record<string, unknown>> {
    return JSON.parse(await textOf(await this.call(path))) as Record<string, unknown>;
  }

  /** Ends it, however it is. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}

/** What the runners of a home noted. */
export function events(home: string): string[] {
  const file = join(home, 'events');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}
