import type { Project } from '../../adapter';
import { folderOf, inFolder, isForeign, nameOf } from '../../manifestPaths';
import { GRADLE_WRAPPER } from './distribution';

const SETTINGS = /^settings\.gradle(\.kts)?$/;
const BUILD = /^build\.gradle(\.kts)?$/;
/** What else decides: scripts that others apply, locks, versions, checksums, properties. */
const DECIDES = /(^|\/)([^/]+\.gradle(\.kts)?|gradle\.properties|(?:[\w-]+-)?gradle\.lockfile|[^/]+\.versions\.toml|verification-metadata\.xml)$|(^|\/)gradle\/dependency-locks\/[^/]+\.lockfile$/;
/** The build's own program. */
const BUILD_SOURCE = /(^|\/)buildSrc\/src\/main\//;
const MADE = /(^|\/)(build|target)\//;
const TEST_DATA = /(^|\/)src\/(?!main\/)/;

/** Whole builds: a folder with settings and all below it, or a lone build script. */
export function gradleProjects(own: readonly string[], all: ReadonlySet<string>): Project[] {
  const scripts = own.filter((path) => !/(^|\/)buildSrc\//.test(path));
  const settings = roots(scripts, SETTINGS);
  const builds = roots(scripts, BUILD);
  const isBelow = (root: string, above: string) => root !== above && (above === '' || root.startsWith(`${above}/`));
  const found = [
    ...settings.keys(),
    ...[...builds.keys()].filter((root) => !settings.has(root) && ![...settings.keys()].some((above) => isBelow(root, above))),
  ];
  return found.map((root) => {
    const manifest = builds.get(root) ?? settings.get(root)!;
    const inputs = [...all].filter((path) => isIn(path, root) && !isForeign(path) && !MADE.test(path) && !TEST_DATA.test(path) && (DECIDES.test(path) || BUILD_SOURCE.test(path)));
    const wrapper = inFolder(root, GRADLE_WRAPPER);
    return { language: 'java', root, manifest, inputs: [manifest, ...[...inputs, ...(all.has(wrapper) ? [wrapper] : [])].filter((path) => path !== manifest).sort()] };
  });
}

export function hasWrapper({ root, inputs }: Project): boolean {
  return inputs.includes(inFolder(root, GRADLE_WRAPPER));
}

/** The first of those names by folder; Groovy's before Kotlin's, as Gradle takes them. */
function roots(paths: readonly string[], name: RegExp): Map<string, string> {
  return new Map(paths.filter((path) => name.test(nameOf(path))).sort().reverse().map((path) => [folderOf(path), path]));
}

function isIn(path: string, root: string): boolean {
  return root === '' || path.startsWith(`${root}/`);
}
