import { randomBytes } from 'node:crypto';
import type { Launcher } from '../container/launcher';
import { PetriError } from '../errors';
import type { ImageInfo } from '../ports/containerEngine';
import type { DependencySetRow } from '../ports/store';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { Emit } from '../service';
import type { RegistryHosts } from '../gateway/door';
import { registryHosts } from '../gateway/registryHosts';
import type { InstallPlan } from './adapter';
import { InstallDoors, withMore } from './installDoors';
import { InstallOutput, INSTALL_LOG_BYTES } from './installOutput';
import { runStep } from './installStep';
import { readManifests } from './readManifests';
import { removeVolumePatiently, setLabels } from './setVolumes';
import { listInstalled } from './listInstalled';
import type { Wanted } from './wanted';

/** Long enough for a build that takes ten minutes, and for another one. */
const DEFAULT_SECONDS = 1800;

/** What is to be installed, decided; nothing has happened yet. Rejects manifest-invalid, source-refused, policy-refused. */
export async function planInstall(live: LiveSandbox, launcher: Launcher, imageId: string, wanted: Wanted, emit: Emit): Promise<InstallPlan> {
  const { adapter, project, inputs, side } = wanted;
  const plan = wanted.plan ?? adapter.plan(project, await readManifests(live, launcher, side, inputs.keys()), {
    groups: live.row.dependencies.groups ?? [], registries: await registriesOf(live, imageId, emit),
  });
  live.deps.policy?.admit(live, project, plan);
  return plan;
}

async function registriesOf(live: LiveSandbox, imageId: string, emit: Emit): Promise<RegistryHosts> {
  await live.deps.gate.open();
  return registryHosts(live.deps, await imageOf(live, imageId), { onProgress: (message) => void emit({ event: 'progress', data: { stage: 'dependencies', message } }) });
}

async function imageOf(live: LiveSandbox, imageId: string): Promise<ImageInfo> {
  const image = await live.deps.engine.inspectImage(imageId);
  if (image) return image;
  throw new PetriError('image-missing', `The image ${imageId} went away.`, { action: 'Run again.' });
}

/**
 * Installs into a fresh volume. The sandbox's own set changes when everything is there, at one stroke; whatever happens before leaves
 * the old one as it is. Rejects with an InstallFailure, install-timed-out, cancelled or the engine's own reason.
 */
export async function install(live: LiveSandbox, imageId: string, wanted: Wanted, plan: InstallPlan, emit: Emit, signal: AbortSignal): Promise<DependencySetRow> {
  const { clock, engine, logs, store } = live.deps;
  const suffix = randomBytes(16).toString('hex');
  const row: DependencySetRow = {
    id: `dep_${suffix}`, sandboxId: live.id, key: wanted.key, volume: `${live.row.volume.slice(0, 40)}-deps-${suffix.slice(0, 10)}`,
    language: wanted.project.language, root: wanted.project.root, manifest: wanted.project.manifest, inputs: wanted.project.inputs, status: 'installing', createdAt: clock.now(),
    endedAt: null, packages: plan.packages ?? null, error: null, decisions: [], lockedKey: null,
  };
  if (plan.steps.length === 0) {
    await notify(plan, emit);
    return nothingToInstall(live, row);
  }
  store.insertDependencySet(row);
  const log = logs.create(row.id, INSTALL_LOG_BYTES);
  const limit = limitTime(live, signal);
  const doors = new InstallDoors(live, emit, limit.signal);
  try {
    await engine.createVolume(row.volume, setLabels(live.deps, live.id, row.id));
    const output = new InstallOutput(row.id, emit, log, clock);
    await announce(plan, emit);
    const hosts = await registriesOf(live, imageId, emit);
    await runSteps({ live, imageId, row, wanted, plan, doors, hosts, output, emit, signal: limit.signal });
    const decisions = doors.decisions();
    const listed = await listInstalled(live, { ...row, decisions }, imageId, wanted);
    const packages = listed?.packages.filter(({ optional }) => !optional).length ?? row.packages;
    const change = { status: 'ready', endedAt: clock.now(), decisions, packages } as const;
    store.switchDependencySet(live.id, row.id, change);
    return { ...row, ...change };
  } catch (error) {
    await giveUp(live, row, error, doors);
    throw error;
  } finally {
    limit.end();
    await doors.close();
    await log.close();
  }
}

