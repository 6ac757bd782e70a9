/** Where a project's Maven wrapper looks for the Maven it asks for, below MAVEN_USER_HOME, and which that is. */
export interface Wrapper { place: string; version: string }

export const WRAPPER_PROPERTIES = '.mvn/wrapper/maven-wrapper.properties';

/**
 * The wrapper would download a Maven of its own. Where it looks first it finds the image's: it is never downloaded, and never run as
 * something that only the project vouches for. Undefined for an address that no wrapper takes.
 */
export function readWrapper(content: Buffer): Wrapper | undefined {
  const url = /^\s*distributionUrl\s*=\s*(\S+)\s*$/m.exec(content.toString('latin1'))?.[1]?.replaceAll('\\:', ':');
  const file = url === undefined ? undefined : /\/((?:apache-)?maven-([\w.-]+?)(?:-bin)?)\.(?:zip|tar\.gz)$/.exec(url);
  if (url === undefined || !file) return undefined;
  return { place: `wrapper/dists/${file[1]!.replace(/-bin$/, '')}/${hashOf(url)}`, version: file[2]! };
}

/** Java's String.hashCode, as the wrapper's own script has it. */
function hashOf(text: string): string {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return hash.toString(16);
}
