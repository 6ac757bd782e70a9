import type { Command } from 'commander';
import { pathsOf } from '../../../sdk/typescript/localFiles';
import type { Petri } from '../../../sdk/typescript/petri';
import type { Cli } from '../cli';
import { LogFile } from '../logFile';
import { Interrupts } from '../terminal/interrupts';
import { printableLines } from '../text/printable';
import { positiveInteger } from './arguments';

interface Options { follow?: boolean; lines: number }

export function addLogs(program: Command, cli: Cli): void {
  program.command('logs').summary('show what Petri itself, or a run, wrote')
    .description('Without RUN: the runner\'s own log. With a run\'s id: what the run wrote, stdout and stderr apart.')
    .argument('[run]', 'a run\'s id, from petri runs')
    .option('-f, --follow', 'wait for more; with a run\'s id, until it ends')
    .option('-n, --lines <number>', 'how many of the last lines to begin with; the runner\'s own log only', positiveInteger, 200)
    .action(async (run: string | undefined, options: Options) => {
      if (run === undefined) return ownLog(cli, options);
      await runLog(cli, run, options.follow ?? false);
    });
}

async function runLog(cli: Cli, run: string, follow: boolean): Promise<void> {
  const { out, err } = cli.terminal;
  await cli.withPetri(cli.view(), async (petri) => {
    if (follow) return followRun(cli, petri, run);
    for await (const { stream, chunk } of petri.runLog(run)) {
      if (out.broken) return;
      await (stream === 'stdout' ? out : err).write(chunk);
    }
  });
}

/** Ctrl-C, or a reader that leaves, ends the following; the run goes on. */
async function followRun({ terminal: { out, err } }: Cli, petri: Petri, run: string): Promise<void> {
  const interrupts = new Interrupts();
  const left = new AbortController();
  out.onBroken(() => left.abort());
  const signal = AbortSignal.any([interrupts.wanted, left.signal]);
  try {
    await petri.follow(run, { signal, onOutput: (stream, chunk) => (stream === 'stdout' ? out : err).write(chunk) });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    interrupts.dispose();
  }
}

async function ownLog(cli: Cli, { follow, lines }: Options): Promise<void> {
  const { out } = cli.terminal;
  const log = new LogFile(pathsOf({ env: cli.env }).runnerLog);
  const show = (text: string) => out.write(out.isTty ? printableLines(text) : text);
  await show(log.lastLines(lines));
  if (!follow) return;
  const interrupts = new Interrupts();
  out.onBroken(() => process.kill(process.pid, 'SIGTERM'));
  try {
    for await (const text of log.follow(interrupts.wanted)) await show(text);
  } finally {
    interrupts.dispose();
  }
}
