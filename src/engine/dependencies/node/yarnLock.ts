import type { RegistryHosts } from '../../gateway/door';
import type { ManifestFile } from '../adapter';
import { refused } from '../refused';

/** Stands for the image's own registry, which only install.sh knows. */
const REGISTRY = 'petri-registry:/';

/**
 * Yarn's locks. The first version names an address for every package, mostly at a name of Yarn's own for the registry; it becomes the
 * same archive at the image's own registry, which has to bring what has the lock's hash.
 */
export function yarnLock(file: ManifestFile, registries: RegistryHosts | undefined): { tool: 'yarn' | 'berry'; version: string; content: string; count: number } {
  const text = file.content.toString('utf8').replace(/\r\n/g, '\n');
  const berry = /^__metadata:/m.test(text);
  const blocks = text.split(/\n(?=\S)/);
  const kept = blocks.map((block) => {
    const name = /^"?(@?[^@"\n]+)@/.exec(block)?.[1] ?? '';
    const address = (berry ? /^ +resolution: "[^"]*@((?:git|https?|file|ssh)[^"]*)"/m : /^ +resolved "([^"]+)"/m).exec(block)?.[1];
    if (address === undefined || name === '') return block;
    const url = URL.parse(address);
    const known = !registries || registries.mirrors?.npm !== undefined || (url !== null && (registries.hosts.includes(url.host) || url.host in registries.aliases));
    const archive = url?.protocol === 'https:' && !berry ? /\/((?:@[^/]+\/)?[^/]+\/-\/[^/]+\.tgz)$/.exec(url.pathname)?.[1] : undefined;
    if (archive !== undefined && (known || /^ +integrity \S/m.test(block))) return block.replace(/^( +resolved ")[^"]+"/m, (_, start: string) => `${start}${REGISTRY}${archive}${url!.hash}"`);
    const kind = /^git|\.git(#|$)|^ssh/.test(address) ? 'git' : archive === undefined ? 'url' : 'registry';
    throw refused({ name, path: file.path, line: text.slice(0, text.indexOf(block)).split('\n').length, source: { kind, address } },
      archive !== undefined ? 'the image does not download from there, and no hash vouches for it' : 'only packages of the registry are installed');
  });
  const count = kept.filter((block) => /^ +version:? /m.test(block) && !/@workspace:/.test(block.split('\n')[0] ?? '')).length;
  return { tool: berry ? 'berry' : 'yarn', version: '4', content: kept.join('\n'), count };
}
