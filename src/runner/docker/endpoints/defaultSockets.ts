import type { Candidate } from './address';
import type { Surroundings } from './surroundings';

interface Place { source: string; path: (folders: Folders) => string | undefined }
interface Folders { home: string; runtime: string | undefined; config: string; colima: string | undefined; temporary: string | undefined }

/** Where the engines of each platform listen when nobody configured anything, the usual one first. */
const LINUX: Place[] = [
  { source: 'Docker', path: () => '/var/run/docker.sock' },
  { source: 'rootless Docker', path: ({ runtime }) => runtime && `${runtime}/docker.sock` },
  { source: 'rootless Docker', path: ({ home }) => `${home}/.docker/run/docker.sock` },
  { source: 'Docker Desktop', path: ({ home }) => `${home}/.docker/desktop/docker.sock` },
  { source: 'Colima', path: ({ colima }) => colima && `${colima}/default/docker.sock` },
  { source: 'Colima', path: ({ home }) => `${home}/.colima/default/docker.sock` },
  { source: 'Colima', path: ({ config }) => `${config}/colima/default/docker.sock` },
  { source: 'Rancher Desktop', path: ({ home }) => `${home}/.rd/docker.sock` },
  { source: 'rootless Podman', path: ({ runtime }) => runtime && `${runtime}/podman/podman.sock` },
  { source: 'Podman', path: () => '/run/podman/podman.sock' },
];

const DARWIN: Place[] = [
  { source: 'Docker Desktop', path: ({ home }) => `${home}/.docker/run/docker.sock` },
  { source: 'Docker', path: () => '/var/run/docker.sock' },
  { source: 'OrbStack', path: ({ home }) => `${home}/.orbstack/run/docker.sock` },
  { source: 'Colima', path: ({ colima }) => colima && `${colima}/default/docker.sock` },
  { source: 'Colima', path: ({ home }) => `${home}/.colima/default/docker.sock` },
  { source: 'Colima', path: ({ config }) => `${config}/colima/default/docker.sock` },
  { source: 'Rancher Desktop', path: ({ home }) => `${home}/.rd/docker.sock` },
  { source: 'Podman machine', path: ({ home }) => `${home}/.local/share/containers/podman/machine/podman.sock` },
  { source: 'Podman machine', path: ({ temporary }) => temporary && `${temporary}/podman/podman-machine-default-api.sock` },
];

const WINDOWS: Place[] = [
  { source: 'Docker', path: () => '\\\\.\\pipe\\docker_engine' },
  { source: 'Docker Desktop', path: () => '\\\\.\\pipe\\dockerDesktopLinuxEngine' },
  { source: 'Podman machine', path: () => '\\\\.\\pipe\\podman-machine-default' },
];

export function defaultSockets({ platform, env, home, uid }: Surroundings): Candidate[] {
  const folders: Folders = {
    home, config: env['XDG_CONFIG_HOME'] || `${home}/.config`, colima: env['COLIMA_HOME'],
    // A session without XDG_RUNTIME_DIR (ssh, cron) still has the folder where systemd puts it.
    runtime: env['XDG_RUNTIME_DIR'] || (uid ? `/run/user/${uid}` : undefined), temporary: env['TMPDIR']?.replace(/\/$/, ''),
  };
  const places = platform === 'win32' ? WINDOWS : platform === 'darwin' ? DARWIN : LINUX;
  return places.flatMap(({ source, path }) => {
    const socket = path(folders);
    return socket ? [{ address: { kind: 'socket' as const, path: socket }, source }] : [];
  });
}
