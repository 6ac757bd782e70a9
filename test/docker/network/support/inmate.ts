import type { Deps } from '../../../../src/engine/deps';
import type { Door } from '../../../../src/engine/gateway/door';
import { startBehind, type Ended, type InstallOptions } from './behindDoor';
import { programText } from './programText';

/** A container as an install has it that runs one script after the other: starting one takes longer than most of what is tried in it. */
export interface Inmate { run(script: string): Promise<Ended>; close(): Promise<void> }

/** The image must have Node. */
export async function openInmate(deps: Deps, door: Door | undefined, options: InstallOptions): Promise<Inmate> {
  const answers: Array<(ended: Ended) => void> = [];
  let rest = '', complaint = '';
  const program = `exec node -e "$(printf %s ${programText(inmateProgram)} | base64 -d)"`;
  const { attachment, remove } = await startBehind(deps, door, program, (stream, chunk) => {
    if (stream === 'stderr') return void (complaint += chunk.toString('utf8'));
    const lines = `${rest}${chunk.toString('utf8')}`.split('\n');
    rest = lines.pop()!;
    for (const line of lines) answers.shift()!(JSON.parse(line) as Ended);
  }, options);
  const gone = attachment.closed.then(() => Promise.reject<never>(new Error(`the inmate ended: ${complaint}`)));
  gone.catch(() => undefined);
  return {
    async run(script) {
      const ended = new Promise<Ended>((resolve) => answers.push(resolve));
      await attachment.write(Buffer.from(`${JSON.stringify(script)}\n`));
      return Promise.race([ended, gone]);
    },
    async close() {
      attachment.destroy();
      await remove();
    },
  };
}

/** Runs inside the container, sent there as its own source text: a line is a script, or what came of it. */
function inmateProgram(): void {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { writeFileSync } = process.getBuiltinModule('node:fs');
  const lines = process.getBuiltinModule('node:readline').createInterface({ input: process.stdin });
  lines.on('close', () => process.exit()).on('line', (line) => {
    writeFileSync('/tmp/script', JSON.parse(line) as string);
    const { stdout, stderr, status } = spawnSync('sh', ['/tmp/script'], { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'latin1', maxBuffer: 2 ** 28 });
    process.stdout.write(`${JSON.stringify({ out: stdout, err: stderr, exitCode: status ?? 128 })}\n`);
  });
}
