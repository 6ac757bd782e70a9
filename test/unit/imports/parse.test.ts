import assert from 'node:assert/strict';
import { goImports } from '../../../src/engine/imports/goImports';
import type { ImportStatement } from '../../../src/engine/imports/importStatement';
import { nodeImports } from '../../../src/engine/imports/nodeImports';
import { pythonImports } from '../../../src/engine/imports/pythonImports';

const told = (imports: ImportStatement[]) => imports.map(({ name, line, column, optional }) => `${line}:${column} ${name}${optional ? ' optional' : ''}`);

describe('Imports of a source file', () => {
  it('of Python: dotted, aliased, several, in functions; not the relative ones', () => {
    assert.deepEqual(told(pythonImports('import a.b as c, d\nfrom e.f import (\n  g,\n)\nfrom . import x\nfrom .y import z\ndef f():\n\timport h\nx = "import no"\n# import no\n')), [
      '1:8 a.b', '1:18 d', '2:6 e.f', '8:9 h',
    ]);
  });

  it('of Python: optional where the program catches their absence or only a type checker reads them', () => {
    assert.deepEqual(told(pythonImports([
      'try:', '  import a', 'except (ImportError, OSError):', '  import b', 'try:', '  import c', 'except ValueError:', '  pass',
      'if TYPE_CHECKING:', '  import d', 'try:', '  import e', 'finally:', '  pass', 'try:', '  import f', 'except:', '  pass', 'if typing.TYPE_CHECKING:', '  from g import h', 'else:', '  import i', '',
    ].join('\n'))), ['2:10 a optional', '4:10 b optional', '6:10 c', '10:10 d optional', '12:10 e', '16:10 f optional', '20:8 g optional', '22:10 i']);
  });

  it('of Python that is broken, deep or no Python at all', () => {
    assert.deepEqual(told(pythonImports('import requests\ndef (:\n  x = = 1\nimport yaml\n')), ['1:8 requests', '4:8 yaml']);
    assert.deepEqual(told(pythonImports(`x = ${'('.repeat(20_000)}\nimport a\n`)).length <= 1, true);
    assert.deepEqual(told(pythonImports('\u0000\uFFFD\u0000')), []);
  });

  it('of JavaScript and TypeScript: import, export, require, import()', () => {
    const text = 'import a, { b } from "x/y";\nimport "s"\nexport * from \'z\';\nconst q = require(`r`);\ntry { require("o") } catch {}\nawait import("@s/p/q");\nrequire(name); notrequire("n"); x.require("m");\n';
    assert.deepEqual(told(nodeImports(text, 'a.mjs')), ['1:23 x/y', '2:9 s', '3:16 z', '5:16 o optional', '6:15 @s/p/q']);
    assert.deepEqual(told(nodeImports('import type { T } from "t";\nimport { v } from "v";\nconst x = <T,>(y: T): y is T => y as T;\nexport type { U } from "u";\n', 'a.ts')), ['1:25 t optional', '2:20 v', '4:25 u optional']);
    assert.deepEqual(told(nodeImports('import { v } from "v";\nexport const A = () => <div className="a">import "b"</div>;\n', 'a.tsx')), ['1:20 v']);
  });

  it('of Go: single, grouped, named', () => {
    assert.deepEqual(told(goImports('// import "no"\npackage main\n\nimport "fmt"\nimport (\n\tx "github.com/a/b"\n\t_ `c.d/e`\n)\n\nvar s = "import"\n')), ['4:9 fmt', '6:5 github.com/a/b', '7:5 c.d/e']);
  });
});
