import { fixupSpdxId } from '@cyclonedx/cyclonedx-library/SPDX';
import parseExpression from 'spdx-expression-parse';
import type { Licence } from './package';
import { clean } from './text';

/** Longer than any expression that people write; the parser recurses. */
const LONGEST_EXPRESSION = 1000;

/** What people write into a licence field, by lower-case letters and digits. Only what can mean nothing else. */
const WRITTEN: Readonly<Record<string, string>> = {
  mitlicense: 'MIT', themitlicense: 'MIT', themitlicensemit: 'MIT', mitlicensemit: 'MIT', expatlicense: 'MIT',
  apache2: 'Apache-2.0', apache20: 'Apache-2.0', apachelicense20: 'Apache-2.0', apachelicense2: 'Apache-2.0', apachelicenseversion20: 'Apache-2.0',
  apachelicensev20: 'Apache-2.0', apachelicensev2: 'Apache-2.0', apachesoftwarelicense20: 'Apache-2.0', theapachelicenseversion20: 'Apache-2.0',
  theapachesoftwarelicenseversion20: 'Apache-2.0', apachesoftwarelicenseversion20: 'Apache-2.0', asl20: 'Apache-2.0',
  bsd3: 'BSD-3-Clause', bsd3clause: 'BSD-3-Clause', bsd3clauselicense: 'BSD-3-Clause', '3clausebsd': 'BSD-3-Clause', '3clausebsdlicense': 'BSD-3-Clause',
  newbsd: 'BSD-3-Clause', newbsdlicense: 'BSD-3-Clause', modifiedbsd: 'BSD-3-Clause', modifiedbsdlicense: 'BSD-3-Clause', revisedbsd: 'BSD-3-Clause',
  thebsd3clauselicense: 'BSD-3-Clause', bsdlicense3: 'BSD-3-Clause',
  bsd2: 'BSD-2-Clause', bsd2clause: 'BSD-2-Clause', bsd2clauselicense: 'BSD-2-Clause', simplifiedbsd: 'BSD-2-Clause', simplifiedbsdlicense: 'BSD-2-Clause',
  isclicense: 'ISC', isclicenseiscl: 'ISC', mpl2: 'MPL-2.0', mpl20: 'MPL-2.0', mozillapubliclicense20: 'MPL-2.0', mozillapubliclicense20mpl20: 'MPL-2.0',
  mozillapubliclicenseversion20: 'MPL-2.0', psf20: 'PSF-2.0', psflicense: 'PSF-2.0', pythonsoftwarefoundationlicense: 'PSF-2.0',
  theunlicense: 'Unlicense', theunlicenseunlicense: 'Unlicense', zopepubliclicense21: 'ZPL-2.1', cc010universal: 'CC0-1.0', cc010: 'CC0-1.0',
  eclipsepubliclicense20: 'EPL-2.0', eclipsepubliclicensev20: 'EPL-2.0', eclipsepubliclicenseversion20: 'EPL-2.0', epl20: 'EPL-2.0',
  eclipsepubliclicense10: 'EPL-1.0', eclipsepubliclicensev10: 'EPL-1.0', eclipsedistributionlicensev10: 'BSD-3-Clause', edl10: 'BSD-3-Clause',
  gplv3: 'GPL-3.0-only', gpl3: 'GPL-3.0-only', gnugplv3: 'GPL-3.0-only', gplv2: 'GPL-2.0-only', lgplv3: 'LGPL-3.0-only', agplv3: 'AGPL-3.0-only',
  gplv3orlater: 'GPL-3.0-or-later', gplv2orlater: 'GPL-2.0-or-later', lgplv3orlater: 'LGPL-3.0-or-later', lgplv21orlater: 'LGPL-2.1-or-later',
  bouncycastlelicence: 'MIT', zliblicense: 'Zlib', boostsoftwarelicense10: 'BSL-1.0', boostsoftwarelicense10bsl10: 'BSL-1.0',
};

/** Trove classifiers that name one licence; `BSD License` and its kind name a family. */
const CLASSIFIERS: Readonly<Record<string, string>> = {
  'GNU General Public License v2 (GPLv2)': 'GPL-2.0-only', 'GNU General Public License v2 or later (GPLv2+)': 'GPL-2.0-or-later',
  'GNU General Public License v3 (GPLv3)': 'GPL-3.0-only', 'GNU General Public License v3 or later (GPLv3+)': 'GPL-3.0-or-later',
  'GNU Lesser General Public License v2 or later (LGPLv2+)': 'LGPL-2.0-or-later', 'GNU Lesser General Public License v3 (LGPLv3)': 'LGPL-3.0-only',
  'GNU Lesser General Public License v3 or later (LGPLv3+)': 'LGPL-3.0-or-later', 'GNU Affero General Public License v3': 'AGPL-3.0-only',
  'GNU Affero General Public License v3 or later (AGPLv3+)': 'AGPL-3.0-or-later',
};

