"""Installs a Python dependency set; travels into the install's containers as text.

`fetch` runs with the registry as its only door and lets pip take wheels alone: no code of any package runs. What has no
wheel is fetched as a source archive and left for `build`, which runs without a network; then `fetch` is called again.
"""
import base64, configparser, csv, hashlib, io, json, os, re, shutil, subprocess, sys, tarfile, time, urllib.error, urllib.parse, urllib.request, zipfile

from pip import __version__ as pip_version

DEPS = '/sandbox/deps'
SCRATCH = DEPS + '/scratch'
VENV = DEPS + '/venv'
PYTHON = VENV + '/bin/python'
WHEELHOUSE = SCRATCH + '/wheelhouse'  # what builds need, fetched as wheels
BUILT = SCRATCH + '/built'            # wheels made here
PENDING = SCRATCH + '/pending.json'   # source archives to build
SOURCES = SCRATCH + '/sources.json'   # where they came from
INSTALLED = SCRATCH + '/installed.json'
DYNAMIC = SCRATCH + '/dynamic.json'   # requirements that only a build could tell
REQUIREMENTS = SCRATCH + '/requirements.txt'
ASKED = 75
PATIENCE = 150  # seconds; a gateway's own is shorter

plan = json.load(open(SCRATCH + '/plan.json'))


def settle_lock():
    """A lock of ours holds for the requirements and the environment that it was made for; else its versions are kept where they can be."""
    from pip._vendor.packaging.markers import InvalidMarker, Marker
    lock = plan['lock']
    plan['prefer'] = []
    if not lock:
        return
    try:
        here = any(Marker(one).evaluate() for one in lock['environments'])
    except InvalidMarker:
        here = False
    if lock['current'] and here:
        plan.update(requirements=lock['lines'], constraints=[], hashed=True, offer=None)
        return
    if not os.path.exists(PYTHON):
        print('pylock.toml was made for %s: it is brought up to date.' % ('another Python' if lock['current'] else 'other requirements'), flush=True)
    plan['prefer'] = lock['versions']


def explain(code, message, **more):
    """One line for the runner; see explain.ts."""
    print('petri-explains ' + json.dumps({'code': code, 'message': message, **more}), file=sys.stderr, flush=True)


# Before 24.1 pip has nothing to say to a program.
RAW = 'raw' if tuple(int(part) for part in re.findall(r'\d+', pip_version)[:2]) >= (24, 1) else 'off'


def remark(message):
    """One line for the user, about what is installed all the same; see explain.ts."""
    print('petri: ' + ''.join(one if one.isprintable() else ' ' for one in message), flush=True)


def pip(*arguments, target=True):
    """Runs pip, its words passed on as they come. Answers its exit code and what it said."""
    command = [sys.executable, '-m', 'pip', *(['--python', PYTHON] if target else []), *arguments]
    environment = {**os.environ, 'PIP_NO_CACHE_DIR': '1', 'PIP_NO_INPUT': '1', 'PIP_PROGRESS_BAR': RAW, 'PYTHONUNBUFFERED': '1',
                   'PIP_DISABLE_PIP_VERSION_CHECK': '1', 'PIP_ROOT_USER_ACTION': 'ignore', 'PIP_CONFIG_FILE': os.devnull, 'PIP_NO_PYTHON_VERSION_WARNING': '1'}
    # The gateway tries again by itself, and knows when to give up.
    environment.update({'PIP_RETRIES': '2', 'PIP_DEFAULT_TIMEOUT': str(PATIENCE)})
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, text=True, errors='replace')
    said = []
    yanked, far = None, Far()
    for line in process.stdout:
        if found := re.fullmatch(r'Progress (\d+) of (\d+)\s*', line):
            far.tell(int(found[1]), int(found[2]))
            continue
        line = in_own_words(line)
        sys.stdout.write(line)
        sys.stdout.flush()
        said.append(line)
        del said[:-2000]
        if yanked:
            withdrawn(*yanked, (re.match(r'\s*Reason for being yanked: (.*)', line) or ['', ''])[1])
        yanked = YANKED.search(line)
        yanked = yanked and yanked.groups()
    return process.wait(), ''.join(said)


