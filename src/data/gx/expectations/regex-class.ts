import type { ClassItem, SetName } from "./regex-tree.ts";

/** How an engine writes a code point inside and outside of a class. */
export interface Dialect {
  readonly name: "re2" | "js";
  readonly code: (code: number) => string;
  readonly inClass: (code: number) => string;
}

const isPlain = (code: number) => /^[0-9A-Za-z_]$/.test(String.fromCodePoint(code)) || code > 0xa0;
const isControl = (code: number) => code < 32 || (code >= 127 && code <= 0xa0);

export const re2: Dialect = { name: "re2", code: re2Code, inClass: re2Code };

function re2Code(code: number): string {
  if (isControl(code)) return `\\x{${code.toString(16)}}`;
  return isPlain(code) ? String.fromCodePoint(code) : `\\${String.fromCodePoint(code)}`;
}

export const js: Dialect = {
  name: "js",
  code: (code) => jsCode(code, /[\^$\\.*+?()[\]{}|/]/),
  inClass: (code) => jsCode(code, /[\\\]^[-]/),
};

function jsCode(code: number, special: RegExp): string {
  const letter = String.fromCodePoint(code);
  if (isControl(code)) return `\\u{${code.toString(16)}}`;
  return special.test(letter) ? `\\${letter}` : letter;
}

/** What Python's `str.isspace` takes for a blank: code points, both ends included. */
const blanks: readonly (readonly [number, number])[] = [
  ...([
    [9, 13],
    [28, 32],
    [0x85, 0x85],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
  ] as const),
  ...([
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
  ] as const),
];

/** The inside of a class that stands for a set. */
export function expanded(set: SetName, isAscii: boolean, dialect: Dialect): string {
  switch (set) {
    case "d":
      return isAscii ? "0-9" : "\\p{Nd}";
    case "w":
      return isAscii ? "0-9A-Za-z_" : "\\p{L}\\p{N}_";
    case "s":
      return (isAscii ? [[9, 13] as const, [32, 32] as const] : blanks)
        .map(([from, to]) => ranged(from, to, dialect))
        .join("");
  }
}

function ranged(from: number, to: number, dialect: Dialect): string {
  return from === to ? dialect.inClass(from) : `${dialect.inClass(from)}-${dialect.inClass(to)}`;
}

function inside(items: readonly ClassItem[], dialect: Dialect): string {
  return items
    .map((item) =>
      "set" in item ? expanded(item.set, item.isAscii, dialect) : ranged(item.from, item.to, dialect),
    )
    .join("");
}

type SetItem = Extract<ClassItem, { readonly set: SetName }>;

/** A class of Python; undefined where the engine has no way to say it. No engine has `\W` with Python's meaning. */
export function classText(
  items: readonly ClassItem[],
  isNegated: boolean,
  dialect: Dialect,
): string | undefined {
  const negative = items.filter((item): item is SetItem => "set" in item && item.isNegated);
  const others = items.filter((item) => !("set" in item && item.isNegated));
  const [first, ...more] = negative;
  if (first === undefined) return `[${isNegated ? "^" : ""}${inside(others, dialect)}]`;
  if (!isNegated) {
    const parts = negative.map(({ set, isAscii }) => `[^${expanded(set, isAscii, dialect)}]`);
    if (others.length > 0) parts.push(`[${inside(others, dialect)}]`);
    return parts.length === 1 ? parts[0] : `(?:${parts.join("|")})`;
  }
  if (dialect.name === "re2") return more.length > 0 ? undefined : without(first, others);
  const excluded = others.length === 0 ? "" : `(?![${inside(others, dialect)}])`;
  const also = more.map(({ set, isAscii }) => `(?=[${expanded(set, isAscii, dialect)}])`).join("");
  return `(?:${excluded}${also}[${expanded(first.set, first.isAscii, dialect)}])`;
}

/** `[^\W\d_]`, `[^\S\n]`: a set without some of its members, for an engine without look-ahead. */
function without({ set, isAscii }: SetItem, items: readonly ClassItem[]): string | undefined {
  if (isAscii) return undefined;
  if (set === "s") return blanksWithout(items);
  if (set !== "w") return items.length === 0 ? `[${expanded(set, isAscii, re2)}]` : undefined;
  const parts = new Set(["\\p{L}", "\\p{Nl}", "\\p{No}", "\\p{Nd}", "_"]);
  for (const item of items) {
    if ("set" in item ? item.set === "d" && !item.isAscii : false) parts.delete("\\p{Nd}");
    else if (!("set" in item) && item.from === 95 && item.to === 95) parts.delete("_");
    else if (!("set" in item) && item.from === item.to && item.from < 128 && !isPlain(item.from)) continue;
    else return undefined;
  }
  return `[${[...parts].join("")}]`;
}

function blanksWithout(items: readonly ClassItem[]): string | undefined {
  if (items.some((item) => "set" in item)) return undefined;
  const left = blanks
    .flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index))
    .filter((code) => !items.some((item) => !("set" in item) && item.from <= code && code <= item.to));
  return left.length === 0 ? undefined : `[${left.map((code) => re2.inClass(code)).join("")}]`;
}
