import type { DependencyAdapter } from '../adapter';
import { nameOf } from '../manifestPaths';
import { pythonImports } from './imports';
import { planPython } from './plan';
import { findProjects } from './projects';
import { includedPaths } from './requirements';

const VENV = '/sandbox/deps/venv';

/** A virtual environment at one fixed path, filled by the image's own pip. */
export const python: DependencyAdapter = {
  language: 'python',
  version: 3,
  folders: ['venv'],
  imports: pythonImports,
  find: findProjects,
  includes: (_project, files) => includedPaths(files.filter(({ path }) => /\.(txt|in)$/.test(nameOf(path)))),
  plan: planPython,
  environment: () => ({ PATH: `${VENV}/bin`, VIRTUAL_ENV: VENV }),
  links: () => [],
};
