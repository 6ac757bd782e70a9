import { goImports } from '../../imports/goImports';
import { goModuleOf } from '../../imports/known/go';
import type { ImportScan, InstallPlan } from '../adapter';
import { isForeign } from '../manifestPaths';
import { explainGo } from './explainGo';
import { goProgress } from './goProgress';
import { GO_ENVIRONMENT, importsScript } from './goScript';

/** What of a list a sentence names. */
const MOST_NAMED = 10;

/** What Go files import where no go.mod says what they need. */
export const goImportScan: ImportScan = {
  source: (path) => path.endsWith('.go') && !isForeign(path) && !/(^|\/)[_.]/.test(path),
  gist: (content) => addresses(goImports(content.toString('utf8')).map(({ name }) => name)).join('\n'),
  // Only the heads of files travel: the package clause and what follows up to the first declaration that is no import.
  argv: ['xargs', '-0r', 'awk', 'FNR == 1 { head = 1; clause = 0; print "\\f" } /^package / { clause = 1 } '
    + 'clause && /^(func|type|var|const)[^a-zA-Z0-9_]/ { head = 0 } head'],
  plan: (printed) => planImports(addresses(printed.split('\f\n').flatMap((head) => goImports(head)).map(({ name }) => name))),
};

/** Standard packages and the folder's own have no dot in their first part. */
function addresses(paths: string[]): string[] {
  return [...new Set(paths.filter((path) => /^[^./][^/]*\./.test(path)))].sort();
}

function planImports(paths: string[]): InstallPlan {
  const packages = paths.flatMap((path) => {
    const module = goModuleOf(path);
    return module === undefined ? [] : [{ path, module }];
  });
  const modules = [...new Set(packages.map(({ module }) => module))];
  const unknown = paths.filter((path) => goModuleOf(path) === undefined);
  const named = `${unknown.slice(0, MOST_NAMED).join(', ')}${unknown.length > MOST_NAMED ? ', …' : ''}`;
  return {
    requested: modules.map((name) => ({ name, path: '' })),
    notices: unknown.length === 0 ? [] : [`Not installed, because no go.mod asks for them and nobody has vouched for them here: ${named}.`],
    packages: undefined,
    steps: packages.length === 0 ? [] : [{
      title: 'Downloading', network: true, environment: GO_ENVIRONMENT,
      script: importsScript(packages), progress: goProgress(undefined), explain: explainGo(''),
    }],
    locks: [],
  };
}
