import { createHash } from 'node:crypto';
import { PetriError } from '../../../errors';
import type { RegistryHosts } from '../../../gateway/door';
import { httpsHost } from '../../../gateway/policy/hostName';
import type { ManifestFile } from '../../adapter';
import { lineNumbers } from '../../lineNumbers';
import { manifestInvalid } from '../../manifestInvalid';

export const GRADLE_WRAPPER = 'gradle/wrapper/gradle-wrapper.properties';

/** Where Gradle hands its distributions out, and where it sends whoever asks there. */
const GRADLES_OWN = ['services.gradle.org', 'downloads.gradle.org'];
const SENT_TO = ['github.com', 'release-assets.githubusercontent.com', 'objects.githubusercontent.com'];
const OWN_FOLDER = /^\/distributions(-snapshots)?\/[^/]+$/;
const FILE = /^gradle-([\w.+-]+?)(?:-(?:bin|all))?\.zip$/;

/** The Gradle that a project's wrapper asks for. */
export interface Distribution {
  version: string;
  /** Where it is downloaded from: its own address, or the mirror's. */
  url: string;
  /** All that the way there may lead through. */
  hosts: string[];
  /** Lower-case hex; undefined when nobody says what it should be. */
  sha256: string | undefined;
  /** Where a wrapper looks for it, below its user's home: a folder, and the file that it would have downloaded. */
  place: string; file: string;
}

/**
 * Reads gradle-wrapper.properties. Gradle comes from its own hosts or from the user's mirror: what the file names is anybody's.
 * Throws PetriError manifest-invalid, source-refused, both with file and line.
 */
export function readDistribution({ path, content }: ManifestFile, { mirrors, named = [] }: Pick<RegistryHosts, 'mirrors' | 'named'>): Distribution {
  const text = content.toString('latin1');
  const found = /^[ \t]*distributionUrl[ \t]*[=:][ \t]*(\S+)/m.exec(text);
  const line = lineNumbers(text)(found?.index ?? 0);
  if (!found) throw manifestInvalid(path, line, 'does not say where Gradle comes from (distributionUrl)');
  const address = unescaped(found[1]!);
  const url = URL.parse(address);
  const file = url?.pathname.split('/').at(-1) ?? '';
  const version = FILE.exec(file)?.[1];
  if (!url || version === undefined) throw manifestInvalid(path, line, `asks for ${JSON.stringify(redacted(address))}, which is no address of a Gradle distribution`);
  const mirror = mirrors?.gradle?.replace(/\/*$/, '/');
  const own = GRADLES_OWN.includes(url.host) && OWN_FOLDER.test(url.pathname);
  if (!own && (mirror === undefined || url.href !== `${mirror}${file}`)) {
    throw new PetriError('source-refused', `${path}, line ${line}: Gradle is asked for at ${url.host}, which is neither Gradle's own host nor a mirror of yours.`, {
      action: 'If it is yours, name its folder as the mirror "gradle" in the setting jhansi.network.registries or in PETRI_REGISTRIES.', details: [`${path}:${line}`],
    });
  }
  const from = mirror === undefined ? `https://${url.host}${url.pathname}` : `${mirror}${file}`;
  const sum = /^[ \t]*distributionSha256Sum[ \t]*[=:][ \t]*(\S*)/m.exec(text)?.[1]?.toLowerCase();
  if (sum !== undefined && !/^[0-9a-f]{64}$/.test(sum)) throw manifestInvalid(path, lineNumbers(text)(text.indexOf('distributionSha256Sum')), 'has no sha256 in distributionSha256Sum');
  return {
    version, url: from, hosts: mirror === undefined ? [...new Set([...GRADLES_OWN, ...SENT_TO])] : [...new Set([httpsHost(mirror), ...named])].filter((host) => host !== undefined),
    sha256: sum, place: `wrapper/dists/${file.slice(0, -'.zip'.length)}/${nameOfAddress(address)}`, file,
  };
}

/** As the wrapper names the folder of what it downloaded: the address's MD5 as a number in base 36. */
function nameOfAddress(address: string): string {
  return BigInt(`0x${createHash('md5').update(redacted(address)).digest('hex')}`).toString(36);
}

function redacted(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//');
}

/** Of a Java properties file, as far as addresses have it. */
function unescaped(value: string): string {
  return value.replace(/\\(.)/g, '$1');
}
