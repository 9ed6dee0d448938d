import { printable } from "../../printable.ts";
import type {
  ValidationCheck,
  ValidationDataset,
  ValidationReport,
} from "../../results/validation-report.ts";

/** How every report says the same thing: one wording of figures, limits and shares for text, JUnit, code quality and HTML. */

type Scalar = string | number | boolean | null;

/** What of a check says how it is limited; a planned check has it as well as a judged one. */
interface Limited {
  readonly kind: ValidationCheck["kind"];
  readonly comparison: ValidationCheck["comparison"];
  readonly limit: Scalar | readonly Scalar[];
  readonly allow: number;
}

const order = ["error", "fail", "warn", "inconclusive", "skipped", "pass"] as const;
const severities = ["fail", "warn", "info"] as const;

/** Not judged before broken before warned before skipped before passed; within these the largest failing share first. */
export function worstFirst(checks: readonly ValidationCheck[]): ValidationCheck[] {
  return checks.toSorted(
    (a, b) =>
      order.indexOf(a.verdict) - order.indexOf(b.verdict) ||
      (a.verdict === "pass" ? 0 : severities.indexOf(a.severity) - severities.indexOf(b.severity)) ||
      rank(b) - rank(a),
  );
}

/** A rule that rows cannot break (a missing column) comes before those that only some rows break. */
function rank(check: ValidationCheck): number {
  if (check.verdict !== "fail" && check.verdict !== "warn") return 0;
  return failingShare(check) ?? 2;
}

/** Share 0..1 of the judged rows that break the rule; undefined where the rule is not about rows or none was judged. */
export function failingShare({ failingRows, judgedRows }: ValidationCheck): number | undefined {
  if (failingRows === null || judgedRows === null || judgedRows === 0) return undefined;
  return failingRows / judgedRows;
}

/** What was observed, in one line. */
export function observedText(check: ValidationCheck): string {
  const { observed, kind, limit } = check;
  if (observed === null) return "-";
  if (isShare(check))
    return typeof observed === "number" ? shareText(observed, [limit]) : clean(String(observed));
  const bounds = Array.isArray(limit) ? limit : [limit];
  if (Array.isArray(observed)) return shortList(observed, bounds);
  const unit = kind === "unique" && typeof observed === "number" ? " rows share a key" : "";
  return `${scalarText(observed, bounds)}${unit}`;
}

/** What it is held against, in one line: `>= 0`, `0 .. 10`, `one of a, b`. */
export function limitText(check: Limited): string {
  const { limit, allow } = check;
  if (limit === null) return "-";
  const allowed = allow > 0 ? `, ${shareText(allow, [allow])} may fail` : "";
  return `${isScalar(limit) ? singleLimit(check, limit) : listLimit(check, limit)}${allowed}`;
}

function isScalar(limit: Scalar | readonly Scalar[]): limit is Scalar {
  return typeof limit !== "object" || limit === null;
}

function singleLimit(check: Limited, limit: Scalar): string {
  const value =
    isShare(check) && typeof limit === "number" ? shareText(limit, [limit]) : scalarText(limit, [limit]);
  switch (check.comparison) {
    case "<=":
    case ">=":
    case "<":
    case ">":
    case "matches":
    case "not matches":
      return `${check.comparison} ${value}`;
    case "in":
      return `one of ${value}`;
    case "not in":
      return `none of ${value}`;
    default:
      return value;
  }
}

function listLimit({ comparison }: Limited, limit: readonly Scalar[]): string {
  if (comparison === "between") return rangeText(limit);
  if (limit.length === 0) return "none";
  if (comparison === "in") return `one of ${shortList(limit)}`;
  if (comparison === "not in") return `none of ${shortList(limit)}`;
  return comparison === null || comparison === "=" ? shortList(limit) : `${comparison} ${shortList(limit)}`;
}

function rangeText(pair: readonly Scalar[]): string {
  const [low, high] = pair;
  if (pair.length !== 2 || low === undefined || high === undefined) return shortList(pair);
  if (low === null && high === null) return "any";
  if (low === null) return `<= ${scalarText(high, pair)}`;
  if (high === null) return `>= ${scalarText(low, pair)}`;
  return `${scalarText(low, pair)} .. ${scalarText(high, pair)}`;
}

/** `12 of 1,000 rows (1.2%)`; empty where no row fails. */
export function failingText(check: ValidationCheck): string {
  const { failingRows, judgedRows, limit, allow } = check;
  if (failingRows === null || failingRows === 0) return "";
  const share = failingShare(check);
  if (share === undefined) return counted(failingRows, "row");
  const marks = isShare(check) ? [limit, allow] : [allow];
  return `${grouped(failingRows)} of ${counted(judgedRows ?? 0, "row")} (${shareText(share, marks)})`;
}

/** The masked examples of failing values; empty where there are none. */
export function examplesText(check: ValidationCheck): string {
  return check.examples.length === 0 ? "" : `e.g. ${check.examples.map((value) => clean(value)).join(" ")}`;
}

/** Missing values are observed, and limited, as a share of the rows. */
function isShare({ kind, comparison }: Limited): boolean {
  return kind === "nulls" && comparison === "<=";
}

/**
 * `0.0512` -> `5.12%`: as few digits as tell it from 0, from 1 and from each of `marks`. A share above a limit is never
 * shown as the limit, one row in a hundred million is not shown as 0, and a limit that is its own mark has all its digits.
 */
export function shareText(share: number, marks: readonly unknown[] = []): string {
  const limits = [0, 1, ...marks.filter((mark) => typeof mark === "number")];
  return `${fewestDigits(
    share * 100,
    limits.map((mark) => mark * 100),
    4,
  )}%`;
}

function scalarText(value: Scalar, marks: readonly unknown[] = []): string {
  if (typeof value !== "number" || Number.isInteger(value)) return clean(String(value));
  return fewestDigits(
    value,
    marks.filter((mark) => typeof mark === "number"),
    6,
  );
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

/** `1 row`, `2,000 rows`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

const groups = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** `1234567` -> `1,234,567`. */
export function grouped(count: number): string {
  return groups.format(count);
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

/** The table in a few words: its file, or the first of its files and how many there are more. */
export function tableName({ files, uri }: ValidationDataset): string {
  const first = files[0]?.uri;
  if (first === undefined) return clean(uri);
  return files.length === 1 ? clean(first) : `${clean(first)} and ${grouped(files.length - 1)} more`;
}

/** `30 checks (3 fail, 27 pass)`. */
export function countsText({ checks, summary }: Pick<ValidationReport, "checks" | "summary">): string {
  const words = (["error", "fail", "warn", "skipped", "pass"] as const).filter((word) => summary[word] > 0);
  const counts = words.map((word) => `${grouped(summary[word])} ${word}`).join(", ");
  return `${counted(checks.length, "check")}${counts === "" ? "" : ` (${counts})`}`;
}

function shortList(values: readonly Scalar[], marks: readonly unknown[] = values): string {
  const shown = values.slice(0, 5).map((value) => scalarText(value, marks));
  return values.length > 5
    ? `${shown.join(", ")}, … (${grouped(values.length)})`
    : shown.join(", ") || "none";
}

/** One line, without what a terminal would obey, and not without end. */
export function clean(text: string, length = 200): string {
  return printable(text.length > length ? `${text.slice(0, length - 1)}…` : text).toWellFormed();
}
