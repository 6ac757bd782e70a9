import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { run } from './command.mjs';
import { RigError, say } from './say.mjs';

/** undefined where Debian packages can be installed, else why not. */
export function cannotInstall() {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) return 'this is no Debian machine';
  if (process.getuid() !== 0) return 'this needs root';
  return undefined;
}

let updated = false;

/** Installs the packages whose `proof` file is absent. */
export async function aptInstall(packages, proof) {
  if (existsSync(proof)) return;
  const reason = cannotInstall();
  if (reason) throw new RigError(`${packages.join(', ')} cannot be installed here: ${reason}.`);
  const apt = (args, seconds) => run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=2', ...args], {
    seconds, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  say(`apt-get install ${packages.join(' ')}`);
  if (!updated) await apt(['update', '-qq'], 300);
  updated = true;
  await apt(['install', '-y', '-qq', '--no-install-recommends', ...packages], 600);
}

/** A Debian system of that suite with these packages in `folder`; there wholly or not at all, made anew for other packages. */
export async function debootstrap(suite, packages, folder) {
  const stamp = `${folder}.packages`;
  const wanted = [suite, ...packages].join(' ');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(folder, { recursive: true, force: true });
  await aptInstall(['debootstrap'], '/usr/sbin/debootstrap');
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  say(`debootstrap ${suite} (about a minute, once)`);
  const include = packages.length > 0 ? [`--include=${packages.join(',')}`] : [];
  // A suite newer than this debootstrap is set up as every suite since 2020 is; the empty word stands for its default mirror.
  await run('debootstrap', ['--variant=minbase', ...include, suite, partial, '', '/usr/share/debootstrap/scripts/sid'], {
    seconds: 600, env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, DEBIAN_FRONTEND: 'noninteractive' },
  });
  renameSync(partial, folder);
  writeFileSync(stamp, wanted);
}
