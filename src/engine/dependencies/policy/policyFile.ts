import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser/lib/esm/main.js';
import type * as z from 'zod';
import { DependencyPolicy } from '../../../protocol/dependencyPolicy';
import type { PetriError } from '../../errors';
import { lineNumbers } from '../lineNumbers';
import type { Policies } from './check';
import { compilePolicy, policyInvalid, type CompiledPolicy, type Place } from './compile';

/** The folder's own policy, which may only tighten. Read on the host: what a run writes counts once its changes were taken over. */
export const POLICY_PATH = '.jhansi/policy.json';
/** Room for thousands of rules. */
const MOST_BYTES = 1024 * 1024;
/** Brackets in Maven's ranges count too, so some are left over. */
const MOST_DEPTH = 100;

/** The name of the setting, for whoever meets one of its rules. */
export const POLICY_SETTING = 'jhansi.dependencies.policy';

/**
 * `setting` as the user's settings have it, `file` the content of POLICY_PATH; undefined where there is none.
 * Throws PetriError `policy-invalid`, which names file and line.
 */
export function readPolicies(setting: unknown, file: Buffer | undefined): Policies {
  return { setting: setting === undefined ? undefined : settingPolicy(setting), folder: file && filePolicy(POLICY_PATH, file) };
}

function settingPolicy(value: unknown): CompiledPolicy {
  const place: Place = (path) => `setting ${[POLICY_SETTING, ...path].join('.')}`;
  return compilePolicy(checked(value, place), place);
}

/** Comments are allowed, as in VS Code's own. */
function filePolicy(path: string, content: Buffer): CompiledPolicy {
  if (content.length > MOST_BYTES) throw policyInvalid(path, `it is larger than ${MOST_BYTES} bytes`);
  const text = content.toString('utf8').replace(/^\uFEFF/, '');
  if (tooDeep(text)) throw policyInvalid(`${path}:1`, 'it is nested too deeply');
  const lineAt = lineNumbers(text);
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: false, allowTrailingComma: false });
  const [error] = errors;
  if (error) throw policyInvalid(`${path}:${lineAt(error.offset)}`, printParseErrorCode(error.error));
  if (!tree) throw policyInvalid(`${path}:1`, 'it is empty');
  const place: Place = (keys) => `${path}:${lineAt(nearest(tree, keys).offset)}`;
  const twice = (node: Node, key: string) => policyInvalid(`${path}:${lineAt(node.offset)}`, `${JSON.stringify(key)} is given twice`);
  return compilePolicy(checked(valueOf(tree, twice), place), place);
}

function checked(value: unknown, place: Place): DependencyPolicy {
  const parsed = DependencyPolicy.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw policyInvalid(place(keysOf(issue)), issue?.message ?? 'it is no policy');
}

/** An unknown key is an issue of the object it stands in; the line that helps is the key's own. */
function keysOf(issue: z.core.$ZodIssue | undefined): Array<string | number> {
  const keys = (issue?.path ?? []).filter((key) => typeof key !== 'symbol');
  return issue?.code === 'unrecognized_keys' ? [...keys, ...issue.keys.slice(0, 1)] : keys;
}

/** The second of two equal keys would silently undo the first one's rules. */
function valueOf(node: Node, twice: (node: Node, key: string) => PetriError): unknown {
  if (node.type === 'array') return (node.children ?? []).map((child) => valueOf(child, twice));
  if (node.type !== 'object') return node.value as unknown;
  const entries = new Map<string, unknown>();
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (!key || !value) continue;
    const name = String(key.value);
    if (entries.has(name)) throw twice(key, name);
    entries.set(name, valueOf(value, twice));
  }
  return Object.fromEntries(entries);
}

/** A policy needs five levels. The parser recurses, and would take the runner's stack with it. */
function tooDeep(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}

function nearest(tree: Node, keys: Array<string | number>): Node {
  for (let length = keys.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(tree, keys.slice(0, length));
    if (node) return node;
  }
  return tree;
}
