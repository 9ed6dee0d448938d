import { re2 } from "./regex-class.ts";
import { type FieldLetter, type FormatPart, fieldPatterns } from "./strptime-format.ts";

/** Fields whose text is digits: two of them side by side can be cut in several ways. */
const digits: readonly string[] = [..."YymdHIMSfjwuUW"];

const thirtyOne = { m: "0?[13578]|1[02]", b: "jan|mar|may|jul|aug|oct|dec" };
const thirty = { m: "0?[469]|11", b: "apr|jun|sep|nov" };
const fullNames = {
  thirtyOne: "january|march|may|july|august|october|december",
  thirty: "april|june|september|november",
};

type Patterns = Readonly<Partial<Record<FieldLetter, string>>>;

/** Which days there are in which months; the last one for leap years. */
const calendar: readonly Patterns[] = [
  { ...thirtyOne, B: fullNames.thirtyOne },
  { ...thirty, B: fullNames.thirty, d: "30|[12][0-9]|0?[1-9]| [1-9]" },
  { m: "0?2", b: "feb", B: "february", d: "2[0-8]|1[0-9]|0?[1-9]| [1-9]" },
  {
    ...{ m: "0?2", b: "feb", B: "february", d: "29", y: "[02468][048]|[13579][26]" },
    Y: "[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00",
  },
];

/** There is no year 0, and a second 60 is taken but is no time. */
const realOnes: Patterns = {
  Y: "[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9]",
  S: "[0-5][0-9]|[0-9]",
};

/**
 * A regular expression of RE2 for the texts that Python's `strptime` reads by the format, real days only; undefined where
 * the text alone does not say where a field ends.
 */
export function strptimeRegex(parts: readonly FormatPart[]): string | undefined {
  if (!areFieldsApart(parts)) return undefined;
  const letters = new Set(parts.flatMap((part) => (part.kind === "field" ? [part.letter] : [])));
  if (letters.has("z") || letters.has("j")) return undefined;
  const hasMonth = letters.has("m") || letters.has("b") || letters.has("B");
  const hasYear = letters.has("Y") || letters.has("y");
  if (!letters.has("d") || !hasMonth) return anchored([written(parts, {})]);
  // The year that is not told is 1900, which was no leap year.
  const days = hasYear ? calendar : calendar.slice(0, 3);
  return anchored(days.map((patterns) => written(parts, patterns)));
}

function anchored(variants: readonly string[]): string {
  return `\\A(?i:${variants.join("|")})\\z`;
}

function written(parts: readonly FormatPart[], patterns: Patterns): string {
  return parts
    .map((part) => {
      if (part.kind === "blank") return "[\\x{9}-\\x{d}\\x{1c}-\\x{20}\\x{85}\\x{a0}\\p{Z}]+";
      if (part.kind === "text")
        return [...part.text].map((one) => re2.code(one.codePointAt(0) ?? 0)).join("");
      const { letter } = part;
      return `(?:${patterns[letter] ?? realOnes[letter] ?? fieldPatterns[letter]})`;
    })
    .join("");
}

function areFieldsApart(parts: readonly FormatPart[]): boolean {
  return parts.every((part, index) => {
    const next = parts[index + 1];
    if (part.kind === "text") return !/[0-9]/.test(part.text);
    if (part.kind === "blank") return true;
    return next?.kind !== "field" || !(digits.includes(part.letter) && digits.includes(next.letter));
  });
}
