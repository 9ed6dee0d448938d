import { classEscape, plainEscape } from "./regex-escape.ts";
import { type ClassItem, type Flags, type RegexNode, RegexProblem } from "./regex-tree.ts";
import { Reader } from "./text-reader.ts";

const repeatForm = /^(?:[*+?]|\{(?=[^}]*\d[^}]*\}|,\})\d*(?:,\d*)?\})/;

const noFlags: Flags = { ignoreCase: false, multiline: false, dotAll: false, verbose: false, ascii: false };

/** A regular expression in the syntax of Python 3.11's `re`. Throws `RegexProblem`. */
export function parsePythonRegex(text: string): RegexNode {
  const reader = new Reader(text);
  const flags = globalFlags(reader, noFlags);
  const node = parseChoice(reader, flags);
  if (!reader.isDone) throw new RegexProblem("a ) has no (");
  return flags.ignoreCase ? { kind: "scope", ignoreCase: true, node } : node;
}

/** `(?is)` at the very start. */
function globalFlags(reader: Reader, flags: Flags): Flags {
  if (flags.verbose) skipBlanks(reader);
  const found = reader.take(/^\(\?[aiLmsux]+\)/);
  if (found === undefined) return flags;
  return globalFlags(reader, withFlags(flags, found.slice(2, -1), true));
}

function withFlags(flags: Flags, letters: string, isOn: boolean): Flags {
  if (letters.includes("L")) throw new RegexProblem("the flag L is for bytes only");
  const has = (letter: string) => letters.includes(letter);
  return {
    ignoreCase: has("i") ? isOn : flags.ignoreCase,
    multiline: has("m") ? isOn : flags.multiline,
    dotAll: has("s") ? isOn : flags.dotAll,
    verbose: has("x") ? isOn : flags.verbose,
    ascii: has("u") ? false : has("a") || flags.ascii,
  };
}

function parseChoice(reader: Reader, flags: Flags): RegexNode {
  const nodes = [parseSequence(reader, flags)];
  while (reader.skip("|")) nodes.push(parseSequence(reader, flags));
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : { kind: "choice", nodes };
}

function parseSequence(reader: Reader, flags: Flags): RegexNode {
  const nodes: RegexNode[] = [];
  for (;;) {
    if (flags.verbose) skipBlanks(reader);
    if (reader.isDone || reader.peek() === "|" || reader.peek() === ")") break;
    const atom = parseAtom(reader, flags);
    // A comment.
    if (atom === undefined) continue;
    nodes.push(parseRepeat(reader, atom, flags));
  }
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : { kind: "sequence", nodes };
}

