import parseSpdx from 'spdx-expression-parse';
import { wildcard } from './wildcard';

type Expression = ReturnType<typeof parseSpdx>;

/**
 * Does a licence expression pass? Of `A OR B` whoever uses the package chooses, so one is enough; of `A AND B` both are needed.
 * Undefined when it is no expression: nobody can say what such a text permits.
 */
export function licencePasses(expression: string, accepts: (licence: string) => boolean): boolean | undefined {
  let parsed: Expression;
  try {
    parsed = parseSpdx(expression);
  } catch {
    return undefined;
  }
  return walk(parsed, accepts);
}

/** Is a licence among these patterns? Ids are compared without regard to case, as SPDX says. */
export function licenceMatcher(patterns: string[]): (licence: string) => number {
  const matchers = patterns.map((pattern) => wildcard(pattern.toLowerCase()));
  return (licence) => matchers.findIndex((matches) => matches(licence.toLowerCase()));
}

function walk(node: Expression, accepts: (licence: string) => boolean): boolean {
  if ('conjunction' in node) {
    const [left, right] = [walk(node.left, accepts), walk(node.right, accepts)];
    return node.conjunction === 'or' ? left || right : left && right;
  }
  const exception = 'exception' in node && node.exception ? ` WITH ${node.exception}` : '';
  return accepts(`${node.license}${node.plus ? '+' : ''}${exception}`);
}
