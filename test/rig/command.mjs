import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { RigError } from './say.mjs';

/** Lines of a failed command's output that its error quotes. */
const TAIL = 25;
const windows = process.platform === 'win32';

/**
 * Runs a step that should say nothing; rejects with the tail of its output when it fails or takes longer than `seconds`,
 * after which it and its children are gone.
 */
export async function run(command, args, { seconds, ...options }) {
  const { code, output } = await follow(command, args, { ...options, seconds, stdio: ['ignore', 'pipe', 'pipe'], detached: !windows });
  if (code === 0) return output;
  const reason = code === 'timeout' ? `took longer than ${seconds} s` : `ended with ${code}`;
  throw new RigError(`${[command, ...args].join(' ')} ${reason}:\n${output.split('\n').slice(-TAIL).join('\n')}`);
}

/** Runs a command on this terminal; resolves to its exit code, its signal's name, or 'timeout'. */
export async function show(command, args, options) {
  return (await follow(command, args, { ...options, stdio: 'inherit' })).code;
}

/** The same for a command that leaves children behind when it hangs: with no person at the terminal, all of them end with it. */
export async function showGroup(command, args, options) {
  return (await follow(command, args, { ...options, stdio: 'inherit', detached: !windows && !process.stdin.isTTY })).code;
}

/** The same for one that goes on beside another: what it says is told in one piece, when it is over. */
export async function showGroupLater(command, args, options) {
  const { code, output } = await follow(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: !windows && !process.stdin.isTTY });
  process.stdout.write(output);
  return code;
}

/** @returns {Promise<{code: number | string, output: string}>} `output`: stdout and stderr, where they are piped */
function follow(command, args, { seconds, ...options }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    const end = (signal) => (options.detached ? process.kill(-child.pid, signal) : child.kill(signal));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => { output += text; });

    let timedOut = false;
    const timer = seconds && setTimeout(() => {
      timedOut = true;
      end('SIGKILL');
    }, seconds * 1000);
    const stopped = (signal) => {
      end('SIGTERM');
      // A command on this terminal answers by itself and is waited for. Others that go on have to hear of it, too.
      if (options.detached) setImmediate(() => process.exit(128 + constants.signals[signal]));
    };
    const signals = options.detached ? ['SIGTERM', 'SIGINT'] : ['SIGTERM'];
    for (const signal of signals) process.on(signal, stopped);
    const settle = (done) => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, stopped);
      done();
    };
    child.on('error', (cause) => settle(() => reject(new RigError(`${command} cannot be started: ${cause.message}`))));
    child.on('close', (code, signal) => settle(() => resolve({ code: timedOut ? 'timeout' : code ?? signal, output })));
  });
}
