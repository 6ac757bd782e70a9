import { parse } from 'yaml';
import { PetriError } from '../../errors';
import type { RegistryHosts } from '../../gateway/door';
import { SCRATCH, type InstallPlan, type ManifestFile, type PlanOptions, type Project, type Requested } from '../adapter';
import { folderOf, inFolder, nameOf } from '../manifestPaths';
import { refused } from '../refused';
import { deprecatedRemark } from './deprecated';
import { enginesRemark } from './engines';
import { explainNode, nodeProgress } from './explain';
import finish from './finish.txt';
import program from './install.sh';
import runtime from './runtime.txt';
import { withoutAddresses } from './lockSources';
import { readJson, readPackageJson, record, sourceOf } from './packageJson';
import { suitsOurs, wantedNode } from './wantedNode';
import { yarnLock } from './yarnLock';

/** Throws manifest-invalid and source-refused. */
export function planNode(project: Project, all: ManifestFile[], { registries }: PlanOptions): InstallPlan {
  const { root } = project;
  const files = new Map(all.map((file) => [file.path, file]));
  const own = files.get(inFolder(root, 'package.json'));
  if (!own) throw new PetriError('manifest-invalid', `${inFolder(root, 'package.json')} is missing beside its lock.`, { details: [project.manifest] });
  const manifests = all.filter(({ path }) => nameOf(path) === 'package.json');
  const read = manifests.map(readPackageJson);
  const requested = read.flatMap((one) => one.requested.filter((each) => !isMember(each)));
  for (const one of requested) if (one.source) refuseElsewhere(one, root, files);
  const lock = nameOf(project.manifest) === 'package.json' ? undefined : files.get(project.manifest);
  const { tool, version, content, count } = readLock(lock, registries);
  const wanted = wantedNode(root, files, read[manifests.indexOf(own)]!.all);
  const nothing = requested.length === 0;
  if (nothing && suitsOurs(wanted)) return { requested, packages: 0, steps: [], locks: [] };
  const inSet = (path: string) => `node/${root === '' ? path : path.slice(root.length + 1)}`;
  const kept = all.filter(({ path }) => path !== project.manifest || !lock);
  const script = (what: string) => `sh ${SCRATCH}/install.sh ${what} ${tool} ${version}`;
  const explain = explainNode(lock?.path);
  const remarks = [deprecatedRemark(requested), enginesRemark([...read.map(({ name }) => name ?? ''), ...requested.map(({ name }) => name)])];
  const remark = (line: string) => remarks.map((each) => each(line)).find((found) => found !== undefined);
  const environment = { PETRI_PROJECT: root === '' ? '/sandbox/workspace' : `/sandbox/workspace/${root}`, ...(wanted !== undefined && { PETRI_NODE: wanted }) };
  const programs = [{ path: 'scratch/install.sh', content: program }, { path: 'scratch/runtime.cjs', content: runtime }, { path: 'scratch/finish.cjs', content: finish }];
  const download = { title: 'Downloading', network: true, environment, remark, explain };
  if (nothing) return { requested, packages: undefined, files: programs, steps: [{ ...download, script: `sh ${SCRATCH}/install.sh fetch none` }], locks: [] };
  return {
    requested, packages: count,
    files: [
      ...kept.filter(({ path }) => !/lock/.test(nameOf(path))).map(({ path, content: bytes }) => ({ path: inSet(path), content: bytes })),
      ...(lock && content !== undefined ? [{ path: inSet(lock.path), content }] : []),
      ...programs,
    ],
    steps: [
      { ...download, script: script('fetch'), progress: nodeProgress(count) },
      { title: 'Building', network: false, script: script('build'), environment, explain },
    ],
    locks: tool === 'npm' && registries?.mirrors?.npm === undefined ? [{ from: 'node/offered-lock.json', path: inFolder(root, 'package-lock.json') }] : [],
  };
}

interface Lock { tool: 'npm' | 'pnpm' | 'yarn' | 'berry'; version: string; content: string | Buffer | undefined; count: number | undefined }

function readLock(file: ManifestFile | undefined, registries: RegistryHosts | undefined): Lock {
  if (!file) return { tool: 'npm', version: '', content: undefined, count: undefined };
  const name = nameOf(file.path);
  if (name === 'pnpm-lock.yaml') return readPnpmLock(file);
  if (name === 'yarn.lock') return yarnLock(file, registries);
  const { lock, count } = withoutAddresses(readJson(file), file.path, registries);
  return { tool: 'npm', version: '', content: JSON.stringify(lock), count };
}

/** By its hashes alone: pnpm's locks name addresses only for what comes from elsewhere. */
function readPnpmLock(file: ManifestFile): Lock {
  let lock;
  try {
    lock = record(parse(file.content.toString('utf8'), { maxAliasCount: 0 }));
  } catch (error) {
    const line = (error as { linePos?: Array<{ line: number }> }).linePos?.[0]?.line ?? 1;
    throw new PetriError('manifest-invalid', `${file.path}:${line}: ${(error as Error).message.split('\n')[0]}`, { action: 'Make it anew: pnpm install.', details: [`${file.path}:${line}`] });
  }
  const packages = Object.entries(record(lock.packages));
  for (const [name, entry] of packages) {
    const resolution = record(record(entry).resolution);
    const address = [resolution.repo, resolution.tarball, resolution.directory].find((one) => typeof one === 'string') as string | undefined;
    if (resolution.type === 'git' || (address !== undefined && resolution.integrity === undefined)) {
      throw refused({ name, path: file.path, source: { kind: resolution.type === 'git' ? 'git' : 'url', address: address ?? name } }, 'only packages of the registry are installed');
    }
  }
  const made = Number.parseFloat(String(lock.lockfileVersion));
  return { tool: 'pnpm', version: made >= 9 ? '9' : made >= 6 ? '8' : '7', content: file.content, count: packages.length };
}

function isMember({ version = '' }: Requested): boolean {
  return version.startsWith('workspace:');
}

/** A folder of the workspace is the user's own; everything else is not fetched. */
function refuseElsewhere(one: Requested, root: string, files: ReadonlyMap<string, ManifestFile>): void {
  const source = sourceOf(one.version ?? '')!;
  if (source.kind !== 'path') throw refused({ ...one, source }, 'only packages of the registry are installed');
  const parts = [...folderOf(one.path).split('/'), ...source.address.split('/')].filter((part) => part !== '' && part !== '.');
  const target: string[] = [];
  for (const part of parts) if (part !== '..') target.push(part); else if (target.pop() === undefined) throw refused({ ...one, source }, 'it lies outside the workspace');
  const path = target.join('/');
  if (!files.has(inFolder(path, 'package.json')) || !(root === '' || path.startsWith(`${root}/`))) throw refused({ ...one, source }, 'it is no folder of this project');
}
