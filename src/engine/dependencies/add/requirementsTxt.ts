import { lineEnd, type ManifestEditor } from './edit';
import { asksFor, parseRequirement, requirementText } from './requirement';

export const requirementsTxt: ManifestEditor = {
  parse: parseRequirement,
  add(text, wanted) {
    if (text.split(/\r?\n/).some((line) => asksFor(line, wanted))) return 'already';
    const end = lineEnd(text);
    // A last line without an end is still a line.
    const before = text === '' || text.endsWith('\n') ? '' : end;
    return { from: text.length, to: text.length, text: `${before}${requirementText(wanted)}${end}` };
  },
  create: (wanted) => `${requirementText(wanted)}\n`,
};
