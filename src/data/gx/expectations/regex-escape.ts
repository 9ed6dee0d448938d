import { type ClassItem, type Flags, type RegexNode, RegexProblem } from "./regex-tree.ts";
import type { Reader } from "./text-reader.ts";

const controls: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** What follows a backslash inside of `[...]`. */
export function classEscape(reader: Reader, flags: Flags): ClassItem {
  const letter = reader.next("a backslash ends the expression");
  const set = setOf(letter, flags);
  if (set !== undefined) return set;
  if (letter === "b") return one(8);
  if (/[0-7]/.test(letter)) return one(octal(reader, letter));
  return one(codeOf(reader, letter));
}

/** What follows a backslash elsewhere. */
export function plainEscape(reader: Reader, flags: Flags): RegexNode {
  const letter = reader.next("a backslash ends the expression");
  const set = setOf(letter, flags);
  if (set !== undefined) return { kind: "class", isNegated: false, items: [set] };
  switch (letter) {
    case "A":
      return { kind: "anchor", at: "text-start" };
    case "Z":
      return { kind: "anchor", at: "text-end" };
    case "b":
    case "B":
      return { kind: "boundary", isNegated: letter === "B", isAscii: flags.ascii };
  }
  if (letter === "0") return { kind: "char", code: octal(reader, letter) };
  if (!/[1-9]/.test(letter)) return { kind: "char", code: codeOf(reader, letter) };
  const digits = reader.take(/^[0-7]{2}/);
  if (digits !== undefined && /[1-7]/.test(letter) && (letter <= "3" || digits === ""))
    return { kind: "char", code: Number.parseInt(letter + digits, 8) };
  if (digits !== undefined) reader.back(digits.length);
  const number = letter + (reader.take(/^[0-9]/) ?? "");
  reader.groups.refer(Number(number));
  return { kind: "reference", to: Number(number) };
}

function setOf(letter: string, { ascii }: Flags): ClassItem | undefined {
  switch (letter) {
    case "d":
    case "s":
    case "w":
      return { set: letter, isNegated: false, isAscii: ascii };
    case "D":
      return { set: "d", isNegated: true, isAscii: ascii };
    case "S":
      return { set: "s", isNegated: true, isAscii: ascii };
    case "W":
      return { set: "w", isNegated: true, isAscii: ascii };
    default:
      return undefined;
  }
}

function one(code: number): ClassItem {
  return { from: code, to: code };
}

function octal(reader: Reader, first: string): number {
  const code = Number.parseInt(first + (reader.take(/^[0-7]{1,2}/) ?? ""), 8);
  if (code > 255) throw new RegexProblem("an octal escape is more than \\377");
  return code;
}

function codeOf(reader: Reader, letter: string): number {
  const control = controls[letter];
  if (control !== undefined) return control;
  const lengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
  const length = lengths[letter];
  if (length !== undefined) {
    const digits = reader.take(new RegExp(`^[0-9a-fA-F]{${length}}`));
    const code = Number.parseInt(digits ?? "", 16);
    if (digits === undefined || code > 0x10ffff)
      throw new RegexProblem(`\\${letter} needs ${length} hex digits`);
    return code;
  }
  if (letter === "N") throw new RegexProblem("\\N{...} is not supported here: write the character itself");
  if (/[0-9a-zA-Z]/.test(letter)) throw new RegexProblem(`\\${letter} means nothing in a regular expression`);
  return letter.codePointAt(0) ?? 0;
}
