import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { temporaryHome } from '../sdk/fakeRunner';

/** How a command line ended. */
export interface Ended { code: number | null; stdout: Buffer; stderrBytes: Buffer; stderr: string }

/** The real command line, bundled as it ships but without the runner behind it. */
export class CommandLine {
  private constructor(readonly folder: string, readonly script: string) {}

  static async bundle(): Promise<CommandLine> {
    const folder = temporaryHome();
    const script = join(folder, 'petri.cjs');
    const contents = `import { runCli } from './src/runner/cli/main';
      runCli(process.argv.slice(2), { version: '0.1.0', entry: process.argv[1]! }).then((code) => process.exit(code));`;
    await build({
      stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
      bundle: true, platform: 'node', format: 'cjs', outfile: script, logLevel: 'warning',
    });
    return new CommandLine(folder, script);
  }

  start(env: NodeJS.ProcessEnv, args: string[], cwd?: string): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [this.script, ...args], { env, cwd: cwd ?? this.folder });
  }

  async run(env: NodeJS.ProcessEnv, args: string[], more: { stdin?: Buffer | string; cwd?: string } = {}): Promise<Ended> {
    const child = this.start(env, args, more.cwd);
    child.stdin.on('error', () => {}).end(more.stdin ?? '');
    return ended(child);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const [code] = await once(child, 'close') as [number | null];
  const stderrBytes = Buffer.concat(stderr);
  return { code, stdout: Buffer.concat(stdout), stderrBytes, stderr: stderrBytes.toString() };
}
