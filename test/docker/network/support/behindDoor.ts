import { randomBytes } from 'node:crypto';
import { shellQuote } from '../../../../src/engine/container/shellQuote';
import { buildSpec, type SpecInput } from '../../../../src/engine/container/spec';
import type { Deps } from '../../../../src/engine/deps';
import { clientEnvironment, clientSetup } from '../../../../src/engine/gateway/clientEnvironment';
import type { Door, RegistryHosts } from '../../../../src/engine/gateway/door';
import type { Attachment, ContainerSpec } from '../../../../src/engine/ports/containerEngine';

export interface Ended { out: string; err: string; exitCode: number }
export interface InstallOptions {
  image: string;
  /** What the spec would be with one defence changed or taken out. */
  weaken?: (spec: ContainerSpec) => ContainerSpec;
  /** The tools' own set-up; without it a script is on its own. */
  registries?: RegistryHosts;
  role?: SpecInput['role'];
}
export interface Started { id: string; attachment: Attachment; remove(): Promise<void> }

const MIB = 2 ** 20;
export const SANDBOX = 'sb_0123456789abcdef0123456789abcdef';

/** A script in a container as an install has it, on the network of a door, or with none at all. `onOutput` hears it from its first byte on. */
export async function startBehind(deps: Deps, door: Door | undefined, script: string, onOutput: Parameters<Attachment['onOutput']>[0], options: InstallOptions): Promise<Started> {
  const { image, weaken = (spec) => spec, registries, role = 'install' } = options;
  const { engine, store, gate } = deps;
  const found = await engine.inspectImage(image);
  if (!found) throw new Error(`these tests need the image ${image} on the engine`);
  const exports = door && registries
    ? [clientSetup(door, registries), ...Object.entries(clientEnvironment(door, registries)).map(([name, value]) => `export ${name}=${shellQuote(value)}`)] : [];
  const spec = weaken(buildSpec({
    installId: store.installId, sandboxId: SANDBOX, runId: '', role, imageId: found.id, uid: 39_002, mounts: [], tty: false, engine: await gate.open(),
    launcher: [...exports, 'export HOME=/tmp/home; mkdir -p /tmp/home && cd /tmp/home || exit 1', script].join('\n'),
    limits: { cpus: 2, memory_bytes: 1024 * MIB, pids: 256, disk_bytes: 1024 * MIB, disk_files: 100_000, seconds: 300, output_bytes: 100 * MIB },
    network: door && { id: door.network, gateway: door.address },
  }));
  const name = `petri-test-${randomBytes(6).toString('hex')}`;
  deps.warm.held.add(name);
  const id = await engine.createContainer(name, spec);
  const remove = () => deps.warm.remove(name);
  try {
    const attachment = await engine.attach(id);
    attachment.onOutput(onOutput);
    await engine.startContainer(id);
    return { id, attachment, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** One script in one such container, to its end. */
export async function runBehind(deps: Deps, door: Door | undefined, script: string, options: InstallOptions): Promise<Ended> {
  const got = { stdout: '', stderr: '' };
  const { id, attachment, remove } = await startBehind(deps, door, script, (stream, chunk) => { got[stream] += chunk.toString('latin1'); }, options);
  try {
    attachment.endInput();
    const { exitCode } = await deps.engine.waitContainer(id);
    await attachment.closed;
    return { out: got.stdout, err: got.stderr, exitCode };
  } finally {
    await remove();
  }
}
