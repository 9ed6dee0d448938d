import type {
  ValidationCheck,
  ValidationDataset,
  ValidationReport,
} from "../../results/validation-report.ts";
import { clean, counted, grouped, type Scalar, scalarText, shareText, shortList } from "./figures.ts";

/** How every report says the same thing: one wording of figures, limits and shares for text, JUnit, code quality and HTML. */

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

/** Kinds of rules that observe how many rows break them: a bare number would look like a value. */
const countsRows = new Set(["infinite", "values", "pattern", "assertion", "sql", "reference", "order"]);

/** Whether what is observed of a rule is the number of rows that break it. */
export function observesRows(check: ValidationCheck): boolean {
  const { kind, comparison, limit, observed, failingRows } = check;
  if (observed === null || observed !== failingRows) return false;
  return countsRows.has(kind) || (kind === "expectation" && comparison === "<=" && limit === 0);
}

/** What a rule counts. */
function nounOf({ elementsOf }: ValidationCheck): "row" | "element" {
  return elementsOf === null ? "row" : "element";
}

/** What was observed, in one line. */
export function observedText(check: ValidationCheck): string {
  const { observed, kind, limit } = check;
  if (observed === null) return "-";
  if (isShare(check))
    return typeof observed === "number" ? shareText(observed, [limit]) : clean(String(observed));
  const bounds = Array.isArray(limit) ? limit : [limit];
  // Of lengths the shortest and the longest are observed.
  if (Array.isArray(observed)) return kind === "length" ? rangeText(observed) : shortList(observed, bounds);
  if (kind === "unique" && typeof observed === "number")
    return `${grouped(observed)} ${nounOf(check)}s share a key`;
  if (observesRows(check)) return counted(check.failingRows ?? 0, nounOf(check));
  return scalarText(observed, bounds);
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

/** `12 of 1,000 rows (1.2%)`, or of elements; empty where no row fails. */
export function failingText(check: ValidationCheck): string {
  const { failingRows, judgedRows, limit, allow } = check;
  if (failingRows === null || failingRows === 0) return "";
  const share = failingShare(check);
  if (share === undefined) return counted(failingRows, nounOf(check));
  const marks = isShare(check) ? [limit, allow] : [allow];
  return `${grouped(failingRows)} of ${counted(judgedRows ?? 0, nounOf(check))} (${shareText(share, marks)})`;
}

/** Up to `count` of the masked examples of failing values; empty where there are none. */
export function examplesText({ examples }: ValidationCheck, count = examples.length): string {
  // Different values may look the same behind their masks.
  const shown = [...new Set(examples)].slice(0, count).map((value) => clean(value));
  return shown.length === 0 ? "" : `e.g. ${shown.join(" ")}`;
}

/** Missing values are observed, and limited, as a share of the rows. */
function isShare({ kind, comparison }: Limited): boolean {
  return kind === "nulls" && comparison === "<=";
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
