import { hash } from 'node:crypto';
import type { DependencySetRow } from '../ports/store';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { Contents, Package } from '../sbom/package';
import type { InstalledPackage } from './policy/check';
import type { Wanted } from './wanted';

/**
 * The last step of an install: what is there now, before any run could have seen it. undefined when it could not be listed; the set
 * is none the worse, and whoever asks for its bill of materials has it listed then. Where there are rules, rejects policy-refused for
 * what they refuse, and the engine's reason when nobody could look.
 */
export async function listInstalled(live: LiveSandbox, set: DependencySetRow, imageId: string, wanted: Wanted): Promise<Contents | undefined> {
  const { policy } = live.deps;
  try {
    const contents = await live.deps.inventory.ofSet(set, imageId, goMods(live, wanted));
    policy?.admitInstalled(live, set.language, contents.packages.filter(({ optional }) => !optional).map(installedPackage));
    return contents;
  } catch (error) {
    // What nobody could look at, no rule can let pass.
    if (policy && policy.fingerprint(live) !== '') throw error;
    live.deps.log(`${set.id}: could not be listed: ${String(error)}`);
    return undefined;
  }
}

/** As the rules name packages. Several licences beside each other all hold. */
function installedPackage({ type, namespace, name, version, licences }: Package): InstalledPackage {
  const licence = licences.map((one) => ('id' in one ? one.id : 'expression' in one ? `(${one.expression})` : one.name)).join(' AND ');
  return { name: namespace === undefined ? name : `${namespace}${type === 'maven' ? ':' : '/'}${name}`, version, licence: licence === '' ? null : licence };
}

/** As the set was installed from them; one that changed meanwhile is left out. */
function goMods(live: LiveSandbox, { inputs, side }: Wanted): string[] {
  const source = side === 'host' ? live.folder()?.source : undefined;
  return [...inputs].filter(([path]) => /(?:^|\/)go\.mod$/.test(path)).flatMap(([path, content]) => {
    try {
      const found = source?.readSmall(path);
      return found && hash('sha256', found, 'hex') === content ? [found.toString('utf8')] : [];
    } catch {
      return []; // gone meanwhile
    }
  });
}
