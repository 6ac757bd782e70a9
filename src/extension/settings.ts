import { workspace, type WorkspaceFolder } from 'vscode';
import type { DependencyPolicy } from '../protocol/dependencyPolicy';
import type { NetworkSettings } from './networkEnvironment';
import type { Language, SandboxSettings } from '../protocol/sandbox';

const MiB = 1024 * 1024;

/** What the user asks of a folder's sandbox. A key that is absent was left to the runner. */
export function sandboxSettings(folder: WorkspaceFolder): SandboxSettings {
  const config = workspace.getConfiguration('jhansi.sandbox', folder);
  const language = config.get<Language | 'auto'>('language', 'auto');
  return withoutAbsent({
    language: language === 'auto' ? undefined : language,
    image: config.get<string>('image', '').trim() || undefined,
    ...machineSettings(),
    ttl_seconds: scaled(config.get<number | null>('ttlMinutes', null), 60),
    allow: config.get<Record<string, string[]>>('allow', {})[folder.uri.fsPath],
    dependencies: dependencySettings(folder),
  });
}

function dependencySettings(folder: WorkspaceFolder): SandboxSettings['dependencies'] {
  const config = workspace.getConfiguration('jhansi.dependencies', folder);
  const groups = config.get<string[]>('groups', []);
  const settings = withoutAbsent({
    auto: config.get<boolean | null>('auto', null) ?? undefined, project: config.get<string>('project', '').trim() || undefined,
    groups: groups.length > 0 ? groups : undefined, seconds: scaled(config.get<number | null>('installMinutes', null), 60),
    ...machineSettings().dependencies,
  });
  return Object.keys(settings).length === 0 ? undefined : settings;
}

/** What the user asks of every sandbox on this machine, also of one without a folder. */
export function machineSettings(): SandboxSettings {
  const config = workspace.getConfiguration('jhansi.sandbox.limits');
  const megabytes = (key: string) => scaled(config.get<number | null>(key, null), MiB);
  const count = (key: string) => scaled(config.get<number | null>(key, null), 1);
  const limits = withoutAbsent({
    cpus: count('cpus'), memory_bytes: megabytes('memoryMB'), pids: count('processes'), disk_bytes: megabytes('diskMB'), seconds: count('seconds'),
  });
  // Wrong or right: what is wrong with it the runner says, and installs nothing until it is mended.
  const policy = workspace.getConfiguration('jhansi.dependencies').get<DependencyPolicy>('policy', {});
  return {
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(Object.keys(policy).length > 0 && { dependencies: { policy } }),
  };
}

/**
 * What to tell the runner, which remembers, when the settings are not those it was told last; undefined when they are.
 * A setting that was taken back is undone where there is a way to say so.
 */
export function settingsChange(told: SandboxSettings | undefined, now: SandboxSettings): SandboxSettings | undefined {
  if (JSON.stringify(told ?? {}) === JSON.stringify(now)) return undefined;
  const undone: SandboxSettings = {};
  if (told?.image !== undefined) undone.image = null;
  if (told?.allow !== undefined) undone.allow = [];
  const dependencies = Object.fromEntries(Object.keys(told?.dependencies ?? {}).map((key) => [key, null]));
  if (told?.dependencies !== undefined) now = { ...now, dependencies: { ...dependencies, ...now.dependencies } };
  return { ...undone, ...now };
}

/** What this machine's user says about the way to package registries; never a folder's. */
export function networkSettings(): NetworkSettings {
  const config = workspace.getConfiguration('jhansi.network');
  return {
    extraCertificates: config.get('extraCertificates'), registries: config.get('registries'), registryHosts: config.get('registryHosts'),
    registryAliases: config.get('registryAliases'), credentials: config.get('credentials'), proxy: workspace.getConfiguration('http').get<string>('proxy'),
  };
}

function scaled(value: number | null, factor: number): number | undefined {
  return value === null ? undefined : value * factor;
}

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}
