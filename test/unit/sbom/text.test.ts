import assert from 'node:assert/strict';
import { licenceFrom, licenceFromFile } from '../../../src/engine/sbom/licences';
import { clean, paragraphs, recordOf } from '../../../src/engine/sbom/text';

describe('What packages say of themselves', () => {
  it('is one short line without anything that a terminal or a reader would obey', () => {
    assert.equal(clean(' a\u0000b\u001b[31m\u202Ec\n\td '), 'ab[31mc d');
    assert.equal(clean('x'.repeat(10_000_000), 10), 'xxxxxxxxx…');
  });

  it('has no prototype to be reached through', () => {
    const record = recordOf(JSON.parse('{"__proto__":{"polluted":1},"constructor":"x","toString":"y"}'))!;
    assert.deepEqual([record.polluted, record.constructor, record.toString, record.hasOwnProperty], [undefined, 'x', 'y', undefined]);
    assert.deepEqual([recordOf([]), recordOf(null), recordOf('a')], [undefined, undefined, undefined]);
  });

  it('is read in paragraphs, with continued lines and repeated fields', () => {
    const [first, second] = [...paragraphs('A: 1\r\nb: x\n  y\nA: 2\nnothing\n\n\nC: 3')];
    assert.deepEqual([first!.get('a'), first!.get('b'), second!.get('c')], [['1', '2'], ['x\ny'], ['3']]);
  });

  it('names a licence by SPDX where it can mean only one, and by its own words elsewhere', () => {
    const said = (text: string) => Object.values(licenceFrom(text) ?? { none: '' })[0];
    assert.deepEqual(['mit', 'The MIT License', 'Apache License, Version 2.0', 'BSD', 'GPL-2.0-only WITH Classpath-exception-2.0', 'MIT OR Apache-2.0', 'UNKNOWN', 'SEE LICENSE IN x', `${'('.repeat(500)}MIT`].map(said),
      ['MIT', 'MIT', 'Apache-2.0', 'BSD', 'GPL-2.0-only WITH Classpath-exception-2.0', 'MIT OR Apache-2.0', '', '', `${'('.repeat(119)}…`]);
  });

  it('takes the first licence of a file for the package’s, not those of what it bundles', () => {
    const bsd = 'Redistribution and use in source and binary forms … Neither the name of the author nor contributors\n';
    const read = (text: string) => licenceFromFile(Buffer.from(text));
    assert.deepEqual(read(`${bsd}\n----\nGNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007\n`), { id: 'BSD-3-Clause', concluded: true });
    assert.equal(read('All rights reserved.'), undefined);
    assert.equal(read(`${'x '.repeat(5000)}Apache License\nVersion 2.0`), undefined);
  });
});
