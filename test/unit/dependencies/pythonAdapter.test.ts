import assert from 'node:assert/strict';
import type { InstallPlan, PlanOptions } from '../../../src/engine/dependencies/adapter';
import { reach } from '../../../src/engine/dependencies/python/graph';
import { explainPip, pipProgress } from '../../../src/engine/dependencies/python/explain';
import { pythonImports } from '../../../src/engine/dependencies/python/imports';
import { poetryRange } from '../../../src/engine/dependencies/python/pyproject';
import type { PythonPlan } from '../../../src/engine/dependencies/python/plan';
import { python } from '../../../src/engine/dependencies/python/python';

const REGISTRIES = { hosts: ['index.test', 'files.test'], aliases: {} };
const H = (digit: string) => digit.repeat(64);

/** Plans the first project found, as the core does: inputs, then what they include. */
function plan(files: Record<string, string | Buffer>, options: PlanOptions = {}, manifest?: string): InstallPlan & { told: Pick<PythonPlan, 'requirements' | 'hashed' | 'build' | 'constraints' | 'python'> } {
  const project = python.find(Object.keys(files)).find((one) => manifest === undefined || one.manifest === manifest)!;
  const wanted = new Set(project.inputs);
  const read = () => [...wanted].filter((path) => path in files).map((path) => ({ path, content: Buffer.from(files[path]!) }));
  for (let size = -1; size !== wanted.size;) {
    size = wanted.size;
    for (const path of python.includes!(project, read())) wanted.add(path);
  }
  const made = python.plan(project, read(), { registries: REGISTRIES, ...options });
  const told = made.files?.find(({ path }) => path === 'scratch/plan.json')?.content;
  return { ...made, told: told === undefined ? { requirements: [], hashed: false, build: null, constraints: [], python: null } : JSON.parse(String(told)) };
}

