import { parsePythonRegex } from "./python-regex.ts";
import { classText, type Dialect, expanded, js, re2 } from "./regex-class.ts";
import { refuseDoubtfulReferences } from "./regex-references.ts";
import { type RegexNode, RegexProblem } from "./regex-tree.ts";

/** RE2 repeats nothing more often than this. */
const maxRepeat = 1000;

export type TranslatedRegex =
  | { readonly engine: "re2" | "js"; readonly pattern: string }
  | { readonly problem: string };

/**
 * A regular expression of Python's `re.search` with the same meaning for RE2 (all flags are inside), else for JavaScript
 * (flag `u`). What neither can say with that meaning is a problem.
 */
export function translateRegex(python: string): TranslatedRegex {
  try {
    const tree = parsePythonRegex(python);
    const pattern = write(tree, { dialect: re2, isFirst: true, isLast: true, times: 1 });
    if (pattern !== undefined) return { engine: "re2", pattern };
    return { engine: "js", pattern: jsPattern(tree) };
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error;
    return { problem: `the regular expression ${JSON.stringify(python)} cannot be used: ${error.message}` };
  }
}

/** The same for JavaScript alone (flag `u`), for a list of which one needs it. */
export function translateForJs(python: string): string {
  return jsPattern(parsePythonRegex(python));
}

function jsPattern(tree: RegexNode): string {
  refuseDoubtfulReferences(tree);
  const pattern = write(tree, { dialect: js, isFirst: true, isLast: true, times: 1 });
  if (pattern === undefined) throw new RegexProblem("it is run by Python only");
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    throw new RegexProblem(error instanceof Error ? error.message : String(error));
  }
  return pattern;
}

interface Place {
  readonly dialect: Dialect;
  /** Nothing of the expression comes before. */
  readonly isFirst: boolean;
  /** Nothing of the expression comes after: `$` may take the newline that it looks at. */
  readonly isLast: boolean;
  /** How often the repeats around repeat it at most. */
  readonly times: number;
}

/** Undefined where the dialect has no way to say it. */
function write(node: RegexNode, place: Place): string | undefined {
  const { dialect } = place;
  switch (node.kind) {
    case "char":
      return dialect.code(node.code);
    case "any":
      if (!node.withNewline) return dialect === re2 ? "[^\\x{a}]" : "[^\\n]";
      return dialect === re2 ? "(?s:.)" : "[^]";
    case "class":
      return classText(node.items, node.isNegated, dialect);
    case "anchor":
      return dialect === re2 ? re2Anchor(node.at, place) : jsAnchors[node.at];
    case "boundary":
      return boundary(node, dialect);
    case "group":
      return group(node, place);
    case "scope":
      return wrapped(scopeSign(node.ignoreCase), node.node, place);
    case "look":
      return dialect === re2
        ? undefined
        : wrapped(lookSign(node), node.node, { ...place, isFirst: false, isLast: false });
    case "reference":
      if (dialect === re2) return undefined;
      return typeof node.to === "number" ? `(?:\\${node.to})` : `\\k<${node.to}>`;
    case "repeat":
      return repeat(node, place);
    case "sequence":
      return sequence(node.nodes, place);
    case "choice":
      return joined(
        node.nodes.map((one) => write(one, place)),
        "|",
      );
  }
}

const jsAnchors = {
  "text-start": "^",
  "text-end": "$",
  end: "(?=\\n?$)",
  "line-start": "(?<![^\\n])",
  "line-end": "(?![^\\n])",
};

/** Where they cannot hold, DuckDB's own shortening of expressions loses the first two. */
function re2Anchor(at: keyof typeof jsAnchors, { isFirst, isLast }: Place): string | undefined {
  switch (at) {
    case "text-start":
      return isFirst ? "\\A" : undefined;
    case "text-end":
      return isLast ? "\\z" : undefined;
    case "end":
      return isLast ? "(?:\\n?\\z)" : undefined;
    case "line-start":
      return "(?m:^)";
    case "line-end":
      return "(?m:$)";
  }
}

/** RE2 and JavaScript know boundaries of ASCII words only; before Python 3.14 an empty text has none of either kind. */
function boundary(node: RegexNode & { readonly kind: "boundary" }, dialect: Dialect): string | undefined {
  if (node.isAscii && !node.isNegated) return "\\b";
  if (dialect === re2) return undefined;
  if (node.isAscii) return "(?:(?!^$)\\B)";
  const word = `[${expanded("w", false, dialect)}]`;
  return node.isNegated
    ? `(?:(?!^$)(?:(?<=${word})(?=${word})|(?<!${word})(?!${word})))`
    : `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
}

function group(node: RegexNode & { readonly kind: "group" }, place: Place): string | undefined {
  if (place.dialect === re2) return wrapped("(?:", node.node, place);
  return wrapped(node.name === undefined ? "(" : `(?<${node.name}>`, node.node, place);
}

function scopeSign(ignoreCase: boolean | undefined): string {
  if (ignoreCase === undefined) return "(?:";
  return ignoreCase ? "(?i:" : "(?-i:";
}

function lookSign({
  isAhead,
  isNegated,
}: {
  readonly isAhead: boolean;
  readonly isNegated: boolean;
}): string {
  return `(?${isAhead ? "" : "<"}${isNegated ? "!" : "="}`;
}

function wrapped(open: string, node: RegexNode, place: Place): string | undefined {
  const inner = write(node, place);
  return inner === undefined ? undefined : `${open}${inner})`;
}

function repeat(node: RegexNode & { readonly kind: "repeat" }, place: Place): string | undefined {
  const { min, max, isLazy } = node;
  const counted = isCounted(min, max) ? Math.max(min, max ?? 0, 1) : 1;
  const times = place.times * counted;
  if (place.dialect === re2 && times > maxRepeat) return undefined;
  const inner = write(node.node, { ...place, isFirst: false, isLast: false, times });
  if (inner === undefined) return undefined;
  const isOne = ["char", "any", "group", "scope"].includes(node.node.kind);
  return `${isOne ? inner : `(?:${inner})`}${repeatSign(min, max)}${isLazy ? "?" : ""}`;
}

function isCounted(min: number, max: number | undefined): boolean {
  return !(min <= 1 && (max === undefined || (max === 1 && min === 0)));
}

function repeatSign(min: number, max: number | undefined): string {
  if (max === undefined) return min <= 1 ? (["*", "+"][min] ?? "") : `{${min},}`;
  if (min === 0 && max === 1) return "?";
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function sequence(nodes: readonly RegexNode[], place: Place): string | undefined {
  return joined(
    nodes.map((one, index) =>
      write(one, {
        ...place,
        isFirst: place.isFirst && index === 0,
        isLast: place.isLast && index === nodes.length - 1,
      }),
    ),
    "",
  );
}

function joined(parts: readonly (string | undefined)[], by: string): string | undefined {
  return parts.some((part) => part === undefined) ? undefined : parts.join(by);
}
