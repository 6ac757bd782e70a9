import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSpec } from '../../../../src/engine/container/spec';
import type { Deps } from '../../../../src/engine/deps';
import { makeCertificates } from '../../../../src/engine/gateway/certificates';
import type { ContainerEngine } from '../../../../src/engine/ports/containerEngine';
import { GATEWAY_IMAGE } from '../../../../src/engine/sandbox/images';
import { openBench, type Bench } from '../../support/petri';
import { eventually } from '../../support/eventually';
import { upstreamProgram, type Seen, type UpstreamConfig } from './upstreamProgram';
import { programText } from './programText';

const MIB = 2 ** 20;

/** A Petri whose gateways know one more authority and ask a resolver of ours; and the registry behind both. */
export interface Stage { bench: Bench; deps: Deps; image: string; upstream: Upstream; close(): Promise<void> }
export interface Upstream {
  address: string;
  /** Its own log to this moment, in order. */
  log(): Promise<readonly Seen[]>;
  requests(): Promise<Array<Extract<Seen, { kind: 'http' }>>>;
  questions(): Promise<string[]>;
}

/** `names`: what the resolver answers; only registry.test is in the registry's certificate. */
export async function openStage(names: UpstreamConfig['names'], { env = {}, files = {} }: { env?: Record<string, string>; files?: UpstreamConfig['files'] } = {}): Promise<Stage> {
  const certificates = await makeCertificates(['registry.test'], 'upstream', Date.now());
  const folder = mkdtempSync(join(tmpdir(), 'petri-ca-'));
  const authority = join(folder, 'ca.pem');
  writeFileSync(authority, certificates.authority);
  const late: { resolver?: string } = {};
  const bench = await openBench({
    env: { PETRI_EXTRA_CA: authority, ...env },
    wrapEngine: (engine): ContainerEngine => ({
      ...engine,
      createContainer: (name, spec) => engine.createContainer(name, name.startsWith('petri-gateway-') && late.resolver !== undefined
        ? { ...spec, hardening: { ...spec.hardening, dns: [late.resolver] } } : spec),
    }),
  });
  const { deps } = bench;
  const { id: image } = await deps.images.resolve(GATEWAY_IMAGE, () => undefined);
  const { upstream, stop } = await startUpstream(deps, image, { ...certificates.hosts.get('registry.test')!, names, files });
  late.resolver = upstream.address;
  return {
    bench, deps, image, upstream,
    async close() {
      await stop();
      await bench.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startUpstream({ engine, store, gate, warm }: Deps, image: string, config: UpstreamConfig): Promise<{ upstream: Upstream; stop(): Promise<void> }> {
  const name = `petri-upstream-${randomBytes(6).toString('hex')}`;
  const id = await engine.createContainer(name, buildSpec({
    // The role of what has a way out: it stands for the internet.
    installId: store.installId, sandboxId: '', runId: '', role: 'gateway', imageId: image, uid: 39_003, mounts: [], tty: false, engine: await gate.open(),
    launcher: `exec node -e "$(printf %s ${programText(upstreamProgram)} | base64 -d)"`,
    limits: { cpus: 1, memory_bytes: 256 * MIB, pids: 64, disk_bytes: MIB, disk_files: 1000, seconds: 0, output_bytes: MIB },
  }));
  warm.held.add(name);
  const attachment = await engine.attach(id);
  const seen: Seen[] = [];
  let rest = '', complaint = '';
  attachment.onOutput((stream, chunk) => {
    if (stream === 'stderr') return void (complaint += chunk.toString('utf8'));
    const lines = `${rest}${chunk.toString('utf8')}`.split('\n');
    rest = lines.pop()!;
    seen.push(...lines.map((line) => JSON.parse(line) as Seen));
  });
  await engine.startContainer(id);
  await attachment.write(Buffer.from(`${JSON.stringify(config)}\n`));
  await eventually(() => {
    if (complaint) throw new Error(complaint);
    return seen.some(({ kind }) => kind === 'ready');
  }, 'the upstream is not ready', 30);
  const ready = seen.find((one) => one.kind === 'ready')!;
  // Its words take their way through the engine: what it has said is here when a mark of now has come behind them.
  let marks = 0;
  const log = async () => {
    const line = String(marks += 1);
    await attachment.write(Buffer.from(`${line}\n`));
    await eventually(() => seen.some((one) => one.kind === 'mark' && one.line === line), 'the upstream does not answer', 30);
    return seen;
  };
  return {
    upstream: {
      address: ready.address, log,
      requests: async () => (await log()).filter((one) => one.kind === 'http'),
      questions: async () => (await log()).flatMap((one) => (one.kind === 'dns' ? [one.name] : [])),
    },
    stop: async () => {
      attachment.destroy();
      await warm.remove(name);
    },
  };
}
