import { randomBytes } from 'node:crypto';
import { abortable, throwIfAborted } from '../async';
import { foldersArchive } from '../container/foldersArchive';
import { buildSpec, labels } from '../container/spec';
import type { Deps } from '../deps';
import { PetriError } from '../errors';
import type { Limits } from '../../protocol/sandbox';
import { GATEWAY_IMAGE } from '../sandbox/images';
import { ARTEFACTS, artefactVolume } from './artefactVolume';
import { makeCertificates } from './certificates';
import type { Door, RegistryHosts } from './door';
import { gatewayConfig, targetOf } from './gatewayConfig';
import { GatewayLine } from './gatewayLine';

export interface DoorWish {
  sandboxId: string;
  /** '' when no run is being prepared. */
  runId: string;
  hosts: RegistryHosts;
  /** The gateway's image may have to be built first. */
  onProgress?: (message: string) => void;
  signal?: AbortSignal;
}

/** No sandbox's, so that what a sandbox exhausts for its own user is missed by no gateway. */
const GATEWAY_UID = 29_999;
const MIB = 1024 * 1024;
const LIMITS: Limits = { cpus: 2, memory_bytes: 384 * MIB, pids: 64, disk_bytes: 4096 * MIB, disk_files: 100_000, seconds: 0, output_bytes: 1024 * MIB };
const READY_MS = 30_000;

/**
 * Opens a network of its own for one install, with a gateway on it that leads to these hosts and nowhere else. Whoever takes
 * the door puts one container on its network, fails when it is lost, and closes it after that container is gone.
 * Rejects PetriError: engine-…, image-…, cancelled.
 */
export async function openDoor(deps: Deps, wish: DoorWish): Promise<Door> {
  const { engine, store, clock, gate, images, network: host } = deps;
  const info = await gate.open();
  const image = await images.resolve(GATEWAY_IMAGE, wish.onProgress ?? (() => undefined), wish.signal);
  const mark = `${wish.sandboxId.slice(3, 15)}-${randomBytes(5).toString('hex')}`;
  const names = { network: `petri-net-${mark}`, container: `petri-gateway-${mark}` };
  const mine = { installId: store.installId, sandboxId: wish.sandboxId, runId: wish.runId, role: 'gateway' as const };
  const closing: Array<() => Promise<void> | void> = [];
  const close = async () => {
    for (const undo of closing.splice(0).reverse()) await undo();
  };
  try {
    for (const name of Object.values(names)) {
      deps.warm.held.add(name);
      store.insertIntent({ name, sandboxId: wish.sandboxId, createdAt: clock.now() });
      closing.push(() => {
        deps.warm.held.delete(name);
        store.removeIntent(name);
      });
    }
    // By name too: a lost answer leaves no id. What cannot be removed now goes by its labels at the next look at the engine.
    closing.push(() => remove(deps, () => engine.removeNetwork(names.network)), () => remove(deps, () => engine.removeContainer(names.container)));
    throwIfAborted(wish.signal);
    const network = await engine.createInternalNetwork(names.network, labels(mine));
    const artefacts = deps.options.artefactBytes > 0 ? await artefactVolume(deps) : undefined;
    const spec = buildSpec({ ...mine, imageId: image.id, uid: GATEWAY_UID, mounts: artefacts ? [artefacts] : [], limits: LIMITS, launcher: 'exec node /gateway.cjs', tty: false, engine: info });
    const container = await engine.createContainer(names.container, spec);
    await engine.connectNetwork(network, container);
    // Every time: whoever made the volume may have died before. Nothing but gateways ever wrote to it, and none to its root.
    if (artefacts) await engine.seed(container, ARTEFACTS, await foldersArchive([['kept', 0o700]], GATEWAY_UID));
    const line = new GatewayLine(await engine.attach(container));
    closing.push(() => line.close());
    await engine.startContainer(container);
    const address = await engine.addressOn(network, container);
    if (!address) throw new PetriError('engine-failed', 'The gateway has no address on its network.', { action: 'Run again; if it stays so, restart the engine.' });
    const certificates = await makeCertificates([...wish.hosts.hosts, ...Object.keys(wish.hosts.aliases)].map((text) => targetOf(text).host), wish.sandboxId, clock.now());
    const keep = artefacts && { artefacts: { folder: `${ARTEFACTS}/kept`, mostBytes: deps.options.artefactBytes } };
    await line.tell({ ...await gatewayConfig(host, wish.hosts, certificates, address), ...keep });
    const port = await abortable(inTime(deps, line), wish.signal);
    return {
      network, address, proxy: `http://${address}:${port}`, certificate: certificates.authority, lost: line.lost,
      decisions: () => [...line.decisions], close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function remove(deps: Deps, work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    deps.log(`a gateway's remains could not be removed yet: ${String(error)}`);
    deps.gate.close();
  });
}

async function inTime({ clock }: Deps, line: GatewayLine): Promise<number> {
  let stop = () => {};
  const late = new Promise<never>((_resolve, reject) => {
    stop = clock.after(READY_MS, () => reject(new PetriError('engine-failed', `The gateway was not ready after ${READY_MS / 1000} s.`, { action: 'Run again.' })));
  });
  return Promise.race([line.ready, late]).finally(() => stop());
}
