import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address } from './endpoints/address';
import { isPodman, type Version } from './engineInfo';

/**
 * How an engine takes a seccomp profile of ours. Docker: inline. Podman reads the same option as the path of a file on its own
 * machine (github.com/containers/podman/issues/27710), which only an engine on this machine can open.
 */
export type SeccompDelivery = 'inline' | 'file' | 'none';

export function seccompDelivery(version: Version, address: Address, platform: NodeJS.Platform): SeccompDelivery {
  if (!isPodman(version)) return 'inline';
  // Elsewhere than on Linux, Podman's socket leads into a virtual machine.
  return address.kind === 'socket' && platform === 'linux' ? 'file' : 'none';
}

/** Calls with what the engine's `seccomp=` option must say. Podman reads the file while it creates the container, and no later. */
export async function withSeccomp<T>(delivery: SeccompDelivery, profile: string, use: (option: string) => Promise<T>): Promise<T> {
  if (delivery !== 'file' || !profile.startsWith('{')) return use(profile);
  // A folder that only we can enter: nobody else can put another profile in its place.
  const folder = await mkdtemp(join(tmpdir(), 'petri-seccomp-'));
  try {
    const file = join(folder, 'profile.json');
    await writeFile(file, profile, { mode: 0o600 });
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
