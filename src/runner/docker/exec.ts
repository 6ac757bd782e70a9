import { setTimeout as sleep } from 'node:timers/promises';
import { PetriError } from '../../engine/errors';
import type { ContainerEngine } from '../../engine/ports/containerEngine';
import type { EngineCalls } from './engineCalls';

interface Inspected { Running: boolean; ExitCode: number | null }

export function execCalls(calls: EngineCalls): Pick<ContainerEngine, 'exec'> {
  return {
    async exec(containerId, argv) {
      const what = `run ${argv[0] ?? 'a command'} in the container`;
      const { Id } = await calls.json<{ Id: string }>(what, {
        method: 'POST', path: `/containers/${encodeURIComponent(containerId)}/exec`, body: { Cmd: argv, AttachStdout: true, AttachStderr: true },
      });
      const output = await calls.stream(what, { method: 'POST', path: `/exec/${Id}/start`, body: { Detach: false, Tty: false } });
      // Its end is the command's end, whether the connection was closed well or not: the exit code is asked for anyway.
      await new Promise((resolve) => output.on('error', resolve).on('close', resolve).resume());
      // The engine may take a moment from the last output to the exit code.
      for (let attempt = 0; attempt < 50; attempt++) {
        const { Running, ExitCode } = await calls.json<Inspected>(what, { method: 'GET', path: `/exec/${Id}/json` });
        if (!Running && ExitCode !== null) return ExitCode;
        await sleep(20);
      }
      throw new PetriError('engine-failed', `Could not ${what}: the engine never told its exit code.`);
    },
  };
}
