/** A part of a strptime format. */
export type FormatPart =
  | { readonly kind: "blank" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "field"; readonly letter: FieldLetter };

export type FieldLetter = keyof typeof fieldPatterns;

const weekdays = "monday|tuesday|wednesday|thursday|friday|saturday|sunday";
const months = "january|february|march|april|may|june|july|august|september|october|november|december";

/** What each field takes, in the C locale; the alternatives are tried from the left. Digits are ASCII. */
export const fieldPatterns = {
  Y: "[0-9]{4}",
  y: "[0-9]{2}",
  m: "1[0-2]|0[1-9]|[1-9]",
  d: "3[01]|[12][0-9]|0[1-9]|[1-9]| [1-9]",
  H: "2[0-3]|[01][0-9]|[0-9]",
  I: "1[0-2]|0[1-9]|[1-9]",
  M: "[0-5][0-9]|[0-9]",
  S: "6[01]|[0-5][0-9]|[0-9]",
  f: "[0-9]{1,6}",
  j: "36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]|[1-9]",
  p: "am|pm",
  a: "mon|tue|wed|thu|fri|sat|sun",
  A: weekdays,
  b: "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec",
  B: months,
  w: "[0-6]",
  u: "[1-7]",
  U: "5[0-3]|[0-4][0-9]|[0-9]",
  W: "5[0-3]|[0-4][0-9]|[0-9]",
  Z: "gmt|utc",
  z: "[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9]|Z",
} as const;

const composed: Readonly<Record<string, string>> = {
  c: "%a %b %d %H:%M:%S %Y",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
};

/** The parts of a format of Python's `strptime`, or why it is none that can be judged. */
export function readFormat(format: string): readonly FormatPart[] | string {
  const spelled = format.replaceAll(/%([cxX])/g, (_, letter: string) => composed[letter] ?? "");
  const parts: FormatPart[] = [];
  for (const [found] of spelled.matchAll(/%.?|\s+|[^%\s]+/gsu)) {
    const part = partOf(found);
    if (part === undefined) return `${found} is no field of strptime that can be judged here`;
    if (part.kind === "field" && parts.some((one) => one.kind === "field" && one.letter === part.letter))
      return `${found} stands there twice`;
    parts.push(part);
  }
  return parts;
}

function partOf(found: string): FormatPart | undefined {
  if (found.trim() === "") return { kind: "blank" };
  if (!found.startsWith("%")) return { kind: "text", text: found };
  const letter = found.slice(1);
  if (letter === "%") return { kind: "text", text: letter };
  return isField(letter) ? { kind: "field", letter } : undefined;
}

function isField(letter: string): letter is FieldLetter {
  return Object.hasOwn(fieldPatterns, letter);
}
