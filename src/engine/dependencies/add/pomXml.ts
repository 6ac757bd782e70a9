import { parseXml, type XmlElement } from '@rgrove/parse-xml';
import { child, children } from '../../sbom/pom';
import { indentOf, lineEnd, noPackage, notUnderstood, type ManifestEditor, type WantedPackage } from './edit';

const ARTIFACT = /^([\w.-]+):([\w.-]+)(?::([\w.-]+))?$/;

/** `group:artifact[:version]`. Without a version Maven takes the newest release, and its lock of it is the install's. */
export const pomXml: ManifestEditor = {
  parse(wanted) {
    const match = ARTIFACT.exec(wanted.trim());
    if (!match) throw noPackage(wanted, 'com.google.guava:guava or com.google.guava:guava:33.0.0-jre');
    return { name: `${match[1]}:${match[2]}`, version: match[3] ?? '' };
  },
  add(text, wanted, path) {
    const project = parsed(text, path);
    const list = child(project, 'dependencies');
    const isWanted = (one: XmlElement) => `${child(one, 'groupId')?.text.trim()}:${child(one, 'artifactId')?.text.trim()}` === wanted.name;
    if (children(list, 'dependency').some(isWanted)) return 'already';
    // What a parent or a bill of materials manages has its version there.
    const managed = children(child(child(project, 'dependencyManagement'), 'dependencies'), 'dependency').some(isWanted);
    const end = lineEnd(text);
    const unit = /^([ \t]+)</m.exec(text)?.[1] ?? '  ';
    if (list && !/\/>\s*$/.test(text.slice(list.start, list.end))) {
      const close = text.lastIndexOf('</', list.end);
      const outer = indentOf(text, close);
      const onOwnLine = text.slice(0, close).endsWith(`\n${outer}`);
      const block = dependency(wanted, managed, outer + unit, unit, end);
      return onOwnLine ? { from: close - outer.length, to: close - outer.length, text: block } : { from: close, to: close, text: `${end}${block}${indentOf(text, list.start)}` };
    }
    const block = `${unit}<dependencies>${end}${dependency(wanted, managed, unit + unit, unit, end)}${unit}</dependencies>${end}`;
    if (list) return { from: list.start, to: list.end, text: block.trim() };
    const close = text.lastIndexOf('</', project.end);
    return { from: close, to: close, text: block };
  },
  create: (wanted, folder) => [
    '<?xml version="1.0" encoding="UTF-8"?>', '<project xmlns="http://maven.apache.org/POM/4.0.0">', '  <modelVersion>4.0.0</modelVersion>',
    '  <groupId>sandbox</groupId>', `  <artifactId>${folder.replace(/[^\w.-]+/g, '-') || 'sandbox'}</artifactId>`, '  <version>1.0</version>',
    '  <properties>', '    <maven.compiler.release>21</maven.compiler.release>', '    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>', '  </properties>',
    `  <dependencies>\n${dependency(wanted, false, '    ', '  ', '\n')}  </dependencies>`, '</project>', '',
  ].join('\n'),
};

function parsed(text: string, path: string): XmlElement {
  try {
    const { root } = parseXml(text, { ignoreUndefinedEntities: true, includeOffsets: true });
    if (root?.name === 'project') return root;
  } catch (error) {
    throw notUnderstood(path, error instanceof Error ? error.message.split('\n', 1)[0]! : String(error));
  }
  throw notUnderstood(path, 'it is no Maven project');
}

function dependency({ name, version }: WantedPackage, managed: boolean, indent: string, unit: string, end: string): string {
  const [group, artifact] = name.split(':');
  const shown = version || (managed ? '' : 'RELEASE');
  const lines = [`<groupId>${group}</groupId>`, `<artifactId>${artifact}</artifactId>`, ...(shown ? [`<version>${shown}</version>`] : [])];
  return [`${indent}<dependency>`, ...lines.map((line) => `${indent}${unit}${line}`), `${indent}</dependency>`, ''].join(end);
}
