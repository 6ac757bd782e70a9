import type { ContainerSpec } from '../../engine/ports/containerEngine';

/**
 * The spec in the words of the engine's create call: a translation, line by line. Every choice is made in the spec builder.
 * `seccomp` is the profile in the form that this engine takes.
 */
export function containerBody(spec: ContainerSpec, seccomp = spec.seccompProfile): object {
  const { limits, hardening } = spec;
  const shared = typeof spec.network === 'object' && 'of' in spec.network;
  const securityOptions = [
    ...(hardening.noNewPrivileges ? ['no-new-privileges'] : []),
    ...(seccomp ? [`seccomp=${seccomp}`] : []),
  ];
  return {
    Image: spec.image,
    // As entrypoint and arguments, so that an image's own entrypoint cannot come in between.
    Entrypoint: spec.command.slice(0, 1), Cmd: spec.command.slice(1),
    Env: spec.environment, WorkingDir: spec.workingDirectory, User: spec.user, Labels: spec.labels, // A shared network brings its own, and the engine refuses another.
    Hostname: shared ? undefined : spec.hostname,
    Tty: spec.tty, OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true,
    // An image's health check would be a second program beside the run.
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      CapDrop: hardening.dropCapabilities, SecurityOpt: securityOptions, Privileged: false,
      ReadonlyRootfs: hardening.readOnlyRoot, Init: hardening.init, IpcMode: hardening.ipc, NetworkMode: networkMode(spec.network),
      Sysctls: spec.sysctls,
      CgroupnsMode: hardening.cgroupNamespace, LogConfig: { Type: hardening.logDriver, Config: {} },
      Dns: shared ? undefined : hardening.dns, DnsSearch: shared ? undefined : hardening.dnsSearch, DnsOptions: [], ExtraHosts: [],
      Memory: limits.memoryBytes, MemorySwap: limits.memorySwapBytes, NanoCpus: limits.nanoCpus, PidsLimit: limits.pids,
      Ulimits: [
        ulimit('nofile', limits.nofile), ulimit('fsize', limits.fileSizeBytes), ulimit('core', limits.coreBytes),
      ],
      Tmpfs: spec.tmpfs,
      // Volumes alone, by name. NoCopy: nothing of the image lands in a user's workspace.
      Mounts: spec.mounts.map(({ volume, target, readOnly }) => ({
        Type: 'volume', Source: volume, Target: target, ReadOnly: readOnly, VolumeOptions: { NoCopy: true },
      })),
      Runtime: spec.runtime,
      RestartPolicy: { Name: 'no' }, AutoRemove: false,
    },
  };
}

function networkMode(network: ContainerSpec['network']): string {
  if (typeof network === 'string') return network;
  return 'of' in network ? `container:${network.of}` : network.id;
}

function ulimit(name: string, value: number): { Name: string; Soft: number; Hard: number } {
  return { Name: name, Soft: value, Hard: value };
}
