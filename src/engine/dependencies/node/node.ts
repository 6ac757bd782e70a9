import type { DependencyAdapter, Project } from '../adapter';
import { folderOf, inFolder, nameOf } from '../manifestPaths';
import { planNode } from './plan';
import { findProjects } from './projects';

const MODULES = '/sandbox/deps/node';
/** Where the Node lies that a project asked for, if that is not the image's. */
const RUNTIME = '/sandbox/deps/runtime';
const CACHES = '/sandbox/home/.cache/node_modules';

/** node_modules in the set, and a link to it where Node looks; one more for every member of a workspace that has some of its own. */
export const node: DependencyAdapter = {
  language: 'node',
  version: 3,
  folders: ['node', 'runtime'],
  find: findProjects,
  plan: planNode,
  environment: () => ({ PATH: `${MODULES}/node_modules/.bin:${RUNTIME}/node_modules/.bin` }),
  links: (project) => [
    { path: inFolder(project.root, 'node_modules'), target: `${MODULES}/node_modules` },
    ...members(project).map((folder) => ({
      path: inFolder(folder, 'node_modules'), target: `${MODULES}/${project.root === '' ? folder : folder.slice(project.root.length + 1)}/node_modules`,
    })),
  ],
  caches: () => ['.cache', '.vite', '.vite-temp', '.vitest'].map((name) => `${CACHES}/${name}`),
};

function members({ root, inputs }: Project): string[] {
  return inputs.filter((path) => nameOf(path) === 'package.json').map(folderOf).filter((folder) => folder !== root);
}