/** The manifest asks for nothing: that is known from now on, and costs no volume. */
function nothingToInstall(live: LiveSandbox, row: DependencySetRow): DependencySetRow {
  const ready: DependencySetRow = { ...row, volume: '', status: 'ready', endedAt: row.createdAt, packages: 0 };
  live.deps.store.insertDependencySet(ready);
  live.deps.store.switchDependencySet(live.id, ready.id, {});
  return ready;
}

interface Work {
  live: LiveSandbox; imageId: string; row: DependencySetRow; wanted: Wanted; plan: InstallPlan; doors: InstallDoors; hosts: RegistryHosts;
  output: InstallOutput; emit: Emit; signal: AbortSignal;
}

async function runSteps({ live, imageId, row, wanted, plan, doors, hosts, output, emit, signal }: Work): Promise<void> {
  const engineInfo = await live.deps.gate.open();
  const image = await imageOf(live, imageId);
  const names = [...wanted.adapter.folders, 'scratch'];
  let asked = false;
  for (const [at, step] of plan.steps.entries()) {
    if (step.ifAsked && !asked) continue;
    void emit({ event: 'progress', data: { stage: 'dependencies', message: `${step.title}…` } });
    await output.say(`--- ${step.title}${step.network ? '' : ' (without a network)'}`);
    const first = at === 0;
    ({ asked } = await runStep({
      live, image, engineInfo, volume: row.volume, step, requested: plan.requested, output, signal, mayEnd: plan.steps.slice(at + 1).every(({ ifAsked }) => ifAsked),
      seeds: first ? [{ target: '/sandbox/deps', folders: names.map((name) => [name, 0o755] as const) }] : [],
      files: first ? plan.files ?? [] : [],
      through: step.network ? await doors.through(step, withMore(hosts, output.registries)) : undefined,
    }));
  }
  if (asked) throw new PetriError('build-failed', 'Too many of the packages have to be built from source.', {
    action: 'Ask for versions that come ready to install.',
  });
}

async function notify({ notices = [] }: InstallPlan, emit: Emit): Promise<void> {
  for (const message of notices) await emit({ event: 'notice', data: { code: 'dependencies', message } });
}

async function announce(plan: InstallPlan, emit: Emit): Promise<void> {
  await notify(plan, emit);
  const { packages, requested } = plan;
  const total = packages ?? requested.length;
  const what = total === 0 ? 'Installing dependencies…' : `Installing ${total} ${total === 1 ? 'package' : 'packages'}…`;
  await emit({ event: 'progress', data: { stage: 'dependencies', message: what, done: 0, ...(packages && { total: packages }), unit: 'packages' } });
}

/** Nothing of it stays but its row and its log. */
async function giveUp(live: LiveSandbox, row: DependencySetRow, error: unknown, doors: InstallDoors): Promise<void> {
  const { clock, log, store } = live.deps;
  const known = error instanceof PetriError ? error : new PetriError('install-failed', `The install failed: ${error instanceof Error ? error.message : String(error)}.`);
  store.updateDependencySet(row.id, {
    status: known.code === 'cancelled' ? 'cancelled' : 'failed', endedAt: clock.now(), decisions: doors.decisions(),
    error: { code: known.code, message: known.message, ...(known.action !== undefined && { action: known.action }), ...(known.details && { details: known.details }) },
  });
  // Behind the user's back: what cannot go now goes when the engine is looked at next.
  live.background(removeVolumePatiently(live.deps, row.volume).catch((failure: unknown) => log(`${row.id}: its volume stays: ${String(failure)}`)));
}

/** The caller's signal, or the time limit's. */
function limitTime(live: LiveSandbox, signal: AbortSignal): { signal: AbortSignal; end(): void } {
  const seconds = live.row.dependencies.seconds ?? DEFAULT_SECONDS;
  if (seconds === 0) return { signal, end: () => undefined };
  const late = new AbortController();
  const end = live.deps.clock.after(seconds * 1000, () => late.abort(new PetriError('install-timed-out', `The install took longer than ${seconds} s and was ended.`, {
    action: 'Give it more time: petri deps --time 1h.',
  })));
  return { signal: AbortSignal.any([signal, late.signal]), end };
}
