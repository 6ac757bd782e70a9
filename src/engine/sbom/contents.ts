import type { Language } from '../../protocol/sandbox';
import { completedMods, goContents } from './go';
import { javaContents } from './java';
import type { MetadataReader } from './metadataReader';
import { nodeContents } from './node';
import type { Contents } from './package';
import { pythonContents } from './python';

/** Where the adapters put things: see each language's own in engine/dependencies. */
const PLACES = {
  python: '/sandbox/deps/venv/lib', node: '/sandbox/deps/node',
  go: '/sandbox/deps/go/mod', goCompleted: '/sandbox/deps/go/project', goToolchains: '/sandbox/deps/go/toolchain',
  java: '/sandbox/deps/m2', gradle: '/sandbox/deps/gradle/home/caches/modules-2/files-2.1', javaLists: '/sandbox/deps/java',
};

/** What a dependency set holds. `goMods`: go.mod of each of the project's modules, as the set was installed from them. */
export async function setContents(reader: MetadataReader, language: Language, goMods: readonly string[]): Promise<Contents> {
  const contents = await read(reader, language, goMods);
  return { ...contents, incomplete: [...contents.incomplete, ...reader.leftOut] };
}

async function read(reader: MetadataReader, language: Language, goMods: readonly string[]): Promise<Contents> {
  switch (language) {
    case 'python': return pythonContents(reader, [PLACES.python]);
    case 'node': return nodeContents(reader, [PLACES.node]);
    case 'go': return goContents(reader, PLACES.go, PLACES.goToolchains, await completedMods(reader, PLACES.goCompleted, goMods));
    case 'java': return javaContents(reader, PLACES.java, PLACES.javaLists, PLACES.gradle);
  }
}
