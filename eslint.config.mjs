// The doors of the house (DESIGN.md), enforced: which room may import which, and the one room each heavy package lives in.
import tseslint from 'typescript-eslint';

const only = (room, ...packages) => packages.map((name) => ({
  group: [name, `${name}/*`], message: `${name} is importable in ${room} only.`,
}));
const docker = only('src/runner/docker', 'dockerode', 'docker-modem');
const sqlite = only('src/runner/store', 'better-sqlite3');
const vscode = only('src/extension', 'vscode');
const node = [{ regex: '^node:', message: 'The protocol knows no Node.' }];
const filesystem = [{ group: ['node:fs', 'node:fs/*', 'node:net', 'node:http', 'node:child_process'], message: 'The engine reaches the world through its ports only.' }];
const rooms = (names) => [{ regex: `^(\\.\\./)+(${names.join('|')})(/|$)`, message: 'That door is closed: see DESIGN.md, "The house".' }];

/** @param {string} files @param {object[]} patterns */
const door = (files, patterns, ignores = []) => ({
  files: [files], ignores, rules: { 'no-restricted-imports': ['error', { patterns }] },
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.cache/', 'test/workspaces/'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [...tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  door('src/protocol/**/*.ts', [...node, ...docker, ...sqlite, ...vscode, ...rooms(['engine', 'inside', 'runner', 'sdk', 'extension'])]),
  door('src/sdk/**/*.ts', [...docker, ...sqlite, ...vscode, ...rooms(['engine', 'inside', 'runner', 'extension'])]),
  door('src/engine/**/*.ts', [...filesystem, ...docker, ...sqlite, ...vscode, ...rooms(['runner', 'sdk', 'extension'])]),
  door('src/runner/**/*.ts', [...docker, ...sqlite, ...vscode, ...rooms(['extension', 'sdk'])], ['src/runner/{docker,store,cli}/**/*.ts']),
  door('src/runner/docker/**/*.ts', [...sqlite, ...vscode, ...rooms(['extension', 'sdk', 'store', 'http', 'cli'])]),
  door('src/runner/store/**/*.ts', [...docker, ...vscode, ...rooms(['extension', 'sdk', 'docker', 'http', 'cli'])]),
  // The command line is a client like any other: the SDK, and nothing of the runner's insides.
  door('src/runner/cli/**/*.ts', [...docker, ...sqlite, ...vscode, ...rooms(['engine', 'extension', 'docker', 'store', 'http', 'host'])]),
  door('src/extension/**/*.ts', [...docker, ...sqlite, ...rooms(['engine', 'inside', 'runner'])]),
);
