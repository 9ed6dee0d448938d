import { type FormatPart, fieldPatterns, readFormat } from "../gx/expectations/strptime-format.ts";
import type { CompiledValueTest, ValueTestError } from "./compiled-test.ts";

/** Whether Python's `datetime.strptime` reads a text by the format, in the C locale. Real days only, no leap second. */
export function strptimeTest(format: string): CompiledValueTest | ValueTestError {
  const parts = readFormat(format);
  if (typeof parts === "string") return { error: `the format ${JSON.stringify(format)}: ${parts}` };
  const regex = new RegExp(`^${parts.map(patternOf).join("")}`, "iu");
  return (text) => {
    // The first way to read it counts, also where another one would take the whole text.
    const found = regex.exec(text);
    return found !== null && found[0].length === text.length && isRealTime(found.groups ?? {});
  };
}

function patternOf(part: FormatPart): string {
  if (part.kind === "blank") return "[\\s\\x1c-\\x1f\\x85]+";
  if (part.kind === "text") return part.text.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, "\\$&");
  // Great letters and small ones are two names to JavaScript, too.
  return `(?<${part.letter}>${fieldPatterns[part.letter]})`;
}

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** A day of the year stands above month and day; what is not told is 1 January 1900. */
function isRealTime(fields: Readonly<Record<string, string | undefined>>): boolean {
  const year = yearOf(fields);
  if (year < 1 || Number(fields["S"] ?? 0) > 59) return false;
  // The last day that Python knows is the 365th of 9999.
  if (fields["j"] !== undefined) return year < 9999 || Number(fields["j"]) < 366;
  const name = (fields["b"] ?? fields["B"])?.slice(0, 3).toLowerCase();
  const month = name === undefined ? Number(fields["m"] ?? 1) : monthNames.indexOf(name) + 1;
  return Number(fields["d"] ?? 1) <= daysIn(year, month);
}

function yearOf(fields: Readonly<Record<string, string | undefined>>): number {
  if (fields["Y"] !== undefined) return Number(fields["Y"]);
  if (fields["y"] === undefined) return 1900;
  const short = Number(fields["y"]);
  return short <= 68 ? 2000 + short : 1900 + short;
}

/** Month 1..12 of the Gregorian calendar, carried back before its time as Python does. */
export function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
