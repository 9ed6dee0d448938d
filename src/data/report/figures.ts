import { printable } from "../../printable.ts";

/** How every report writes figures: shares, numbers, instants, counts, sizes, times, lists. */

export type Scalar = string | number | boolean | null;

/**
 * `0.0512` -> `5.12%`: as few digits as tell it from 0, from 1 and from each of `marks`. A share above a limit is never
 * shown as the limit, one row in a hundred million is not shown as 0, and a limit that is its own mark has all its digits.
 */
export function shareText(share: number, marks: readonly unknown[] = []): string {
  const limits = [0, 1, ...marks.filter((mark) => typeof mark === "number")];
  return `${fewestDigits(
    share * 100,
    limits.map((mark) => mark * 100),
    3,
  )}%`;
}

/**
 * One value of a rule: rounded, but never so that it looks like, or past, one of `marks` (the limits that it is held against).
 */
export function scalarText(value: Scalar, marks: readonly unknown[] = []): string {
  if (typeof value === "string") return clean(withoutFraction(value, marks));
  if (typeof value !== "number" || Number.isInteger(value)) return clean(String(value));
  return fewestDigits(
    value,
    marks.filter((mark) => typeof mark === "number"),
    8,
  );
}

/** An instant in whole seconds, unless another one that it is held against is in the same second. */
function withoutFraction(text: string, marks: readonly unknown[]): string {
  const short = shortInstant(text);
  const isAlone = marks.every(
    (mark) => mark === text || typeof mark !== "string" || shortInstant(mark) !== short,
  );
  return isAlone ? short : text;
}

function shortInstant(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+Z$/, "$1Z");
}

/** At least `digits` significant digits of `value`; more where it would otherwise look like, or past, one of `marks`. */
function fewestDigits(value: number, marks: readonly number[], digits: number): string {
  if (!Number.isFinite(value)) return String(value);
  for (let precision = digits; precision < 15; precision++) {
    const shown = Number(value.toPrecision(precision));
    if (marks.every((mark) => isOnSameSide(value, shown, mark))) return decimal(shown);
  }
  return decimal(marks.some((mark) => nearly(mark, value)) ? value : Number(value.toPrecision(15)));
}

function isOnSameSide(value: number, shown: number, mark: number): boolean {
  if (value === mark) return nearly(shown, mark);
  if (nearly(value, mark)) return false;
  return Math.sign(value - mark) === Math.sign(Number(shown.toPrecision(15)) - Number(mark.toPrecision(15)));
}

/** Equal in 15 digits, which is all that a product with 100 leaves sure. */
function nearly(a: number, b: number): boolean {
  return a.toPrecision(15) === b.toPrecision(15);
}

/** `1e-7` -> `0.0000001`; only what no reader would count is left in powers of ten. */
function decimal(value: number): string {
  const text = String(value);
  return /e-([7-9]|1[0-2])$/.test(text) ? value.toFixed(20).replace(/0+$/, "") : text;
}

/** The first five of a list, and how many there are. */
export function shortList(values: readonly Scalar[], marks: readonly unknown[] = values): string {
  const shown = values.slice(0, 5).map((value) => scalarText(value, marks));
  return values.length > 5
    ? `${shown.join(", ")}, … (${grouped(values.length)})`
    : shown.join(", ") || "none";
}

/** `1 row`, `2,000 rows`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `1234567` -> `1,234,567`; a whole number. By hand: `Intl` loads what it knows of all languages for it. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** Bytes for people: `391 MB`, powers of 1000. */
export function sizeText(sizeBytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  const power = sizeBytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(sizeBytes) / 3));
  if (power === 0) return sizeBytes === 1 ? "1 byte" : `${sizeBytes} bytes`;
  return `${Number((sizeBytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

/** Time for people: `0.4 s`, `12 s`, `3 min 20 s`, `1 h 5 min`. */
export function durationText(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** One line, without what a terminal would obey, and not without end. */
export function clean(text: string, length = 200): string {
  return printable(text.length > length ? `${text.slice(0, length - 1)}…` : text).toWellFormed();
}