class Far:
    """How far a big download is: a line a second at most, and a hundred in all, since the log keeps them."""
    next, last = 0, None

    def tell(self, done, total):
        percent = total and done * 100 // total
        if total < 20_000_000 or percent == self.last or time.monotonic() < self.next:
            return
        self.next, self.last = time.monotonic() + 1, percent
        print('  %d of %d MB' % (done // 1_000_000, total // 1_000_000), flush=True)


YANKED = re.compile(r"is a yanked version: '([^']+)' candidate \(version (\S+)")


def withdrawn(name, version, reason):
    reason = '' if reason in ('', '<none given>') else ': %s' % reason[:300].rstrip('. ')
    remark('%s %s was withdrawn (yanked) by its authors%s. It is installed because exactly this version is asked for.' % (name, version, reason))


def written(name, lines):
    path = SCRATCH + '/' + name
    with open(path, 'w') as file:
        file.write('\n'.join(lines) + '\n')
    return path


def in_own_words(line):
    """pip speaks of lines of a file of ours that nobody knows: they are said as they stand in it."""
    line = re.sub(r'(?:->|(?<=\(from) )-r %s \(line \d+\)' % re.escape(REQUIREMENTS), '', line).replace(' (from)', '')
    return re.sub(r'-r %s \(line (\d+)\)' % re.escape(REQUIREMENTS), lambda found: wanted_line(int(found[1])), line)


def wanted_line(number):
    lines = open(REQUIREMENTS).read().splitlines()
    return re.sub(r'\s*--hash=\S+', '', lines[number - 1]).strip() if number <= len(lines) else 'a requirement'


def canonical(name):
    return re.sub(r'[-_.]+', '-', name).lower()


def load(path, default):
    return json.load(open(path)) if os.path.exists(path) else default


def save(path, value):
    with open(path, 'w') as file:
        json.dump(value, file)


# ---- with the network -------------------------------------------------------------------------------------------------

def tell_other_python():
    from pip._vendor.packaging.specifiers import SpecifierSet, InvalidSpecifier
    here = '%d.%d.%d' % sys.version_info[:3]
    try:
        if plan['python'] and not SpecifierSet(plan['python']).contains(here, prereleases=True):
            remark('The lock is for Python %s, and this is %s: another image may suit it better.' % (plan['python'], here))
    except InvalidSpecifier:
        pass


def fetch():
    if not os.path.exists(PYTHON):
        tell_other_python()
        # A folder made for us already: without --clear, venv takes it as it is. pip itself stays the image's.
        subprocess.run([sys.executable, '-m', 'venv', '--without-pip', VENV], check=True)
        # Written to the image's own cache folder by runs, or not at all: nothing here is writable then.
    built = [BUILT + '/' + name for name in sorted(os.listdir(BUILT))] if os.path.isdir(BUILT) else []
    done = {canonical(os.path.basename(wheel).split('-')[0]) for wheel in built}
    wanted = [line for line in plan['requirements'] if not plan['hashed'] or canonical(re.match(r'[\w.-]+', line)[0]) not in done]
    dynamic = load(DYNAMIC, [])
    code, said = 0, ''
    if wanted or dynamic:
        arguments = ['install', '--no-compile', '--only-binary', ':all:', '--no-warn-script-location', '--report', SCRATCH + '/report.json']
        if plan['hashed']:
            arguments += ['--require-hashes', '--no-deps']
        elif plan['pinned']:
            arguments += ['--no-deps']
        elif built:
            arguments += ['--find-links', BUILT]
        if plan['pre']:
            arguments += ['--pre']
        arguments += ['--requirement', written('requirements.txt', wanted + dynamic)]
        code, said = 1, ''
        for constraints in [plan['constraints'] + plan['prefer'], plan['constraints']] if plan['prefer'] else [plan['constraints']]:
            code, said = pip(*arguments, *(['--constraint', written('constraints.txt', constraints)] if constraints else []))
            if code == 0:
                remember()
            if code == 0 or not re.search(r'ResolutionImpossible|\(constraint\)|No matching distribution found for \S+==', said):
                break
    if code == 0 and built and (plan['hashed'] or plan['pinned']):
        code, said = pip('install', '--no-compile', '--no-deps', '--no-index', *built)
    if code != 0:
        missing = re.findall(r'No matching distribution found for ([A-Za-z0-9][\w.-]*)(\[[^\]]*\])?([^;(\n]*)', said)
        if not missing:
            sys.exit(code)
        name, _, specifier = missing[-1]
        fetch_source(name, specifier.strip())
    if plan['build'] and not os.path.exists(SCRATCH + '/project-built'):
        fetch_wheels(plan['build']['requires'])
    if os.path.exists(PENDING):
        sys.exit(ASKED)
    finish()


def fetch_wheels(requires):
    if requires:
        code, said = pip('download', '--only-binary', ':all:', '--dest', WHEELHOUSE, *requires, target=False)
        if code != 0:
            if 'Read timed out' not in said:
                explain('build-failed', 'What is needed to build this could not be fetched as wheels: %s.' % ', '.join(requires))
            sys.exit(code)


def fetch_source(name, specifier):
    """pip found no wheel of it. A source archive is fetched without running anything in it, or the reason is told."""
    from pip._vendor.packaging.specifiers import SpecifierSet, InvalidSpecifier
    from pip._vendor.packaging.utils import parse_sdist_filename, InvalidSdistFilename
    page, files = read_index(name)
    if not files:
        explain('package-unknown', 'The registry has no package named %s.' % name, name=name)
        sys.exit(1)
    try:
        specifiers = SpecifierSet(specifier)
    except InvalidSpecifier:
        specifiers = SpecifierSet()
    python = '%d.%d.%d' % sys.version_info[:3]
    found, yanked, elsewhere = [], False, False
    for file in files:
        try:
            _, version = parse_sdist_filename(file['filename'])
        except (InvalidSdistFilename, ValueError):
            continue
        if not specifiers.contains(version, prereleases=plan['pre'] or specifiers.prereleases or None):
            continue
        if file.get('yanked') and not specifier.startswith('=='):
            yanked = True
            continue
        if file.get('requires-python') and not SpecifierSet(file['requires-python']).contains(python):
            elsewhere = True
            continue
        found.append((version, file))
    if not found:
        has_any = any(matches(file['filename'], specifiers) for file in files)
        if yanked:
            explain('version-yanked', 'Every version of %s that fits %s was withdrawn by its authors.' % (name, specifier or 'any wish'), name=name)
        elif elsewhere or has_any:
            explain('no-build-for-platform', '%s%s has no build for Python %s on this platform.' % (name, specifier, python), name=name)
        else:
            explain('version-conflict', '%s has no version that fits %s.' % (name, specifier or 'any wish'), name=name)
        sys.exit(1)
    version, file = max(found, key=lambda one: one[0])
    if file.get('yanked'):
        withdrawn(name, version, file['yanked'] if isinstance(file['yanked'], str) else '')
    os.makedirs(SCRATCH + '/sources', exist_ok=True)
    archive = SCRATCH + '/sources/' + os.path.basename(file['filename'])
    print('Fetching the source of %s %s: it has no wheel for this platform' % (name, version), flush=True)
    digest = hashlib.sha256()
    with urllib.request.urlopen(urllib.parse.urljoin(page, file['url']), timeout=PATIENCE) as answer, open(archive, 'wb') as out:
        while chunk := answer.read(1 << 20):
            digest.update(chunk)
            out.write(chunk)
    stated = (file.get('hashes') or {}).get('sha256')
    save(SOURCES, {**load(SOURCES, {}), canonical(name): {'name': os.path.basename(archive), 'url': urllib.parse.urljoin(page, file['url']), 'sha256': digest.hexdigest()}})
    allowed = hashes_of(name) if plan['hashed'] else [stated] if stated else [digest.hexdigest()]
    if digest.hexdigest() not in allowed:
        explain('hash-mismatch', 'The source archive of %s %s is not what %s.' % (name, version, 'the lock names' if plan['hashed'] else 'the registry states'), name=name)
        sys.exit(1)
    fetch_wheels(build_requires(archive))
    save(PENDING, [archive])


def matches(filename, specifiers):
    from pip._vendor.packaging.utils import parse_wheel_filename
    try:
        return specifiers.contains(parse_wheel_filename(filename)[1], prereleases=True)
    except ValueError:
        return False


def hashes_of(name):
    for line in plan['requirements']:
        if canonical(re.match(r'[\w.-]+', line)[0]) == canonical(name):
            return re.findall(r'--hash=sha256:([0-9a-f]{64})', line)
    return []


def read_index(name):
    index = os.environ.get('PIP_INDEX_URL') or default_index()
    page = index.rstrip('/') + '/' + canonical(name) + '/'
    request = urllib.request.Request(page, headers={'Accept': 'application/vnd.pypi.simple.v1+json, text/html;q=0.1'})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            body = answer.read(64 << 20)
            if 'json' in answer.headers.get('Content-Type', ''):
                return answer.url, json.loads(body)['files']
            return answer.url, html_files(body.decode('utf-8', 'replace'))
    except urllib.error.HTTPError as error:
        if error.code in (404, 403):
            return page, []
        explain('registry-unreachable', 'The package index answers %d for %s.' % (error.code, name), name=name)
        sys.exit(1)
    except OSError as error:
        explain('registry-unreachable', 'The package index did not answer for %s: %s.' % (name, error), name=name)
        sys.exit(1)


def html_files(text):
    from html import unescape
    files = []
    for attributes, filename in re.findall(r'<a\s([^>]*)>([^<]+)</a>', text):
        href = re.search(r'href="([^"]*)"', attributes)
        if not href:
            continue
        url = unescape(href[1])
        digest = re.search(r'#sha256=([0-9a-f]{64})', url)
        python = re.search(r'data-requires-python="([^"]*)"', attributes)
        files.append({'filename': unescape(filename).strip(), 'url': url, 'yanked': 'data-yanked' in attributes,
                      'hashes': {'sha256': digest[1]} if digest else {}, 'requires-python': unescape(python[1]) if python else None})
    return files


def default_index():
    from pip._internal.models.index import PyPI
    return PyPI.simple_url


def build_requires(archive):
    """What a source archive's own pyproject.toml asks for, read without running any of it."""
    import tomllib
    try:
        if archive.endswith('.zip'):
            with zipfile.ZipFile(archive) as file:
                names = [name for name in file.namelist() if re.fullmatch(r'[^/]+/pyproject\.toml', name)]
                text = file.read(names[0]) if names else b''
        else:
            with tarfile.open(archive) as file:
                members = [one for one in file if re.fullmatch(r'(\./)?[^/]+/pyproject\.toml', one.name) and one.isfile()]
                text = file.extractfile(members[0]).read() if members else b''
        requires = tomllib.loads(text.decode()).get('build-system', {}).get('requires', [])
    except (tarfile.TarError, zipfile.BadZipFile, ValueError, OSError):
        requires = []
    return [*requires, 'setuptools', 'wheel']


# ---- a lock -----------------------------------------------------------------------------------------------------------

def remember():
    """What pip has installed, by its own report; a later round reports only what it adds."""
    installed = load(INSTALLED, {})
    for one in load(SCRATCH + '/report.json', {'install': []})['install']:
        url, archive = one['download_info']['url'], one['download_info'].get('archive_info', {})
        name = canonical(one['metadata']['name'])
        file = {'name': urllib.parse.unquote(os.path.basename(urllib.parse.urlsplit(url).path)), 'url': url, 'sha256': archive.get('hashes', {}).get('sha256')}
        installed[name] = {'version': one['metadata']['version'], 'file': load(SOURCES, {}).get(name) if url.startswith('file:') else file}
    save(INSTALLED, installed)


def write_lock():
    """A pylock.toml (PEP 751) with every archive of each version that may be chosen on Linux with this Python. No lock is better than one without hashes."""
    from concurrent.futures import ThreadPoolExecutor
    installed = load(INSTALLED, {})
    if any(not one['file'] or not one['file']['sha256'] for one in installed.values()):
        return
    with ThreadPoolExecutor(8) as pool:
        found = dict(zip(installed, pool.map(lambda one: archives(*one), installed.items())))
    quoted = json.dumps
    python = '%d.%d' % sys.version_info[:2]
    lines = ['# What was installed in the sandbox. Petri makes it anew when the manifest beside it asks for something else.', 'lock-version = "1.0"',
             'environments = [%s]' % quoted("sys_platform == 'linux' and implementation_name == '%s' and python_version == '%s'" % (sys.implementation.name, python)),
             'created-by = "petri"']
    entry = lambda file: '{ name = %s, url = %s, hashes = { sha256 = %s } }' % tuple(quoted(file[key]) for key in ('name', 'url', 'sha256'))
    for name in sorted(installed):
        lines += ['', '[[packages]]', 'name = %s' % quoted(name), 'version = %s' % quoted(installed[name]['version'])]
        wheels = [entry(file) for file in found[name] if file['name'].endswith('.whl')]
        lines += ['sdist = %s' % entry(file) for file in found[name] if not file['name'].endswith('.whl')][:1]
        lines += ['wheels = [', *('    %s,' % wheel for wheel in wheels), ']'] if wheels else []
    lines += ['', '[tool.petri]', 'made-from = %s' % quoted(plan['offer'])]
    with open(VENV + '/offered-pylock.toml', 'w') as file:
        file.write('\n'.join(lines) + '\n')


def archives(name, one):
    try:
        page, files = read_index(name)
    except (SystemExit, OSError, ValueError, KeyError):
        files = []
    fitting = [{'name': file['filename'], 'url': urllib.parse.urljoin(page, file['url']).split('#')[0], 'sha256': (file.get('hashes') or {}).get('sha256')}
               for file in files if fits(file['filename'], one['version'])]
    known = sorted((file for file in fitting if file['sha256']), key=lambda file: file['name'])
    return known if any(file['sha256'] == one['file']['sha256'] for file in known) else [one['file']]


def fits(filename, version):
    from pip._vendor.packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename
    from pip._vendor.packaging.version import InvalidVersion, Version
    try:
        if not filename.endswith('.whl'):
            return parse_sdist_filename(filename)[1] == Version(version)
        _, its_version, _, tags = parse_wheel_filename(filename)
    except (InvalidSdistFilename, InvalidWheelFilename, InvalidVersion, ValueError):
        return False
    own = ('cp%d%d' % sys.version_info[:2], 'py3', 'py%d%d' % sys.version_info[:2])
    return its_version == Version(version) and any(
        (tag.interpreter in own or tag.abi == 'abi3') and re.match('any$|manylinux|musllinux|linux', tag.platform) for tag in tags)


# ---- without a network ------------------------------------------------------------------------------------------------

OFFLINE = ['--no-index', '--find-links', WHEELHOUSE, '--no-deps']


def build():
    os.makedirs(BUILT, exist_ok=True)
    os.makedirs(WHEELHOUSE, exist_ok=True)
    # Isolated builds take what they need from the same folder.
    os.environ.update({'PIP_NO_INDEX': '1', 'PIP_FIND_LINKS': WHEELHOUSE})
    os.environ.pop('PIP_INDEX_URL', None)
    # -v: what a build says is told while it goes on, not when it has failed.
    for archive in load(PENDING, []):
        code, said = pip('-v', 'wheel', *OFFLINE, '--wheel-dir', BUILT, archive, target=False)
        if code != 0:
            failed(re.sub(r'\.(tar\.\w+|tgz|zip)$', '', os.path.basename(archive)), said)
    if os.path.exists(PENDING):
        os.remove(PENDING)
    if plan['build'] and not os.path.exists(SCRATCH + '/project-built'):
        build_project()
    sys.exit(ASKED)


def failed(what, said):
    compiler = re.search(r"(?:command|error: command) '([^']*(?:gcc|g\+\+|cc|clang|rustc|cargo|gfortran))'? (?:failed|not found)|No such file or directory: '([^']*(?:gcc|cc|cargo))'|can't find Rust compiler|Unknown compiler", said)
    about = re.split(r'-\d', what)[0]
    if compiler:
        explain('build-failed', '%s has to be compiled, and the image has no compiler.' % what, name=about,
                action='Choose a version that has a wheel, or name an image that has a compiler: petri run --image, or jhansi.sandbox.image.')
    else:
        explain('build-failed', '%s could not be built without a network.' % what, name=about,
                action='petri deps --log shows what its build said. Choose a version that has a wheel, or name an image that has it installed.')
    sys.exit(1)


def build_project():
    """The workspace's own package: its metadata and commands are installed, its code stays where it is, so that edits count at once."""
    source = '/sandbox/workspace/' + plan['build']['root'] if plan['build']['root'] else '/sandbox/workspace'
    copy = SCRATCH + '/project'
    shutil.rmtree(copy, ignore_errors=True)
    skipped = shutil.ignore_patterns('node_modules', '.venv', 'venv', '__pycache__', '.git', '.tox')
    shutil.copytree(source, copy, symlinks=True, ignore=skipped, ignore_dangling_symlinks=True)
    # Version control does not travel into a sandbox; a version is asked of it all the same.
    for name in ('SETUPTOOLS_SCM_PRETEND_VERSION', 'PBR_VERSION', 'PDM_BUILD_SCM_VERSION', 'POETRY_DYNAMIC_VERSIONING_BYPASS'):
        os.environ.setdefault(name, '0.0.0')
    out = SCRATCH + '/project-wheel'
    code, said = pip('-v', 'wheel', *OFFLINE, '--wheel-dir', out, copy, target=False)
    open(SCRATCH + '/project-built', 'w').close()
    if code != 0:
        if plan['build']['required']:
            failed(plan['build']['root'] or 'the project', said)
        print('The project itself could not be built; its code is used as it lies there.', flush=True)
        link_sources(source, [])
        return
    wheel = out + '/' + os.listdir(out)[0]
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
        if any(name.endswith(('.so', '.pyd')) for name in names):
            code, said = pip('install', '--no-compile', '--no-deps', '--no-index', wheel)
            return code and failed('the project', said)
        metadata = next(name for name in names if re.fullmatch(r'[^/]+\.dist-info/METADATA', name))
        if plan['build']['dynamic']:
            save(DYNAMIC, requirements_in(file.read(metadata).decode('utf-8', 'replace')))
        install_metadata(file, os.path.dirname(metadata))
        link_sources(source, names)


def requirements_in(text):
    from email.parser import HeaderParser
    from pip._vendor.packaging.requirements import Requirement
    found = []
    for line in HeaderParser().parsestr(text).get_all('Requires-Dist') or []:
        requirement = Requirement(line)
        if requirement.marker is None or any(requirement.marker.evaluate({'extra': extra}) for extra in ['', *plan['build']['extras']]):
            requirement.marker = None
            found.append(str(requirement))
    return found


def site_packages():
    return subprocess.check_output([PYTHON, '-I', '-c', 'import sysconfig; print(sysconfig.get_paths()["purelib"])'], text=True).strip()


def install_metadata(wheel, info):
    """A wheel with everything but its code, so that names, versions and commands are there."""
    stub = SCRATCH + '/' + os.path.basename(info).replace('.dist-info', '') + '-py3-none-any.whl'
    files = {name: wheel.read(name) for name in wheel.namelist() if name.startswith(info + '/') and not name.endswith(('/RECORD', '/'))}
    files[info + '/WHEEL'] = b'Wheel-Version: 1.0\nGenerator: petri\nRoot-Is-Purelib: true\nTag: py3-none-any\n'
    record = io.StringIO()
    rows = csv.writer(record, lineterminator='\n')
    with zipfile.ZipFile(stub, 'w') as out:
        for name, content in files.items():
            out.writestr(name, content)
            rows.writerow([name, 'sha256=' + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b'=').decode(), len(content)])
        rows.writerow([info + '/RECORD', '', ''])
        out.writestr(info + '/RECORD', record.getvalue())
    code, said = pip('install', '--no-compile', '--no-deps', '--no-index', '--force-reinstall', stub)
    if code:
        failed('the project', said)


def link_sources(source, names):
    """A .pth file with the folders from which the wheel's packages were taken; by convention src/ and the project itself."""
    tops = {name.split('/')[0] for name in names if '/' in name and '.dist-info' not in name and '.data/' not in name} | {name for name in names if '/' not in name}
    places = [place for place in (source + '/src', source + '/lib', source) if os.path.isdir(place)]
    used = [place for place in places if any(os.path.exists(place + '/' + top) for top in tops)]
    if not used:
        used = [place for place in (source + '/src', source) if os.path.isdir(place)]
    with open(site_packages() + '/petri-project-%s.pth' % hashlib.sha256(source.encode()).hexdigest()[:8], 'w') as file:
        file.write('\n'.join(used) + '\n')


# ---- the end ----------------------------------------------------------------------------------------------------------

def tell_overlaps():
    """pip lets the last of two packages that bring the same file win, and says nothing. Files that are alike in both do no harm."""
    site = site_packages()
    brought = {}
    for info in sorted(name for name in os.listdir(site) if name.endswith('.dist-info')):
        for path, digest in recorded(site + '/' + info):
            brought.setdefault(path, {})[distribution(info)] = digest
    clashes = {}
    for path, owners in brought.items():
        if len(set(owners.values())) > 1 and os.path.isfile(site + '/' + path):
            clashes.setdefault(tuple(sorted(owners)), []).append(path)
    for names, paths in sorted(clashes.items(), key=lambda one: -len(one[1]))[:5]:
        left = sorted({name for path in paths for name, digest in brought[path].items() if digest == digest_of(site + '/' + path)})
        paths.sort(key=lambda path: (path.startswith('..'), path.count('/'), path))
        shown = len(paths) if len(paths) < 5 else 3
        remark('%s overwrite each other: %s %s%s. What is there now is %s. Keep one of them.' % (
            ' and '.join(names), 'both bring' if len(names) == 2 else 'they all bring', ', '.join(path[:100] for path in paths[:shown]), ' and %d more files' % (len(paths) - shown) if shown < len(paths) else '',
            "%s's" % left[0] if len(left) == 1 else 'a mixture of them'))


def recorded(info):
    """Path and hash of what a distribution says that it installed."""
    try:
        with open(info + '/RECORD', newline='', errors='replace') as file:
            return [(os.path.normpath(row[0]), row[1]) for row in csv.reader(file) if len(row) > 1 and row[1]]
    except (OSError, csv.Error):
        return []


def distribution(info):
    """pyjwt of PyJWT-2.8.0.dist-info."""
    return canonical(info.split('-')[0])


def digest_of(path):
    with open(path, 'rb') as file:
        return 'sha256=' + base64.urlsafe_b64encode(hashlib.file_digest(file, 'sha256').digest()).rstrip(b'=').decode()


def finish():
    tell_overlaps()
    if plan['offer']:
        write_lock()
    for project in plan['sources']:
        link_sources('/sandbox/workspace/' + project if project else '/sandbox/workspace', [])


if __name__ == '__main__':
    settle_lock()
    {'fetch': fetch, 'build': build}[sys.argv[1]]()
