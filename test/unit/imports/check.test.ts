import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Language } from '../../../src/protocol/sandbox';
import { ImportCheck, type SyncedFiles } from '../../../src/engine/imports/importCheck';
import { outputHints } from '../../../src/engine/imports/outputHints';
import type { MissingImport } from '../../../src/protocol/missing';

interface Folder extends SyncedFiles { reads: string[] }
function folder(contents: Record<string, string>): Folder {
  const reads: string[] = [];
  return {
    reads, files: new Map(Object.entries(contents).map(([path, text]) => [path, createHash('sha256').update(text).digest('hex')])),
    read(path) { reads.push(path); return contents[path] === undefined ? undefined : Buffer.from(contents[path]); },
  };
}
const nothing = { modules: new Set<string>(), standard: new Set(['os', 'sys']) };
const told = (missing: MissingImport[]) => missing.map((one) => `${one.path ?? '?'}:${one.line ?? '?'}:${one.column ?? '?'} ${one.import} → ${one.package}`);
const check = async (language: Language, files: SyncedFiles, entries: string[] = [], provided: Parameters<ImportCheck['missing']>[3] = nothing) => told(await new ImportCheck().missing(language, files, entries, provided));

describe('Missing imports', () => {
  it('of Python are those that neither the library, the set nor the project has; only vouched names are suggested', async () => {
    const files = folder({ 'main.py': 'import os, cv2\nimport helpers.a\nfrom sklearn.svm import SVC\nimport made_up_by_a_model\nimport numpy.linalg\nimport google.cloud.storage, google\n', 'helpers/a.py': 'import yaml' });
    const provided = { ...nothing, modules: new Set(['numpy', 'google.cloud.storage']) };
    assert.deepEqual(await check('python', files, [], provided), [
      'helpers/a.py:1:8 yaml → PyYAML', 'main.py:1:12 cv2 → opencv-python-headless', 'main.py:3:6 sklearn → scikit-learn', 'main.py:4:8 made_up_by_a_model → null',
    ]);
  });

  it('are looked for from the command’s own file, through what it imports, and nowhere else', async () => {
    const files = folder({ 'main.py': 'import pkg.a', 'pkg/__init__.py': '', 'pkg/a.py': 'from .b import x', 'pkg/b.py': 'import requests', 'other.py': 'import flask' });
    assert.deepEqual(await check('python', files, ['main.py']), ['pkg/b.py:1:8 requests → requests']);
    const node = folder({ 'a.mjs': 'import "./lib/b.js"', 'lib/b.ts': 'import x from "express/lib/router"', 'c.js': 'require("left-out")' });
    assert.deepEqual(await check('node', node, ['a.mjs']), ['lib/b.ts:1:16 express → express']);
  });

  it('are not those of a language whose own library nobody knows', async () => {
    assert.deepEqual(await check('python', folder({ 'a.py': 'import x' }), [], { modules: new Set(), standard: undefined }), []);
  });

  it('of Node leave builtins, aliases, and what a manifest asks for alone', async () => {
    const files = folder({
      'package.json': '{"name":"me","dependencies":{"declared":"1"},"imports":{"#x":"./x.js"}}',
      'a.ts': 'import "fs"; import "node:test"; import "fs/promises"; import "#x"; import "@/alias"; import "~/y"; import "https://e.com/x.js"; import "me/sub"; import "declared/x"; import "installed"; import "@s/gone/x"; import "gone";',
    });
    assert.deepEqual(await check('node', files, [], { ...nothing, modules: new Set(['installed']) }), ['a.ts:1:196 @s/gone → null', 'a.ts:1:216 gone → null']);
  });

  it('of Go are those that no module of go.mod or of the set brings', async () => {
    const files = folder({ 'go.mod': 'module example.com/me\nrequire github.com/a/b v1.0.0\n', 'main.go': 'package main\nimport (\n"fmt"\n"example.com/me/x"\n"github.com/a/b/c"\n"github.com/gin-gonic/gin/binding"\n"github.com/a/bc"\n"golang.org/x/text/cases"\n)' });
    assert.deepEqual(await check('go', files, [], { ...nothing, modules: new Set(['golang.org/x/text']) }), [
      'main.go:6:2 github.com/gin-gonic/gin/binding → github.com/gin-gonic/gin', 'main.go:7:2 github.com/a/bc → null',
    ]);
  });

  it('cost one read a file for as long as it stays as it is', async () => {
    const files = folder({ 'a.py': 'import requests', 'b.py': 'import flask' });
    const checking = new ImportCheck();
    const first = told(await checking.missing('python', files, [], nothing));
    assert.deepEqual(files.reads, ['a.py', 'b.py']);
    assert.deepEqual(told(await checking.missing('python', files, [], nothing)), first);
    assert.deepEqual(files.reads, ['a.py', 'b.py']);
  });
});

