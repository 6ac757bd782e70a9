import * as z from 'zod';
import { PetriError } from '../../engine/errors';
import type { EngineInfo } from '../../engine/ports/containerEngine';
import type { SeccompDelivery } from './seccompDelivery';

export const OLDEST_API = '1.41';
/** The newest this adapter was run against; a newer engine is asked to speak it. */
const NEWEST_API = '1.51';

export interface Version { Version: string; ApiVersion: string; MinAPIVersion?: string; Components?: Array<{ Name: string }> }

/** What of /info matters here. Podman leaves some of it out: a missing flag is no confession of a weakness, false is. */
const Info = z.object({
  NCPU: z.number(), MemTotal: z.number(), Architecture: z.string(),
  SecurityOptions: z.array(z.string()).nullish(), CgroupVersion: z.string().nullish(),
  DefaultRuntime: z.string().nullish(), Runtimes: z.record(z.string(), z.unknown()).nullish(),
  MemoryLimit: z.boolean().nullish(), SwapLimit: z.boolean().nullish(), CpuCfsQuota: z.boolean().nullish(), PidsLimit: z.boolean().nullish(),
});

/** The version to speak, as the modem wants it: the newest that both know. Throws engine-too-old. */
export function negotiate({ Version, ApiVersion, MinAPIVersion = OLDEST_API }: Version, endpoint: string): string {
  if (compare(ApiVersion, OLDEST_API) < 0) {
    throw new PetriError('engine-too-old', `The engine at ${endpoint} is version ${Version} and speaks API ${ApiVersion}; ${OLDEST_API} is needed.`, {
      action: 'Update it to Docker 20.10 or Podman 4, or newer.',
    });
  }
  const wanted = compare(ApiVersion, NEWEST_API) < 0 ? ApiVersion : NEWEST_API;
  return `v${compare(MinAPIVersion, wanted) > 0 ? MinAPIVersion : wanted}`;
}

export function readInfo(endpoint: string, version: Version, answer: unknown, seccomp: SeccompDelivery): EngineInfo {
  const info = Info.parse(answer);
  const options = info.SecurityOptions ?? [];
  const has = (name: string) => options.some((option) => option.split(',').includes(`name=${name}`));
  const lacks: EngineInfo['lacks'] = [];
  if (info.MemoryLimit === false) lacks.push('memory');
  if (info.SwapLimit === false) lacks.push('swap');
  if (info.CpuCfsQuota === false) lacks.push('cpus');
  if (info.PidsLimit === false) lacks.push('pids');
  return {
    endpoint, name: nameOf(version), version: version.Version, apiVersion: version.ApiVersion, architecture: architectureOf(info.Architecture),
    cpus: info.NCPU, memoryBytes: info.MemTotal, rootless: has('rootless'), seccomp: has('seccomp'), takesProfile: seccomp !== 'none',
    cgroupVersion: info.CgroupVersion === '2' ? 2 : 1,
    defaultRuntime: info.DefaultRuntime ?? 'runc', runtimes: Object.keys(info.Runtimes ?? {}), lacks,
  };
}

export function isPodman({ Components = [] }: Version): boolean {
  return Components.some(({ Name }) => /podman/i.test(Name));
}

function nameOf(version: Version): EngineInfo['name'] {
  if (isPodman(version)) return 'podman';
  return version.Components?.some(({ Name }) => Name === 'Engine') ? 'docker' : 'other';
}

function architectureOf(name: string): EngineInfo['architecture'] {
  if (['x86_64', 'amd64'].includes(name)) return 'amd64';
  return ['aarch64', 'arm64'].includes(name) ? 'arm64' : 'other';
}

function compare(a: string, b: string): number {
  const [[aMajor = 0, aMinor = 0], [bMajor = 0, bMinor = 0]] = [a.split('.').map(Number), b.split('.').map(Number)];
  return aMajor - bMajor || aMinor - bMinor;
}