function skipBlanks(reader: Reader): void {
  while (reader.take(/^(?:[ \t\n\r\f\v]+|#[^\n]*)/) !== undefined);
}

function parseAtom(reader: Reader, flags: Flags): RegexNode | undefined {
  if (reader.peek() === "{" && reader.take(repeatForm) !== undefined)
    throw new RegexProblem("there is nothing to repeat before {");
  const letter = reader.next("the expression ends too early");
  switch (letter) {
    case ".":
      return { kind: "any", withNewline: flags.dotAll };
    case "^":
      return { kind: "anchor", at: flags.multiline ? "line-start" : "text-start" };
    case "$":
      return { kind: "anchor", at: flags.multiline ? "line-end" : "end" };
    case "[":
      return parseClass(reader, flags);
    case "(":
      return parseGroup(reader, flags);
    case "\\":
      return plainEscape(reader, flags);
    case "*":
    case "+":
    case "?":
      throw new RegexProblem(`there is nothing to repeat before ${letter}`);
    default:
      return { kind: "char", code: letter.codePointAt(0) ?? 0 };
  }
}

function parseRepeat(reader: Reader, atom: RegexNode, flags: Flags): RegexNode {
  if (flags.verbose) skipBlanks(reader);
  const sign = reader.take(repeatForm);
  if (sign === undefined) return atom;
  if (atom.kind === "anchor" || atom.kind === "boundary")
    throw new RegexProblem(`there is nothing to repeat before ${sign}`);
  const { min, max } = boundsOf(sign);
  if (max !== undefined && min > max) throw new RegexProblem(`${sign}: the first number is the larger one`);
  if (reader.skip("+")) throw new RegexProblem(`${sign}+ (possessive) is run by Python only`);
  const isLazy = reader.skip("?");
  if (flags.verbose) skipBlanks(reader);
  if (reader.take(repeatForm) !== undefined) throw new RegexProblem("a repeat is repeated");
  return { kind: "repeat", node: atom, min, max, isLazy };
}

function boundsOf(sign: string): { readonly min: number; readonly max: number | undefined } {
  if (sign === "*") return { min: 0, max: undefined };
  if (sign === "+") return { min: 1, max: undefined };
  if (sign === "?") return { min: 0, max: 1 };
  const [low = "", high] = sign.slice(1, -1).split(",");
  const min = low === "" ? 0 : Number(low);
  if (high === undefined) return { min, max: min };
  return { min, max: high === "" ? undefined : Number(high) };
}

function parseClass(reader: Reader, flags: Flags): RegexNode {
  const isNegated = reader.skip("^");
  const items: ClassItem[] = [];
  while (items.length === 0 || reader.peek() !== "]") {
    const first = classItem(reader, flags);
    if (reader.peek() !== "-") {
      items.push(first);
      continue;
    }
    reader.skip("-");
    if (reader.peek() === "]") {
      items.push(first, { from: 45, to: 45 });
      continue;
    }
    const last = classItem(reader, flags);
    if ("set" in first || "set" in last)
      throw new RegexProblem("a range of a class has to go from one character to another");
    if (last.from < first.from) throw new RegexProblem("a range of a class goes backwards");
    items.push({ from: first.from, to: last.from });
  }
  reader.skip("]");
  return { kind: "class", isNegated, items };
}

function classItem(reader: Reader, flags: Flags): ClassItem {
  const letter = reader.next("a [ has no ]");
  if (letter === "\\") return classEscape(reader, flags);
  const code = letter.codePointAt(0) ?? 0;
  return { from: code, to: code };
}

function parseGroup(reader: Reader, flags: Flags): RegexNode | undefined {
  if (!reader.skip("?")) return capturing(reader, flags, undefined);
  if (reader.skip(":"))
    return closed(reader, flags, (node) => ({ kind: "scope", ignoreCase: undefined, node }));
  if (reader.skip("#")) {
    if (reader.take(/^[^)]*\)/) === undefined) throw new RegexProblem("a comment has no )");
    return undefined;
  }
  const look = reader.take(/^<?[=!]/);
  if (look !== undefined) {
    const [isAhead, isNegated] = [!look.startsWith("<"), look.endsWith("!")];
    return closed(reader, flags, (node) => ({ kind: "look", isAhead, isNegated, node }));
  }
  const reference = /^P=([\p{L}_][\p{L}\p{N}_]*)\)/u;
  const referred = reader.take(reference);
  if (referred !== undefined) {
    const to = referred.slice(2, -1);
    reader.groups.refer(to);
    return { kind: "reference", to };
  }
  const name = reader.take(/^P<[\p{L}_][\p{L}\p{N}_]*>/u);
  if (name !== undefined) return capturing(reader, flags, name.slice(2, -1));
  return parseScope(reader, flags);
}

function capturing(reader: Reader, flags: Flags, name: string | undefined): RegexNode {
  const number = reader.groups.open(name);
  const group = closed(reader, flags, (node) => ({ kind: "group", name, node }));
  reader.groups.close(number, name);
  return group;
}

/** `(?i-s:...)`. */
function parseScope(reader: Reader, flags: Flags): RegexNode {
  const written = reader.take(/^[aiLmsux]*(?:-[imsx]+)?:/);
  if (written === undefined) {
    const found = reader.take(/^.{0,3}/su) ?? "";
    throw new RegexProblem(`(?${found}… is nothing that can be run here`);
  }
  const [on = "", off = ""] = written.slice(0, -1).split("-");
  const inner = withFlags(withFlags(flags, on, true), off, false);
  const ignoreCase = inner.ignoreCase === flags.ignoreCase ? undefined : inner.ignoreCase;
  return closed(reader, inner, (node) => ({ kind: "scope", ignoreCase, node }));
}

function closed(reader: Reader, flags: Flags, wrap: (node: RegexNode) => RegexNode): RegexNode {
  const node = parseChoice(reader, flags);
  if (!reader.skip(")")) throw new RegexProblem("a ( has no )");
  return wrap(node);
}