describe('the Python adapter', () => {
  it('finds projects in the order of trust, one a folder, and no one else\'s', () => {
    const found = python.find([
      'a/b/setup.py', 'requirements.txt', 'requirements-dev.txt', 'pyproject.toml', 'uv.lock', 'node_modules/x/setup.py', '.venv/lib/pyproject.toml', 'tests/data/requirements.txt', 'back/poetry.lock', 'back/pyproject.toml',
    ]).map(({ manifest }) => manifest);
    assert.deepEqual(found, ['uv.lock', 'back/poetry.lock', 'a/b/setup.py', 'tests/data/requirements.txt', 'requirements-dev.txt', 'requirements.txt']);
  });

  describe('reads requirements as pip does', () => {
    it('with includes, constraints, continuations, comments, markers, hashes, and in UTF-16', () => {
      const { told, requested } = plan({
        'requirements.txt': Buffer.from(`\uFEFF-r base/common.txt\r\n-c limits.txt\r\nflask[async] >= 2, < 4 ; python_version > "3.8"  # why\r\n`, 'utf16le'),
        'base/common.txt': 'requests==2.32.0 \\\n  --hash=sha256:' + H('a') + ' \\\n  --hash=sha256:' + H('b') + '\n', 'limits.txt': 'urllib3<3\n',
      });
      assert.deepEqual(told.requirements, [`requests==2.32.0   --hash=sha256:${H('a')}   --hash=sha256:${H('b')}`, 'flask[async] >= 2, < 4 ; python_version > "3.8"']);
      assert.deepEqual([told.hashed, told.constraints], [true, ['urllib3<3']]);
      assert.deepEqual(requested.map(({ name, version, path, line }) => [name, version, path, line]), [['requests', '==2.32.0', 'base/common.txt', 1], ['flask', '>= 2, < 4', 'requirements.txt', 3]]);
    });

    const refusals: Array<[string, string, RegExp]> = [
      ['a git address', 'git+https://user:secret@example.test/x.git', /requirements\.txt:1 asks for a git repository, git\+https:\/\/example\.test/],
      ['an archive', 'pkg @ https://example.test/pkg.whl', /asks for an address/],
      ['a folder outside', '-e ../other', /outside the workspace/],
      ['conda\'s leftovers', 'numpy @ file:///home/conda/numpy', /outside the workspace/],
      ['another registry', '--extra-index-url https://evil.test/simple\nflask', /requirements\.txt:1 asks for another registry, https:\/\/evil\.test/],
    ];
    for (const [what, text, message] of refusals) {
      it(`refuses ${what}, with the line and without secrets`, () => assert.throws(() => plan({ 'requirements.txt': text }), { code: 'source-refused', message }));
    }

    it('names file and line of what is no requirement, or includes what is not there', () => {
      assert.throws(() => plan({ 'requirements.txt': 'flask\n\nthis is prose\n' }), { code: 'manifest-invalid', message: /requirements\.txt:3/ });
      assert.throws(() => plan({ 'requirements.txt': '-r ../../etc/passwd\n' }), { code: 'manifest-invalid', message: /requirements\.txt:1/ });
    });

    it('allows the image\'s own registry to be named', () => assert.deepEqual(plan({ 'requirements.txt': '-i https://index.test/simple\nflask\n' }).told.requirements, ['flask']));
    it('may be empty: then there is nothing to do', () => assert.deepEqual(plan({ 'requirements.txt': '# nothing yet\n' }).steps, []));
  });

  describe('reads pyproject.toml', () => {
    it('with dependencies, the dev group, groups in groups and extras', () => {
      const { told } = plan({
        'pyproject.toml': `[project]\nname = "x"\ndependencies = ["a>=1", "b"]\noptional-dependencies.fast = ["c"]\n[dependency-groups]\ndev = ["d", {include-group = "test"}]\ntest = ["e"]\nother = ["f"]\n[build-system]\nrequires = ["hatchling"]\n`,
      }, { groups: ['fast'] });
      assert.deepEqual(told.requirements, ['a>=1', 'b', 'c', 'd', 'e']);
      assert.deepEqual(told.build, { root: '', requires: ['hatchling'], dynamic: false, extras: ['fast'], required: false });
    });
    it('of Poetry without a lock', () => {
      const { told } = plan({ 'pyproject.toml': '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.9"\na = "^1.2"\nb = {version = "~2.3", extras = ["z"], markers = "sys_platform == \'linux\'"}\n' });
      assert.deepEqual(told.requirements, ['a>=1.2,<2', 'b[z]>=2.3,<2.4 ; (sys_platform == \'linux\')']);
    });
    it('with settings of tools alone: what stands beside it counts', () => {
      assert.deepEqual(plan({ 'pyproject.toml': '[tool.ruff]\nline-length = 100\n', 'requirements.txt': 'six\n' }).told.requirements, ['six']);
    });
    it('naming file and line of a mistake', () => assert.throws(() => plan({ 'pyproject.toml': '[project]\nname = "x\n' }), { code: 'manifest-invalid', message: /pyproject\.toml:2/ }));
    it('of setup.cfg', () => {
      assert.deepEqual(plan({ 'setup.cfg': '[metadata]\nname = x\n[options]\ninstall_requires =\n    a>=1,<2\n    b; python_version<"3"\n[options.extras_require]\ntest =\n  c\n' }, { groups: ['test'] }).told.requirements, ['a>=1,<2', 'b; python_version<"3"', 'c']);
    });
  });

  it('turns Poetry\'s ranges into pip\'s', () => {
    const ranges = ['^1.2.3', '^0.2', '^0.0.3', '~1.2', '~1', '1.2', '*', '>=1, <3', '^1.2b1'].map(poetryRange);
    assert.deepEqual(ranges, ['>=1.2.3,<2', '>=0.2,<0.3', '>=0.0.3,<0.0.4', '>=1.2,<1.3', '>=1,<2', '==1.2', '', '>=1,<3', '>=1.2b1,<2']);
  });

  const uv = (source: string, more = '') => `version = 1\n[[package]]\nname = "app"\nversion = "1"\nsource = { editable = "." }\ndependencies = [{ name = "a" }, { name = "w", marker = "sys_platform == 'win32'" }]\n[package.dev-dependencies]\ndev = [{ name = "t" }]\nslow = [{ name = "s" }]\n`
    + ['a', 'b', 't', 's', 'w', 'unused'].map((name) => `[[package]]\nname = "${name}"\nversion = "1.0"\nsource = ${name === 'a' ? source : '{ registry = "https://index.test/simple" }'}\nsdist = { url = "https://files.test/x", hash = "sha256:${H('c')}" }\n${name === 'a' ? 'dependencies = [{ name = "b", marker = "python_version < \'3.11\'" }]\n' : name === 'w' ? 'dependencies = [{ name = "b" }]\n' : ''}`).join('') + more;
  const HASH = ` --hash=sha256:${H('c')}`;
  it('reads uv.lock: what is reached, under which conditions, with hashes', () => {
    const { told, packages } = plan({ 'uv.lock': uv('{ registry = "https://index.test/simple" }') });
    assert.deepEqual(told.requirements, [
      `a==1.0${HASH}`, `b==1.0 ; ((sys_platform == 'win32')) or ((python_version < '3.11'))${HASH}`, `t==1.0${HASH}`, `w==1.0 ; (sys_platform == 'win32')${HASH}`,
    ]);
    assert.deepEqual([told.hashed, packages], [true, 4]);
  });
  it('installs uv\'s default groups, which the project may name, as uv does', () => {
    const groups = (pyproject: string) => plan({ 'pyproject.toml': `[project]\nname = "app"\n${pyproject}`, 'uv.lock': uv('{ registry = "https://index.test/simple" }') }).packages;
    assert.deepEqual(['', '[tool.uv]\ndefault-groups = []\n', '[tool.uv]\ndefault-groups = ["dev", "Slow"]\n', '[dependency-groups]\ndev = []\nslow = []\n[tool.uv]\ndefault-groups = "all"\n'].map(groups), [4, 3, 5, 5]);
    const written = '[project]\nname = "x"\n[dependency-groups]\ndev = ["d"]\ntests = ["t"]\n[tool.uv]\ndefault-groups = ["tests"]\n';
    assert.deepEqual(plan({ 'pyproject.toml': written }).told.requirements, ['t']);
  });
  it('refuses a lock\'s other registries and git addresses by name', () => {
    assert.throws(() => plan({ 'uv.lock': uv('{ registry = "https://evil.test/simple" }') }), { code: 'source-refused', message: /uv\.lock:\d+ asks for another registry, https:\/\/evil\.test/ });
    assert.throws(() => plan({ 'uv.lock': uv('{ git = "https://example.test/a#1" }') }), { code: 'source-refused', message: /git repository/ });
  });
  it('reads Poetry\'s lock by its groups and markers', () => {
    const lock = `[[package]]\nname = "A_b"\nversion = "1"\noptional = false\ngroups = ["main"]\nmarkers = "os_name == 'nt'"\nfiles = [{file = "x", hash = "sha256:${H('d')}"}]\n[[package]]\nname = "docs"\nversion = "2"\noptional = false\ngroups = ["docs"]\nfiles = []\n[metadata]\nlock-version = "2.1"\n`;
    assert.deepEqual(plan({ 'poetry.lock': lock, 'pyproject.toml': '[tool.poetry.group.docs]\noptional = true\n' }).told.requirements, [`A_b==1 ; (os_name == 'nt') --hash=sha256:${H('d')}`.replace('A_b', 'a-b')]);
  });
  it('reads the standard lock', () => {
    const lock = `lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\nmarker = "os_name == 'nt'"\n[[packages.wheels]]\nname = "a.whl"\nurl = "https://files.test/a.whl"\nhashes = {sha256 = "${H('e')}"}\n`;
    assert.deepEqual(plan({ 'pylock.toml': lock }).told.requirements, [`a==1 ; os_name == 'nt' --hash=sha256:${H('e')}`]);
  });
  it('tells how far a big download is', () => {
    const progress = pipProgress(3);
    const told = ['  1 of 2 MB', 'Collecting torch==2.9.1', '  141 of 899 MB', '  Downloading torch-2.9.1.whl (899 MB)', 'Installing collected packages: torch'].map((line) => progress(line));
    assert.deepEqual(told, [undefined, { message: 'Downloading torch…', done: 1, total: 3 }, { message: 'Downloading torch, 141 of 899 MB…', done: 1, total: 3 }, undefined, { message: 'Installing 1 package…' }]);
  });
  describe('a lock that another tool has made', () => {
    const entry = (name: string, marker = '', more = 'version = "1"') => `[[packages]]\nname = "${name}"\n${more}\n${marker === '' ? '' : `marker = '${marker}'\n`}wheels = [{ name = "${name}.whl", hashes = { sha256 = "${H('e')}" } }]\n`;
    const HASH_E = ` --hash=sha256:${H('e')}`;
    const pylock = (...entries: string[]) => ({ 'pylock.toml': `lock-version = "1.0"\nrequires-python = ">=3.9"\ndefault-groups = ["default"]\n${entries.join('')}` });

    it('may ask for groups and extras, which are settled before pip sees them: its defaults, dev, and what is chosen', () => {
      const all = pylock(
        entry('d', '"default" in dependency_groups'), entry('t', '"dev" in dependency_groups or "docs" in dependency_groups'), entry('o', '"docs" in dependency_groups'), entry('e', '"fast" in extras'),
        entry('m', '"docs" not in dependency_groups and os_name == "nt"'), entry('p', '("docs" in dependency_groups or "x" in extras) and os_name == "nt"'),
      );
      const NEVER = 'python_version < "0"';
      const both = [`m==1 ; python_version >= "0" and os_name == "nt"${HASH_E}`, `p==1 ; (${NEVER} or ${NEVER}) and os_name == "nt"${HASH_E}`];
      assert.deepEqual(plan(all).told.requirements, [`d==1${HASH_E}`, `t==1${HASH_E}`, ...both]);
      assert.deepEqual(plan(all, { groups: ['docs', 'fast'] }).told.requirements.slice(0, 4), ['d', 't', 'o', 'e'].map((name) => `${name}==1${HASH_E}`));
    });
    it('is refused with file and line when it is not whole, or of a later format', () => {
      const refused = (files: Record<string, string>, message: RegExp) => assert.throws(() => plan(files), { code: 'manifest-invalid', message });
      refused(pylock(entry('a'), entry('b', '', '')), /^pylock\.toml:9: b has no version\.$/);
      refused(pylock(entry('a'), entry('b').replace(/hashes = .*? \}/, 'hashes = {}')), /^pylock\.toml:9: b has no hash, and others have\.$/);
      refused({ 'pylock.toml': 'lock-version = "2.0"\n' }, /^pylock\.toml:1: a lock of version 2\.0 cannot be read/);
      const poetry = `[[package]]\nname = "a"\nversion = ""\ngroups = ["main"]\nfiles = [{file = "x", hash = "sha256:${H('d')}"}]\n`;
      refused({ 'poetry.lock': poetry, 'pyproject.toml': '' }, /^poetry\.lock:2: a has no version\.$/);
    });
    it('without any hash is told to be no more than versions; for which Pythons it is, is known inside', () => {
      const made = plan(pylock(entry('a').replace(/hashes = .*? \}/, 'hashes = {}')));
      assert.deepEqual([made.notices, made.told.requirements], [['pylock.toml has no hashes: that what is installed is what was locked, nobody can tell.'], ['a==1']]);
      assert.deepEqual([plan(pylock(entry('a'))).notices, plan(pylock(entry('a'))).told.python], [[], '>=3.9']);
    });
  });
  describe('makes a lock where there is none', () => {
    const offer = (made: InstallPlan) => (JSON.parse(String(made.files!.find(({ path }) => path === 'scratch/plan.json')!.content)) as PythonPlan);
    const locked = (madeFrom: string) => `lock-version = "1.0"\nenvironments = ["os_name == 'posix'"]\n[[packages]]\nname = "a"\nversion = "1"\nwheels = [{ name = "a.whl", url = "https://files.test/a.whl", hashes = { sha256 = "${H('e')}" } }]\n`
      + `[[packages]]\nname = "s"\nversion = "2"\nsdist = { name = "s.tar.gz", url = "https://files.test/s.tar.gz", hashes = { sha256 = "${H('f')}" } }\n[tool.petri]\nmade-from = "${madeFrom}"\n`;
    const LINES = [`a==1 --hash=sha256:${H('e')}`, `s==2 --hash=sha256:${H('f')}`];

    it('for requirements.txt and pyproject.toml, beside them', () => {
      assert.deepEqual(plan({ 'app/requirements.txt': 'a\n' }).locks, [{ from: 'venv/offered-pylock.toml', path: 'app/pylock.toml' }]);
      assert.equal(plan({ 'pyproject.toml': '[project]\nname = "x"\ndependencies = ["a"]\n' }).locks.length, 1);
    });
    it('but not where hashes stand already, where only building tells the dependencies, from a mirror, or for imports alone', () => {
      for (const [path, text] of [['requirements.txt', `a==1 --hash=sha256:${H('a')}\n`], ['setup.py', ''], ['requirements-dev.txt', 'a\n'], ['pylock.toml', locked('x')]] as const) {
        assert.deepEqual(plan({ [path]: text }).locks, [], path);
      }
      assert.deepEqual(plan({ 'requirements.txt': 'a\n' }, { registries: { ...REGISTRIES, mirrors: { pip: 'https://mirror.test/simple' } } }).locks, []);
      assert.deepEqual(pythonImports.plan(JSON.stringify({ imports: { yaml: at(1) }, broken: [] })).locks, []);
    });
    it('which is what is installed while the manifest asks for the same, and follows it when it does not', () => {
      const { offer: madeFrom } = offer(plan({ 'requirements.txt': '-r more.txt\ns\n', 'more.txt': 'a\n' }));
      const same = plan({ 'requirements.txt': '# a word\n-r more.txt\ns\n', 'more.txt': 'a\n', 'pylock.toml': locked(madeFrom!) });
      assert.deepEqual(offer(same).lock, { lines: LINES, versions: ['a==1'], current: true, environments: ['os_name == \'posix\''] });
      assert.deepEqual([same.packages, same.requested.map(({ path }) => path)], [2, ['pylock.toml', 'pylock.toml']]);
      const other = plan({ 'requirements.txt': '-r more.txt\ns\n', 'more.txt': 'a>1\n', 'pylock.toml': locked(madeFrom!) });
      assert.deepEqual([offer(other).lock!.current, other.told.requirements, other.locks.length], [false, ['a>1', 's'], 1]);
    });
    it('and never takes somebody else\'s lock for one of its own', () => {
      const made = plan({ 'requirements.txt': 'b\n', 'pylock.toml': locked('x').replace(/\[tool[^]*/, '') });
      assert.deepEqual([made.told.requirements, made.told.hashed, made.locks], [LINES, true, []]);
    });
  });
  it('ends on a lock whose packages need each other in circles', () => {
    const nodes = new Map(Array.from({ length: 60 }, (_, at) => [`${at}`, { name: `${at}`, version: '1', hashes: [], install: true, needs: Array.from({ length: 60 }, (_, to) => ({ to: `${to}`, marker: `m${at}-${to}` })) }]));
    assert.equal(reach(nodes, [{ to: '0', marker: '' }]).size, 60);
  });

  it('installs only curated names for imports, and names the others', () => {
    const made = pythonImports.plan(JSON.stringify({
      imports: { cv2: at(1), yaml: at(2), torch: at(3), company_secret: at(4), ujson: { ...at(5), guarded: true }, maybe: { ...at(6), guarded: true } }, broken: ['b.py'],
    }));
    assert.deepEqual(made.requested.map(({ name }) => name), ['opencv-python-headless', 'PyYAML', 'ujson']);
    assert.match(made.notices!.join('\n'), /company_secret \(m\.py:4\)[^]*torch \(m\.py:3\)/);
    assert.ok(!made.notices!.join('').includes('maybe'));
  });

  it('explains pip', () => {
    assert.equal(explainPip('petri-explains {"code":"version-yanked","message":"gone"}\n')?.code, 'version-yanked');
    assert.match(explainPip('ERROR: Cannot install a==1 and b==2 because these package versions have conflicting dependencies.\n    a 1 depends on c<1\nERROR: ResolutionImpossible')!.message, /a==1 and b==2.*a 1 depends on c<1/);
    assert.equal(explainPip('petri-explains {"code":"made-up","message":"x"}'), undefined);
  });
});

function at(line: number) {
  return { path: 'm.py', line, guarded: false };
}
