import type { InstallStep } from '../adapter';

const RANGE = String.raw`([\w.<>=|^~* -]{1,60})`;
const NPM = { package: /^npm warn EBADENGINE\s+package: '([^']{1,200})'/i, wanted: npmLine('required'), image: npmLine('current') };
/** Of the project itself; what it says of packages begins with their place. */
const PNPM = new RegExp(String.raw`^\s*WARN\s+Unsupported engine: wanted: \{.*"node":"${RANGE}".*\(current: \{"node":"v?${RANGE}"`);

/** Who of those that the manifests name wants another Node than the image's; that decides nothing, but is why it may fail. npm tells it line by line. */
export function enginesRemark(names: readonly string[]): NonNullable<InstallStep['remark']> {
  const own = new Set(names);
  let who = '';
  let wanted: string | undefined;
  return (line) => {
    const [, projects, running] = PNPM.exec(line) ?? [];
    if (projects !== undefined) return sentence('The project', projects, running!);
    const named = NPM.package.exec(line)?.[1];
    if (named !== undefined) [who, wanted] = [named, undefined];
    wanted ??= NPM.wanted.exec(line)?.[1];
    const image = NPM.image.exec(line)?.[1];
    if (image === undefined || wanted === undefined || !own.has(who.replace(/(?!^)@.*/, ''))) return undefined;
    return sentence(who, wanted, image);
  };
}

function npmLine(key: string): RegExp {
  return new RegExp(String.raw`^npm warn EBADENGINE\s+${key}: \{.*\bnode: 'v?${RANGE}'`, 'i');
}

function sentence(who: string, wanted: string, image: string): string {
  return `${who} asks for Node ${wanted}; the image has ${image}. If that is why something fails: jhansi.sandbox.image, or petri run --image, takes another.`;
}
