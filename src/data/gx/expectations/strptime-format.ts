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
  S: "[0-5][0-9]|[0-9]",
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
    if (found.trim() === "") parts.push({ kind: "blank" });
    else if (!found.startsWith("%")) parts.push({ kind: "text", text: found });
    else if (found === "%%") parts.push({ kind: "text", text: "%" });
    else if (isField(found.slice(1))) {
      const letter = found.slice(1);
      if (!isField(letter)) return `${found} is no field`;
      if (parts.some((part) => part.kind === "field" && part.letter === letter))
        return `${found} stands there twice`;
      parts.push({ kind: "field", letter });
    } else return `${found} is no field of strptime that can be judged here`;
  }
  return parts;
}

function isField(letter: string): letter is FieldLetter {
  return Object.hasOwn(fieldPatterns, letter);
}
