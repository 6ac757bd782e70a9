import ignore from 'ignore';
import { holdBackReason, MAY_HOLD_A_KEY } from './holdBack';

/** What the rules say about one path. `enter`: a held-back folder to look into all the same, for what was allowed below it. */
export interface Decision { held: string | undefined; enter: boolean }

const SENT: Decision = { held: undefined, enter: true };

/** One .gitignore: its patterns count from `base` ('' or a folder with a slash at its end). */
interface Layer { matcher: ignore.Ignore; base: string; label: string }
interface State {
  /** Deepest first. */
  layers: Layer[];
  allow: ignore.Ignore | undefined;
  /** Folders on the way to something allowed. */
  towards: ignore.Ignore;
  ignoreCase: boolean;
  /** Inside a held-back folder that is entered: why it is held back. */
  heldAs: string | undefined;
  inAllowed: boolean;
}

/**
 * The hold-back rules as seen from one folder; immutable, so that whoever holds the same object may keep its decisions.
 * Paths are judged top-down: a folder's rules come from its parent's by `enter`.
 *
 * Order: an allow pattern that matches the path itself lets it in; what a name gives away as a secret stays (also below an
 * allowed folder: whoever allows `config/` has not yet allowed `config/.env`); then the .gitignore files, deepest first,
 * as git has it, unless an allowed folder lies above.
 */
export class Rules {
  private constructor(private readonly state: State) {}

  /** `exclude` is the text of .git/info/exclude. Git ignores case in patterns where the file system does. */
  static root(allow: string[], exclude: string | undefined, ignoreCase: boolean): Rules {
    // Mostly there are none; the library would remember every path all the same.
    const patterns = allow.length > 0 ? ignore({ ignoreCase }).add(allow) : undefined;
    const towards = ignore({ ignoreCase }).add(prefixes(allow));
    const rules = new Rules({ layers: [], allow: patterns, towards, ignoreCase, heldAs: undefined, inAllowed: false });
    return rules.with('', exclude, '.git/info/exclude');
  }

  /** Adds the .gitignore of a folder; the same object when there is none. */
  with(folder: string, text: string | undefined, label = folder === '' ? '.gitignore' : `${folder}/.gitignore`): Rules {
    if (text === undefined || this.state.heldAs !== undefined || this.state.inAllowed) return this;
    const layer = { matcher: ignore({ ignoreCase: this.state.ignoreCase }).add(text), base: folder === '' ? '' : `${folder}/`, label };
    return new Rules({ ...this.state, layers: [layer, ...this.state.layers] });
  }

  /** True when the user's own patterns let it in. */
  allows(path: string, isFolder: boolean): boolean {
    return this.state.inAllowed || matches(this.state.allow, isFolder ? `${path}/` : path);
  }

  decide(path: string, isFolder: boolean): Decision {
    const asked = isFolder ? `${path}/` : path;
    if (matches(this.state.allow, asked)) return SENT;
    const slash = path.lastIndexOf('/');
    const parent = path.slice(path.lastIndexOf('/', slash - 1) + 1, Math.max(slash, 0));
    const byName = holdBackReason(path.slice(slash + 1), parent, isFolder);
    // A name that its content may clear does not hide another reason.
    const byRules = byName === undefined || byName === MAY_HOLD_A_KEY ? this.state.heldAs ?? this.ignored(asked)?.held : undefined;
    const held = byRules ?? byName;
    if (held === undefined) return SENT;
    return { held, enter: isFolder && this.state.towards.test(asked).ignored };
  }

  /** The rules below a folder that was decided to be sent or entered; the same object where nothing differs. */
  enter(folder: string, decision: Decision): Rules {
    const asked = `${folder}/`;
    const { allow, layers, inAllowed, heldAs, ignoreCase } = this.state;
    const allowed = matches(allow, asked);
    const ignoring = layers.some((layer) => layer.matcher.test(asked.slice(layer.base.length)).ignored);
    if (!allowed && !ignoring && decision.held === heldAs) return this;
    return new Rules({
      ...this.state,
      allow: allow && allowed ? lift(allow, folder, ignoreCase) : allow,
      // A deeper .gitignore let the folder in again: what a shallower one says of the folder must not pass on to its files.
      layers: layers.map((layer) => ({ ...layer, matcher: lift(layer.matcher, folder.slice(layer.base.length), ignoreCase) })),
      inAllowed: inAllowed || allowed,
      heldAs: allowed ? undefined : decision.held,
    });
  }

  private ignored(asked: string): { held: string | undefined } | undefined {
    if (this.state.inAllowed) return undefined;
    for (const { matcher, base, label } of this.state.layers) {
      const result = matcher.test(asked.slice(base.length));
      if (result.ignored) return { held: `${label}: ${result.rule?.pattern ?? ''}` };
      if (result.unignored) return { held: undefined };
    }
    return undefined;
  }
}

function matches(patterns: ignore.Ignore | undefined, asked: string): boolean {
  return patterns !== undefined && patterns.test(asked).ignored;
}

/** The same patterns without what they say of `folder` itself; the library passes that on to everything below. */
function lift(matcher: ignore.Ignore, folder: string, ignoreCase: boolean): ignore.Ignore {
  const literal = folder.replace(/[\\*?[\]! #]/g, '\\$&');
  return ignore({ ignoreCase }).add(matcher).add({ pattern: `!/${literal}/` });
}

/** For `/a/b/c.txt`: `/a/` and `/a/b/`, the folders to look into though they are held back. A bare name leads nowhere. */
function prefixes(patterns: string[]): string[] {
  const all: string[] = [];
  for (const pattern of patterns) {
    if (pattern.startsWith('!') || pattern.startsWith('#')) continue;
    const parts = pattern.replace(/^\//, '').replace(/\/$/, '').split('/');
    for (let length = 1; length < parts.length && parts[0] !== '**'; length++) all.push(`/${parts.slice(0, length).join('/')}/`);
  }
  return all;
}
