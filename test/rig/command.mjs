import { spawn } from 'node:child_process';
import { RigError } from './say.mjs';

/** Lines of a failed command's output that its error quotes. */
const TAIL = 25;

/**
 * Runs a step that should say nothing; rejects with the tail of its output when it fails or takes longer than `seconds`,
 * after which it and its children are gone.
 */
export async function run(command, args, { seconds, ...options }) {
  const { code, output } = await follow(command, args, { ...options, seconds, stdio: ['ignore', 'pipe', 'pipe'] });
  if (code === 0) return output;
  const reason = code === 'timeout' ? `took longer than ${seconds} s` : `ended with ${code}`;
  throw new RigError(`${[command, ...args].join(' ')} ${reason}:\n${output.split('\n').slice(-TAIL).join('\n')}`);
}

/** Runs a command on this terminal; resolves to its exit code, or 'timeout'. */
export async function show(command, args, { seconds, ...options }) {
  return (await follow(command, args, { ...options, seconds, stdio: 'inherit' })).code;
}

/**
 * @returns {Promise<{code: number | string, output: string}>} exit code, or the signal's name, or 'timeout'; stdout and stderr
 */
function follow(command, args, { seconds, ...options }) {
  return new Promise((resolve, reject) => {
    // A group of its own, so that a time-out ends the children too; without one on this terminal, for Ctrl-C to reach it.
    const detached = options.stdio !== 'inherit' && process.platform !== 'win32';
    const child = spawn(command, args, { ...options, detached });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => { output += text; });
    let timedOut = false;
    const timer = seconds && setTimeout(() => {
      timedOut = true;
      if (detached) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    }, seconds * 1000);
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(new RigError(`${command} cannot be started: ${cause.message}`));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: timedOut ? 'timeout' : code ?? signal, output });
    });
  });
}
