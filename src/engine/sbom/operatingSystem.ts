import { licenceFrom } from './licences';
import type { MetadataReader } from './metadataReader';
import type { Contents, Licence, Package } from './package';
import { purlOf } from './purl';
import { byText, clean, paragraphs } from './text';

const STATUS = '/var/lib/dpkg/status';
const APK = '/lib/apk/db/installed';
const MOST_STATUS = 64 * 1024 * 1024;
const MOST_COPYRIGHT = 512 * 1024;

/** The image's operating system packages, as its package manager's own list names them. */
export async function systemPackages(reader: MetadataReader): Promise<Pick<Contents, 'packages' | 'incomplete'>> {
  const found = await reader.list([STATUS, APK, '/etc/os-release', '/usr/lib/os-release'], []);
  const lists = await reader.read(found, MOST_STATUS);
  const release = (lists.get('/etc/os-release') ?? lists.get('/usr/lib/os-release'))?.toString('utf8') ?? '';
  const distribution = clean(/^ID="?([a-z0-9._-]+)/m.exec(release)?.[1] ?? 'debian', 40);
  const status = lists.get(STATUS);
  if (status) return { packages: debian(status.toString('utf8'), distribution, await copyrights(reader)), incomplete: [] };
  const apk = lists.get(APK);
  if (apk) return { packages: alpine(apk.toString('utf8'), distribution), incomplete: [] };
  return { packages: [], incomplete: ['The image has no list of packages that is known here (dpkg, apk).'] };
}

function debian(status: string, distribution: string, licences: ReadonlyMap<string, Licence[]>): Package[] {
  const packages: Array<Package & { depends: string[] }> = [];
  const providers = new Map<string, Package>();
  for (const fields of paragraphs(status)) {
    const field = (name: string) => clean(fields.get(name)?.[0] ?? '');
    if (!/ installed$/.test(field('status')) || field('package') === '') continue;
    const architecture = field('architecture');
    const one = {
      type: 'deb' as const, namespace: distribution, name: field('package'), version: field('version'),
      ...(architecture && { qualifiers: { arch: architecture } }),
      licences: licences.get(field('package')) ?? [], hashes: [], dependsOn: [], location: '', warnings: [],
      depends: ['depends', 'pre-depends'].flatMap((name) => (fields.get(name)?.[0] ?? '').split(',')),
    };
    packages.push(one);
    providers.set(one.name, one);
    for (const name of (fields.get('provides')?.[0] ?? '').split(',').map(bareName)) if (!providers.has(name)) providers.set(name, one);
  }
  return packages.map(({ depends, ...one }) => {
    // `a | b`: the first that is there.
    const needed = depends.map((choice) => choice.split('|').map((name) => providers.get(bareName(name))).find((provider) => provider !== undefined));
    return { ...one, dependsOn: [...new Set(needed.filter((target) => target && target.name !== one.name).map((target) => purlOf(target!)))].sort() };
  }).sort((a, b) => byText(a.name, b.name));
}

function bareName(text: string): string {
  return /^\s*([a-z0-9][a-z0-9.+-]*)/.exec(text)?.[1] ?? '';
}

/** By package; a documentation folder may be a link to another package's. */
async function copyrights(reader: MetadataReader): Promise<Map<string, Licence[]>> {
  const found = await reader.list(['/usr/share/doc'], ['-maxdepth', '2', '(', '-name', 'copyright', '-o', '-type', 'l', ')']);
  const contents = await reader.read(found.filter((file) => file.path.endsWith('/copyright')), MOST_COPYRIGHT);
  const licences = new Map<string, Licence[]>();
  for (const [path, content] of contents) licences.set(path.split('/')[4]!, licencesOfCopyright(content.toString('utf8')));
  for (const { path, type, target } of found) {
    const name = path.split('/')[4]!;
    const linked = licences.get(target.replace(/^(\.\.\/|\/usr\/share\/doc\/)?/, '').replace(/\/copyright$/, '').split('/').at(-1) ?? '');
    if (type === 'link' && linked && !licences.has(name)) licences.set(name, linked);
  }
  return licences;
}

/** Debian's short names that differ from SPDX's; `+` is `or later`. */
const SHORT: Readonly<Record<string, string>> = {
  Expat: 'MIT', 'GPL-1': 'GPL-1.0-only', 'GPL-1+': 'GPL-1.0-or-later', 'GPL-2': 'GPL-2.0-only', 'GPL-2+': 'GPL-2.0-or-later', 'GPL-2.0': 'GPL-2.0-only', 'GPL-2.0+': 'GPL-2.0-or-later',
  'GPL-3': 'GPL-3.0-only', 'GPL-3+': 'GPL-3.0-or-later', 'GPL-3.0+': 'GPL-3.0-or-later', 'LGPL-2': 'LGPL-2.0-only', 'LGPL-2+': 'LGPL-2.0-or-later', 'LGPL-2.0+': 'LGPL-2.0-or-later',
  'LGPL-2.1': 'LGPL-2.1-only', 'LGPL-2.1+': 'LGPL-2.1-or-later', 'LGPL-3': 'LGPL-3.0-only', 'LGPL-3+': 'LGPL-3.0-or-later',
  'BSD-3-clause': 'BSD-3-Clause', 'BSD-2-clause': 'BSD-2-Clause', 'Apache-2': 'Apache-2.0', 'MPL-2': 'MPL-2.0', ISC: 'ISC', Zlib: 'Zlib', CC0: 'CC0-1.0',
};

/** Every licence that a machine-readable copyright file (DEP 5) names for some file; prose says nothing certain. */
function licencesOfCopyright(text: string): Licence[] {
  if (!/^Format:/im.test(text.slice(0, 2000))) return [];
  const names = new Set<string>();
  for (const fields of paragraphs(text)) {
    if (!fields.has('files')) continue;
    const first = clean(fields.get('license')?.[0]?.split('\n')[0] ?? '', 120);
    for (const name of first.split(/\s+(?:and|or)\s+|,/)) if (/^[A-Za-z0-9.+-]+$/.test(name.trim())) names.add(name.trim());
  }
  const licences = [...names].slice(0, 30).sort().map((name) => (SHORT[name] ? { id: SHORT[name] } : licenceFrom(name)));
  return licences.filter((licence) => licence !== undefined);
}

function alpine(text: string, distribution: string): Package[] {
  return text.split(/\n\n+/).flatMap((block): Package[] => {
    const field = (letter: string) => clean(new RegExp(`^${letter}:(.*)$`, 'm').exec(block)?.[1] ?? '');
    if (field('P') === '') return [];
    const licence = licenceFrom(field('L'));
    return [{
      type: 'apk', namespace: distribution, name: field('P'), version: field('V'), ...(field('A') && { qualifiers: { arch: field('A') } }),
      licences: licence ? [licence] : [], hashes: [], dependsOn: [], location: '', warnings: [],
    }];
  }).sort((a, b) => byText(a.name, b.name));
}