/** What stands in a licence field, as exactly as it can be told; undefined for words without a meaning (`UNKNOWN`, `see file`). */
export function licenceFrom(text: string): Licence | undefined {
  const said = clean(text, LONGEST_EXPRESSION);
  if (said === '' || /^(unknown|none|null|other|license|licence|dual license)$/i.test(said) || /^see /i.test(said)) return undefined;
  const id = fixupSpdxId(said) ?? WRITTEN[said.toLowerCase().replace(/[^a-z0-9]/g, '')];
  if (id !== undefined) return { id };
  if (said.length < LONGEST_EXPRESSION && isExpression(said)) return { expression: said };
  return { name: clean(said, 120) };
}

/** `License ::` classifiers of Python; several stand beside each other. */
export function licenceFromClassifier(classifier: string): Licence | undefined {
  const last = classifier.split('::').at(-1)!.trim();
  if (!classifier.startsWith('License') || last === 'OSI Approved' || last === 'License') return undefined;
  const id = CLASSIFIERS[last];
  return id !== undefined ? { id } : licenceFrom(last);
}

/** Sentences that only one licence has; all of an entry's must be there. */
const TEXTS: ReadonlyArray<[id: string, ...sentences: RegExp[]]> = [
  ['Apache-2.0', /apache license,? version 2\.0/],
  ['MPL-2.0', /mozilla public license,? (version|v\.) 2\.0/],
  ['AGPL-3.0-only', /gnu affero general public license version 3, 19 november 2007/],
  ['LGPL-3.0-only', /gnu lesser general public license version 3, 29 june 2007/],
  ['LGPL-2.1-only', /gnu lesser general public license version 2\.1, february 1999/],
  ['GPL-3.0-only', /gnu general public license version 3, 29 june 2007/],
  ['GPL-2.0-only', /gnu general public license version 2, june 1991/],
  ['EPL-2.0', /eclipse public license - v 2\.0/],
  ['Unlicense', /this is free and unencumbered software released into the public domain/],
  ['CC0-1.0', /cc0 1\.0 universal/],
  ['BSL-1.0', /boost software license - version 1\.0/],
  ['BSD-3-Clause', /redistribution and use in source and binary forms/, /neither the name|names? of .{1,80} may not be used to endorse/],
  ['BSD-2-Clause', /redistribution and use in source and binary forms/, /this list of conditions/],
  ['ISC', /permission to use, copy, modify, and\/?(or)? ?distribute this software for any purpose with or without fee/, /provided that the above copyright notice/],
  ['0BSD', /permission to use, copy, modify, and\/?(or)? ?distribute this software for any purpose with or without fee/],
  ['MIT', /permission is hereby granted, free of charge, to any person obtaining a copy/, /the above copyright notice and this permission notice/],
  ['MIT-0', /permission is hereby granted, free of charge, to any person obtaining a copy/],
  ['Zlib', /this software is provided 'as-is', without any express or implied warranty/, /altered source versions must be plainly marked/],
  ['PSF-2.0', /python software foundation license version 2/],
];

/** A licence that begins later than this is somebody else's. */
const FIRST_CHARACTERS = 4000;

/** What a licence file says by its wording: concluded, not declared. undefined when no wording is known. */
export function licenceFromFile(content: Buffer): Licence | undefined {
  const text = content.toString('utf8').slice(0, 20_000).toLowerCase().replace(/^\s*[*#/]+/gm, '').replace(/[\u2018\u2019`]/g, "'").replace(/\s+/g, ' ');
  // What a package bundles follows its own licence: the first to be named counts, and of two that begin alike the fuller one.
  const places = TEXTS.map(([, ...sentences]) => (sentences.every((sentence) => sentence.test(text)) ? text.search(sentences[0]!) : Infinity));
  const first = Math.min(...places);
  return first < FIRST_CHARACTERS ? { id: TEXTS[places.indexOf(first)]![0], concluded: true } : undefined;
}

/** Free words (`BSD`, `see docs`) give way to a source that is exact. */
export function exact(licence: Licence | undefined): Licence | undefined {
  return licence && 'name' in licence ? undefined : licence;
}

/** The best of what is known: declared before concluded, none twice. */
export function firstKnown(...sources: Array<() => Array<Licence | undefined>>): Licence[] {
  for (const source of sources) {
    const licences = source().filter((licence) => licence !== undefined);
    if (licences.length > 0) return unique(licences);
  }
  return [];
}

/** As people read it. '' when unknown. */
export function licenceText(licences: readonly Licence[]): string {
  return licences.map((licence) => ('id' in licence ? licence.id : 'expression' in licence ? licence.expression : licence.name)).join(', ');
}

function unique(licences: Licence[]): Licence[] {
  return [...new Map(licences.map((licence) => [licenceText([licence]), licence])).values()];
}

function isExpression(text: string): boolean {
  // Brackets nest the parser's calls.
  if (text.split('(').length > 30) return false;
  try {
    parseExpression(text);
    return true;
  } catch {
    return false;
  }
}
