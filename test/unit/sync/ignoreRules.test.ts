import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { holdBackReason } from '../../../src/engine/sync/holdBack';
import { Session } from './support/session';

/** Paths that a scan would send, folders left out, sorted. */
async function sent(session: Session): Promise<string[]> {
  const scan = await session.scan();
  return [...scan.entries()].filter(([, side]) => side.type !== 'folder').map(([path]) => path).sort();
}

describe('what is held back', () => {
  let session: Session;
  beforeEach(() => { session = new Session(); });
  afterEach(() => session.dispose());

  it('secrets by name, and nothing that only resembles one', () => {
    const held = [
      '.env', '.env.local', '.ENV.production', '.envrc', 'server.pem', 'tls.key', 'store.JKS', 'cert.p12', 'cert.pfx', 'app.keystore',
      '.npmrc', '.netrc', '_netrc', '.pypirc',
      '.git-credentials', 'id_rsa', 'id_ed25519', 'ID_RSA', 'id_rsa.bak', 'id_ecdsa-work', 'id_dsa_old', 'id_ed25519_sk',
      'terraform.tfstate', 'terraform.tfstate.backup', '.git',
    ];
    const goes = [
      '.env.example', '.env.sample', '.env.template', '.env.production.example', 'id_rsa.pub', 'id_utils.py', 'id_rsa_parser.py',
      'identity.ts', 'id_rsapublic', 'key.ts', 'keys', 'pem',
      'environment.yml', 'config.json', 'credentials', 'settings.xml', '.gitignore', '.github', '.gitattributes', 'npmrc',
    ];
    for (const name of held) assert.ok(holdBackReason(name, 'src', false), `${name} must stay`);
    for (const name of goes) assert.equal(holdBackReason(name, 'src', false), undefined, `${name} must go`);
    for (const folder of ['.git', '.ssh', '.aws', '.gnupg', '.kube', '.azure']) {
      assert.ok(holdBackReason(folder, '', true), `${folder}/ must stay`);
    }
    assert.ok(holdBackReason('config.json', '.docker', false));
    assert.ok(holdBackReason('gcloud', '.config', true));
    assert.equal(holdBackReason('gcloud', 'docs', true), undefined);
  });

  it('is named with its reason, a folder once', async () => {
    session.host.write('.gitignore', 'build/\n*.log\n');
    session.host.write('build/deep/a.js', '');
    session.host.write('build/b.js', '');
    session.host.write('x.log', '');
    session.host.write('.env', 'TOKEN=1');
    session.host.write('.ssh/id_rsa', '');
    session.host.write('.git/HEAD', '');
    session.host.write('main.py', '');
    const scan = await session.scan();
    assert.deepEqual(scan.heldBack.sort((a, b) => (a.path < b.path ? -1 : 1)), [
      { path: '.env', why: 'environment settings, which often hold secrets' },
      { path: '.git', why: "git's own data" },
      { path: '.ssh', why: 'keys' },
      { path: 'build', why: '.gitignore: build/' },
      { path: 'x.log', why: '.gitignore: *.log' },
    ]);
    assert.deepEqual(await sent(session), ['.gitignore', 'main.py']);
  });

  it('goes all the same where the user allows it, and nothing else does', async () => {
    session.host.write('.gitignore', 'dist/\ndata/\n*.log\n');
    const held = [
      'dist/app.js', 'dist/sub/b.js', 'dist/server.pem', 'data/x/keep.csv', 'data/x/other.csv', 'data/y.csv', '.env', 'sub/.env', 'a.log',
      '.ssh/config', '.ssh/id_rsa',
    ];
    for (const path of held) session.host.write(path, '');
    const cases: Array<[string[], string[]]> = [
      [[], []],
      [['dist/'], ['dist/app.js', 'dist/sub/b.js']],
      [['dist/**'], ['dist/app.js', 'dist/server.pem', 'dist/sub/b.js']],
      [['/.env'], ['.env']],
      [['.env'], ['.env', 'sub/.env']],
      [['data/x/keep.csv'], ['data/x/keep.csv']],
      [['.ssh/'], ['.ssh/config']],
      [['*.log', '!a.log'], []],
    ];
    for (const [allow, more] of cases) {
      session.allow = allow;
      assert.deepEqual(await sent(session), ['.gitignore', ...more].sort(), JSON.stringify(allow));
    }
  });

  it('a changed .gitignore counts at once, also for files that did not change; what is newly held back leaves the sandbox', async () => {
    session.host.write('lib/.gitignore', '*.tmp\n');
    session.host.write('lib/a.tmp', '1');
    session.host.write('lib/deep/b.tmp', '1');
    session.host.write('lib/c.txt', '1');
    await session.sync();
    assert.deepEqual([...session.box.held.keys()].sort(), ['lib', 'lib/.gitignore', 'lib/c.txt', 'lib/deep']);
    session.host.write('lib/.gitignore', '*.txt\n');
    await session.sync();
    assert.deepEqual([...session.box.held.keys()].sort(), ['lib', 'lib/.gitignore', 'lib/a.tmp', 'lib/deep', 'lib/deep/b.tmp']);
    session.host.remove('lib/.gitignore');
    await session.sync();
    assert.ok(session.box.held.has('lib/c.txt'));
  });

  it('what a run created is judged by the same rules', async () => {
    session.host.write('.gitignore', 'out/\n');
    session.host.write('lib/.gitignore', '*.o\n');
    await session.scan();
    assert.equal(session.scanner.heldBack('out/x.bin', false), '.gitignore: out/');
    assert.equal(session.scanner.heldBack('lib/deep/new/x.o', false), 'lib/.gitignore: *.o');
    assert.ok(session.scanner.heldBack('sub/.env', false));
    assert.equal(session.scanner.heldBack('lib/x.c', false), undefined);
  });

  it('follows git, pattern by pattern, file by file', async function () {
    this.timeout(60_000);
    const cwd = session.host.path;
    const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', HOME: cwd };
    const git = (...args: string[]): string => execFileSync('git', args, { cwd, env }).toString();
    git('init', '-q');
    const names = ['a', 'b', 'foo', 'bar', 'x.js', 'y.ts', 'z.log', 'build', 'a b', '[q]', '#c', '!n'];
    const patterns = [
      'foo', 'foo/', '/foo', 'bar/*', '*.js', '!x.js', 'a/**/b', '**/build', 'build/', '!build/', '/a/*', '!/a/b', '*', '!*/', '!*.ts',
      '# comment', '\\#c', '\\!n', 'a\\ b', '[ab]', '\\[q\\]',
      'foo/**', '!foo/a', 'b/', '?', '*.l[ao]g', '', 'x.js ', '**/foo/*', 'foo/*/bar', '!a/',
    ];
    let seed = 7;
    const next = (n: number): number => { seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff; return (seed >> 8) % n; };
    for (let i = 0; i < 120; i++) {
      const path = [...Array(2 + next(4))].map(() => names[next(names.length)]).join('/');
      // Where a file and a folder would have the same name, the first one stays.
      try { session.host.write(path, 'x'); } catch { continue; }
    }
    const folders = (): string[] => git('ls-files', '-z', '-o', '--directory').split('\0').filter((path) => path.endsWith('/'));
    for (let round = 0; round < 60; round++) {
      session.host.remove('.gitignore');
      for (const folder of ['', ...folders()].filter(() => next(3) === 0)) {
        session.host.write(`${folder}.gitignore`, [...Array(1 + next(5))].map(() => patterns[next(patterns.length)]).join('\n'));
      }
      session.host.write('.git/info/exclude', patterns[next(patterns.length)]!);
      const listed = git('ls-files', '-z', '-o', '--exclude-standard').split('\0').filter(Boolean).sort();
      const context = (): string => git('ls-files', '-z', '-o', '*.gitignore', '.gitignore').split('\0').filter(Boolean)
        .map((path) => `${path}: ${JSON.stringify(session.host.read(path))}`).join('\n');
      const mine = await sent(session);
      if (JSON.stringify(mine) === JSON.stringify(listed)) continue;
      assert.deepEqual(mine, listed, `round ${round}, exclude ${session.host.read('.git/info/exclude')}\n${context()}`);
    }
  });
});
