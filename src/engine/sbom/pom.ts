import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { clean } from './text';

export interface Coordinates { group: string; artifact: string; version: string }
export interface Pom extends Coordinates {
  parent: Coordinates | undefined;
  licences: Array<{ name: string; url: string }>;
  /** `group:artifact` of what it declares, without tests and what is optional. */
  dependencies: string[];
}

/** A project's own description; undefined for what is no XML or no POM. Nothing of it is resolved but its own coordinates. */
export function parsePom(content: Buffer): Pom | undefined {
  let root: XmlElement | null;
  try {
    root = parseXml(content.toString('utf8'), { ignoreUndefinedEntities: true }).root;
  } catch {
    return undefined; // also a nesting deeper than the stack
  }
  if (root?.name !== 'project') return undefined;
  const parent = child(root, 'parent');
  const above = parent && coordinates(parent);
  const own = coordinates(root);
  const values: Record<string, string> = { 'project.groupId': own.group || above?.group || '', 'project.version': own.version || above?.version || '', 'pom.groupId': own.group || above?.group || '' };
  const filled = (text: string) => text.replace(/\$\{([\w.]+)\}/g, (whole, name: string) => values[name] ?? whole);
  return {
    group: own.group || above?.group || '', artifact: own.artifact, version: own.version || above?.version || '', parent: above,
    licences: children(child(root, 'licenses'), 'license').slice(0, 20).map((licence) => ({ name: text(licence, 'name'), url: text(licence, 'url') })),
    dependencies: children(child(root, 'dependencies'), 'dependency')
      .filter((one) => !/^(test|provided|system)$/.test(text(one, 'scope')) && text(one, 'optional') !== 'true')
      .map((one) => `${filled(text(one, 'groupId'))}:${filled(text(one, 'artifactId'))}`),
  };
}

function coordinates(element: XmlElement): Coordinates {
  return { group: text(element, 'groupId'), artifact: text(element, 'artifactId'), version: text(element, 'version') };
}

export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return children(element, name)[0];
}

export function children(element: XmlElement | undefined, name: string | undefined): XmlElement[] {
  return (element?.children ?? []).filter((one): one is XmlElement => one instanceof XmlElement && (name === undefined || one.name === name));
}

function text(element: XmlElement, name: string): string {
  return clean(child(element, name)?.text ?? '');
}
