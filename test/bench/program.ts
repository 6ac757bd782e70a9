import { spawn } from 'node:child_process';
import { Stopwatch, type Outcome } from './outcome';

/** Surroundings of the programs that the bench starts. */
export interface ProgramOptions {
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Instead of collecting it; the outcome's stdout is empty then. */
  onOutput?: (chunk: Buffer) => void;
}

/** Runs a whole process and times it from before its start. Rejects with its stderr when it ends with another code than 0. */
export function program(argv: readonly string[], { env, signal, onOutput }: ProgramOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const watch = new Stopwatch();
    const child = spawn(argv[0]!, argv.slice(1), { env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let complaint = '';
    child.stdout.on('data', onOutput ?? ((chunk: Buffer) => watch.take(chunk)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => { complaint = (complaint + text).slice(-2000); });
    child.on('error', (error) => reject((error as NodeJS.ErrnoException).code === 'ENOENT' ? new Error(`${argv[0]} is not installed.`) : error));
    child.on('close', (code) => {
      const outcome = watch.end(code);
      if (code === 0) resolve(outcome);
      else reject(new Error(`${argv.slice(0, 3).join(' ')} … ended with ${code}: ${complaint}`));
    });
  });
}
