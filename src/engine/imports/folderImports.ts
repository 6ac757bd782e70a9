import { posix, win32 } from 'node:path';
import type { AddDependency, ManifestEdit, MissingImport } from '../../protocol/missing';
import type { Language } from '../../protocol/sandbox';
import { addDependency } from '../dependencies/add/addDependency';
import { PetriError } from '../errors';
import { HostFileError, type FileSource } from '../ports/fileSource';
import type { LiveSandbox } from '../sandbox/liveSandbox';

/** What the folder's sources, as they were last synced, import and nothing serves. Nothing is known before the first sync. */
export async function missingImports(live: LiveSandbox): Promise<MissingImport[]> {
  const { engine, gate, images } = live.deps;
  await gate.open();
  const image = await engine.inspectImage(images.reference(live.row));
  return image && live.workspace.seeded ? live.imports.all(image.id) : [];
}

/** Looked for where no project is known yet: what is written by hand, in the order of trust. */
const USUAL: Record<Language, string[]> = { python: ['pyproject.toml', 'requirements.txt'], node: ['package.json'], go: ['go.mod'], java: ['pom.xml', 'build.gradle', 'build.gradle.kts'] };

/** The edit that names one package more in the folder's manifest, as the folder has it at this moment. */
export async function addToFolder(live: LiveSandbox, request: AddDependency): Promise<ManifestEdit> {
  const source = live.row.folder === null ? undefined : live.folder()?.source;
  if (!source || live.row.folder === null) {
    throw new PetriError('bad-request', 'This sandbox has no folder whose manifest could be changed.', { action: 'Change the manifest where its files come from.' });
  }
  const language = live.row.language as Language;
  const known = live.dependencies.describe().projects.find(({ chosen }) => chosen)?.manifest;
  const chosen = known || USUAL[language].find((name) => source.stat(name)?.type === 'file') || '';
  const name = (live.row.folder.includes('\\') ? win32 : posix).basename(live.row.folder);
  return addDependency(language, request, chosen, name, (path) => readFile(source, path));
}

function readFile(source: FileSource, path: string): Buffer | undefined {
  try {
    const stat = source.stat(path);
    if (!stat) return undefined;
    return source.readSmall(path);
  } catch (error) {
    if (!(error instanceof HostFileError)) throw error;
    throw new PetriError('manifest-invalid', `${path} cannot be read: ${error.reason}.`, { action: 'Name another manifest.', details: [path], cause: error });
  }
}
