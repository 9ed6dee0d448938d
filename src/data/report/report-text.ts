import { printable } from "../../printable.ts";
import type { ValidationCheck, ValidationReport } from "../../results/validation-report.ts";
import type { Check } from "../plan/check.ts";

const order = ["error", "fail", "warn", "inconclusive", "skipped", "pass"] as const;

/**
 * The report for people: worst first, one line a rule with what was observed and the limit, then the verdict and where the
 * report is. Defaults that passed are summed up in one line a kind unless `isVerbose`.
 */
export function reportText(report: ValidationReport, file: string, isVerbose: boolean): string {
  const { dataset, checks } = report;
  const isSummed = (check: ValidationCheck) =>
    !isVerbose && check.isDefault && check.verdict === "pass" && check.column !== null;
  const listed = checks
    .filter((check) => !isSummed(check))
    .toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  const rows = [
    ["verdict", "rule", "observed", "limit", "failing"],
    ...listed.map((check) => checkRow(check, dataset.rows ?? 0)),
    ...sums(checks.filter(isSummed)),
  ];
  return [datasetLine(report), "", ...aligned(rows), "", verdictLine(report, file)].join("\n");
}

function datasetLine({ dataset }: ValidationReport): string {
  const { rows, columns } = dataset;
  const parts = [`${dataset.uri}: ${counted(rows ?? "?", "row")}, ${counted(columns.length, "column")}`];
  if (dataset.csv !== null) {
    const { delimiter, compression, encoding } = dataset.csv;
    const packed = compression === "none" ? "" : `, ${compression}`;
    parts.push(
      `CSV, delimiter ${delimiter === "\t" ? "tab" : JSON.stringify(delimiter)}, ${encoding}${packed}`,
    );
  } else parts.push("Parquet");
  if (dataset.sha256 !== null) parts.push(`sha256 ${dataset.sha256.slice(0, 12)}…`);
  return parts.join(" · ");
}

function checkRow(check: ValidationCheck, rows: number): string[] {
  return [
    check.verdict === "pass" ? "pass" : check.verdict.toUpperCase(),
    clean(check.name),
    observedText(check),
    limitText(check),
    failingText(check, rows),
  ];
}

function observedText(check: ValidationCheck): string {
  if (check.reason !== null) return clean(check.reason);
  if (check.kind === "nulls") return shareText(check.observed);
  if (Array.isArray(check.observed)) return shortList(check.observed);
  const unit = check.kind === "unique" ? " rows share a key" : "";
  return `${clean(String(check.observed ?? "-"))}${unit}`;
}

function limitText(check: ValidationCheck): string {
  const { limit, kind, comparison } = check;
  if (limit === null) return "-";
  const allowed = check.allow > 0 ? `, ${shareText(check.allow)} may fail` : "";
  if (Array.isArray(limit)) return `${comparison === "in" ? `one of ${shortList(limit)}` : "none"}${allowed}`;
  const value = kind === "nulls" ? shareText(limit) : clean(String(limit));
  return `${comparison === "<=" || comparison === ">=" ? `${comparison} ` : ""}${value}${allowed}`;
}

function failingText(check: ValidationCheck, rows: number): string {
  const failing = check.failingRows ?? 0;
  if (failing === 0 || rows === 0) return "";
  const examples = check.examples.length === 0 ? "" : `, e.g. ${check.examples.map(clean).join(" ")}`;
  return `${failing} of ${counted(rows, "row")} (${shareText(failing / rows)})${examples}`;
}

function sums(passed: readonly ValidationCheck[]): string[][] {
  const kinds = [...new Set(passed.map((check) => check.kind))];
  return kinds.map((kind) => {
    const ofKind = passed.filter((check) => check.kind === kind);
    const label = `${kind} (${ofKind.length} ${ofKind.length === 1 ? "column" : "columns"} by default)`;
    const worst = ofKind.toSorted((a, b) => Number(b.observed ?? 0) - Number(a.observed ?? 0))[0];
    if (worst === undefined || kind === "schema") return ["pass", label, "present", "present", ""];
    return [
      "pass",
      label,
      `worst ${observedText(worst)} in ${clean(worst.column ?? "")}`,
      limitText(worst),
      "",
    ];
  });
}

function verdictLine(report: ValidationReport, file: string): string {
  const { summary, verdict } = report;
  const counts = (["error", "fail", "warn", "skipped", "pass"] as const)
    .filter((word) => summary[word] > 0)
    .map((word) => `${summary[word]} ${word}`);
  return `${verdict.toUpperCase()}: ${counted(report.checks.length, "check")} (${counts.join(", ")}). Report: ${file}`;
}

/** `1 row`, `2 rows`. */
function counted(count: number | string, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `0.0512` -> `5.12%`; never rounded to a limit that it is above. */
function shareText(value: unknown): string {
  if (typeof value !== "number") return "-";
  return `${Number((value * 100).toPrecision(6))}%`;
}

function shortList(values: readonly (string | number | boolean | null)[]): string {
  const shown = values.slice(0, 5).map((value) => clean(String(value)));
  return values.length > 5 ? `${shown.join(", ")}, … (${values.length})` : shown.join(", ") || "none";
}

function clean(text: string): string {
  return printable(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** What a dry run prints: every rule with its limit, and the SQL where asked for. */
export function planText(checks: readonly Check[], queries: readonly string[], isVerbose: boolean): string {
  const rows = checks.map((check) => {
    const { limit } = check;
    return [
      clean(check.name),
      check.severity,
      Array.isArray(limit) ? shortList(limit) : clean(String(limit ?? "-")),
    ];
  });
  return [
    ...aligned([["rule", "severity", "limit"], ...rows]),
    ...(isVerbose ? ["", ...queries.map((sql) => `${sql};\n`)] : []),
    "",
    `${counted(checks.length, "check")} in ${queries.length} ${queries.length === 1 ? "query" : "queries"}. Nothing was judged, no report was written (--dry-run).`,
  ].join("\n");
}
