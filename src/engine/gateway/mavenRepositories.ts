import { XMLParser } from 'fast-xml-parser';

interface Pom { project?: { repositories?: Repositories; pluginRepositories?: { pluginRepository?: Repository[] } } }
interface Repositories { repository?: Repository[] }
interface Repository { url?: string }
interface Settings { settings?: { mirrors?: { mirror?: Array<{ url?: string; mirrorOf?: string }> } } }

const LISTS = ['repository', 'pluginRepository', 'mirror', 'server', 'proxy'];
// Entities are left as they are: a file that declares some does not grow in here.
const parser = new XMLParser({ isArray: (name) => LISTS.includes(name), parseTagValue: false, processEntities: false });

/** URLs of the repositories that a POM (Maven's own "super POM") downloads from. */
export function repositoriesOf(pom: string): string[] {
  const { project } = parsed<Pom>(pom);
  return urls([...project?.repositories?.repository ?? [], ...project?.pluginRepositories?.pluginRepository ?? []]);
}

/** The mirror for everything, or for Maven's central repository, that a settings.xml names. */
export function mirrorOf(settings: string): string | undefined {
  const mirrors = parsed<Settings>(settings).settings?.mirrors?.mirror ?? [];
  return urls(mirrors.filter(({ mirrorOf = '' }) => mirrorOf.split(',').some((pattern) => ['*', 'central', 'external:*'].includes(pattern.trim()))))[0];
}

/** What Maven could not read either names nothing. */
function parsed<T extends object>(text: string): Partial<T> {
  try {
    return parser.parse(text) as T;
  } catch {
    return {};
  }
}

function urls(repositories: Repository[]): string[] {
  return [...new Set(repositories.flatMap(({ url }) => (typeof url === 'string' ? [url.trim()] : [])))];
}