describe('Missing imports that a run speaks of', () => {
  const said = (language: Language, text: string, files: Record<string, string>, known: MissingImport[] = []) =>
    told(new ImportCheck().confirm(language, folder(files), outputHints(language, text), nothing, known));

  it('are found in Python’s traceback, and in pytest’s', () => {
    const trace = 'Traceback (most recent call last):\n  File "/sandbox/workspace/app/main.py", line 2, in <module>\n    importlib.import_module("cv2")\n  File "/usr/lib/python3.13/importlib/__init__.py", line 88, in import_module\nModuleNotFoundError: No module named \'cv2\'\n';
    assert.deepEqual(said('python', trace, { 'app/main.py': 'import importlib\nimportlib.import_module("cv2")\n' }), ['app/main.py:2:26 cv2 → opencv-python-headless']);
    assert.deepEqual(said('python', 'tests/test_a.py:1: in <module>\n    import yaml\nE   ModuleNotFoundError: No module named \'yaml\'\n', { 'tests/test_a.py': 'import yaml\n' }), ['tests/test_a.py:1:8 yaml → PyYAML']);
  });

  it('are found in what Node says of require and of import', () => {
    assert.deepEqual(said('node', 'Error: Cannot find module \'express\'\nRequire stack:\n- /sandbox/workspace/a.js\n', { 'a.js': '\nconst e = require("express");' }), ['a.js:2:20 express → express']);
    assert.deepEqual(said('node', 'Error [ERR_MODULE_NOT_FOUND]: Cannot find package \'@x/y\' imported from /sandbox/workspace/a.mjs\n', { 'a.mjs': 'import "@x/y"' }), ['a.mjs:1:9 @x/y → null']);
    assert.deepEqual(said('node', 'Error: Cannot find module \'./gone\'\n', {}), []);
  });

  it('are found in what Go and javac say', () => {
    assert.deepEqual(said('go', 'main.go:4:2: no required module provides package github.com/spf13/cobra; to add it:\n\tgo get github.com/spf13/cobra\n', { 'main.go': 'package main\n\nimport (\n\t"github.com/spf13/cobra"\n)\n' }), ['main.go:4:3 github.com/spf13/cobra → github.com/spf13/cobra']);
    const java = { 'src/A.java': 'package a;\n\nimport com.google.common.collect.ImmutableList;\n' };
    assert.deepEqual(said('java', 'src/A.java:3: error: package com.google.common.collect does not exist\n', java), ['src/A.java:3:8 com.google.common.collect → com.google.guava:guava']);
    assert.deepEqual(said('java', '[ERROR] /sandbox/workspace/src/A.java:[3,32] package com.google.common.collect does not exist\n', java), ['src/A.java:3:8 com.google.common.collect → com.google.guava:guava']);
  });

  it('are dropped where they cannot be true, and name no place that is not there', () => {
    assert.deepEqual(said('python', 'ModuleNotFoundError: No module named \'os.nothing\'\n', {}), []);
    assert.deepEqual(said('python', '  File "/sandbox/workspace/../../etc/passwd", line 1\nModuleNotFoundError: No module named \'x\'\n', {}), ['?:?:? x → null']);
    assert.deepEqual(said('python', '  File "/sandbox/workspace/a.py", line 99\nModuleNotFoundError: No module named \'x\'\n', { 'a.py': 'pass' }), ['a.py:?:? x → null']);
    assert.deepEqual(said('node', `Error: Cannot find module '${'a'.repeat(5000)}'\n`, {}), []);
  });

  it('are not told twice', async () => {
    const files = { 'a.py': 'import requests\n' };
    const known = await new ImportCheck().missing('python', folder(files), [], nothing);
    assert.deepEqual(said('python', 'ModuleNotFoundError: No module named \'requests\'\n', files, known), []);
  });
});
