import { randomBytes } from 'node:crypto';
import { buildSpec, type SpecInput } from '../container/spec';
import type { Deps } from '../deps';
import { PetriError } from '../errors';
import type { Limits } from '../../protocol/sandbox';
import { QUESTIONS } from './questions';

/** No sandbox's user. */
const UID = 29_998;
const MIB = 1024 * 1024;
const LIMITS: Limits = { cpus: 2, memory_bytes: 1024 * MIB, pids: 256, disk_bytes: 256 * MIB, disk_files: 10_000, seconds: 60, output_bytes: 4 * MIB };
const MOST_BYTES = 4 * MIB;

/** What the image's package managers say: answers by tool, in their order. */
export async function askImage(deps: Deps, imageId: string): Promise<Map<string, string[]>> {
  const text = await runOnce(deps, { imageId, role: 'question', launcher: QUESTIONS });
  const answers = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [tool = '', answer = ''] = line.split('\t');
    if (answer.trim() !== '') answers.set(tool, [...answers.get(tool) ?? [], answer.trim()]);
  }
  return answers;
}

/** Runs a script of ours in a container that sees nothing of any project; answers its stdout. */
export async function runOnce(deps: Deps, { imageId, role, launcher, network }: Pick<SpecInput, 'imageId' | 'role' | 'launcher' | 'network'>): Promise<string> {
  const { engine, store, gate, clock } = deps;
  const name = `petri-question-${randomBytes(8).toString('hex')}`;
  const engineInfo = await gate.open();
  const spec = buildSpec({
    installId: store.installId, sandboxId: '', runId: '', role, imageId, uid: UID, mounts: [], limits: LIMITS, launcher, tty: false, engine: engineInfo, network,
  });
  deps.warm.held.add(name);
  store.insertIntent({ name, sandboxId: '', createdAt: clock.now() });
  try {
    const id = await engine.createContainer(name, spec);
    const attachment = await engine.attach(id);
    const chunks: Buffer[] = [];
    let bytes = 0;
    attachment.onOutput((stream, chunk) => {
      if (stream === 'stdout' && (bytes += chunk.length) <= MOST_BYTES) chunks.push(chunk);
    });
    await engine.startContainer(id);
    attachment.endInput();
    const stop = clock.after(LIMITS.seconds * 1000, () => void engine.killContainer(id, 'SIGKILL').catch(() => undefined));
    await attachment.closed;
    stop();
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw error instanceof PetriError ? error : new PetriError('engine-failed', 'The image could not be asked where its packages come from.', { action: 'Run again.', cause: error });
  } finally {
    await deps.warm.remove(name);
  }
}
