// The further engines: which Debian suite has them, what they need, how they start. Sockets lie in SOCKETS of their root.
import { readFileSync } from 'node:fs';

export const SOCKETS = '/run/petri-rig';

const docker = ['docker.io', 'iptables', 'iproute2', 'ca-certificates', 'tini'];

/**
 * Podman asks for more open files and processes than the daemon may have itself, which takes CAP_SYS_RESOURCE; root in a
 * container or a small VM may lack it.
 */
const modestRunc = () => {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const hard = (name) => new RegExp(`^Max ${name} +\\w+ +(\\w+)`, 'm').exec(limits)[1];
  return `#!/bin/sh
previous=
for argument; do
  if [ "$previous" = --bundle ]; then
    jq '(.process.rlimits // empty)[] |= (
      {"RLIMIT_NOFILE": "${hard('open files')}", "RLIMIT_NPROC": "${hard('processes')}"}[.type] as $most
      | if $most and $most != "unlimited" then .hard |= ([., ($most | tonumber)] | min) | .soft = ([.soft, .hard] | min) else . end)' \\
      "$argument/config.json" > "$argument/config.json.new" && mv "$argument/config.json.new" "$argument/config.json" || exit 1
  fi
  previous=$argument
done
exec /usr/sbin/runc "$@"
`;
};

export const RECIPES = {
  docker28: {
    suite: 'forky', packages: docker,
    command: ['dockerd', '-H', `unix://${SOCKETS}/docker28.sock`],
  },
  gvisor: {
    // The runsc of later suites is built with a Go it does not know (its check of goroutine numbers panics now and then).
    suite: 'trixie', packages: [...docker, 'runsc'],
    // Tests of Linux's own account of seccomp and cgroups have nothing to look at in a kernel that is not Linux.
    smoke: '@smoke(?! @(linux|network))',
    files: {
      '/etc/docker/daemon.json': JSON.stringify({
        'default-runtime': 'runsc',
        // Its own network stack refuses to start on some kernels; a run has no network anyway.
        runtimes: { runsc: { path: '/usr/bin/runsc', runtimeArgs: ['--network=none'] } },
      }),
    },
    command: ['dockerd', '-H', `unix://${SOCKETS}/gvisor.sock`],
  },
  podman: {
    // It has no network that is cut off from its own machine, so there are no gateways on it.
    smoke: '@smoke(?! @network)',
    // runc, since crun refuses machines with controllers in both versions of cgroups.
    suite: 'bookworm', packages: ['podman', 'netavark', 'catatonit', 'runc', 'jq', 'iptables', 'iproute2', 'ca-certificates', 'tini'],
    files: {
      '/usr/local/bin/modest-runc': modestRunc,
      '/etc/containers/containers.conf': [
        '[engine]', 'cgroup_manager = "cgroupfs"', 'events_logger = "file"', 'runtime = "modest"',
        '[engine.runtimes]', 'modest = ["/usr/local/bin/modest-runc"]', '',
      ].join('\n'),
    },
    command: ['podman', 'system', 'service', '--time=0', `unix://${SOCKETS}/podman.sock`],
  },
};
