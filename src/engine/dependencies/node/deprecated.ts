import type { InstallStep, Requested } from '../adapter';

const SAID = [
  /^npm warn deprecated (@?[^\s@]+)@(\S+?): (.+)$/i,
  /^\s*WARN\s+deprecated (@?[^\s@]+)@(\S+?)(?:: (.+))?$/,
  /^warning (@?[^\s@>]+)@(\S+?): (.+)$/,
  /YN0061:.*?(@?[^\s@│]+)@npm:(\S+) is deprecated(?:: (.+))?$/,
];

/** Of what the manifests name themselves: what others depend on nobody here can change, and the log has it. */
export function deprecatedRemark(requested: readonly Requested[]): NonNullable<InstallStep['remark']> {
  const places = new Map(requested.map(({ name, path, line }) => [name, line === undefined ? path : `${path}:${line}`]));
  return (line) => {
    for (const pattern of SAID) {
      const [, name = '', version, why] = pattern.exec(line) ?? [];
      const place = places.get(name);
      if (place !== undefined) return `${place}: ${name} ${version} is deprecated by its authors${why === undefined ? '' : `: ${why.slice(0, 300).replace(/[\s.]+$/, '')}`}.`;
    }
    return undefined;
  };
}
