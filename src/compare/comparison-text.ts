import { printable } from "../printable.ts";
import { pairingSentence } from "../results/comparison.ts";
import { cutEnd, displayWidth } from "../text-width.ts";
import type { Change } from "./change.ts";
import type { Comparison, MetricRow } from "./comparison.ts";
import type { Side } from "./side.ts";

const mostGroupsShown = 10;
const mostValueWidth = 40;

/** The comparison for a person: what stands on each side, metrics with their changes, subgroups, parameters that differ. */
export function comparisonText(sides: readonly Side[], comparison: Comparison): string {
  const lines = sides.map((side) => `${side.label}  ${printable(side.description)}${rowsOf(side)}`);
  lines.push(evalSetLine(comparison), ...pairingLines(comparison, sides[0]?.label ?? ""), "");
  lines.push(...table(metricTable(sides, comparison.metrics, (row) => row.metric)));
  lines.push(...intervalLines(comparison));
  const { subgroups, primaryMetric, parameters } = comparison;
  if (subgroups.length > 0) {
    lines.push("", `${primaryMetric} by subgroup, largest loss first`);
    const shown = subgroups.slice(0, mostGroupsShown);
    lines.push(...table(metricTable(sides, shown, (row) => row.subgroup ?? "")));
    if (subgroups.length > shown.length) lines.push(`… and ${subgroups.length - shown.length} more`);
  }
  if (parameters !== null) {
    lines.push("", parameters.length === 0 ? "no parameter differs" : "parameters that differ");
    const rows = parameters.map((row) => [row.name, ...row.values.map((value) => value ?? "-")]);
    if (rows.length > 0) lines.push(...table([["", ...sides.map((side) => side.label)], ...rows]));
  }
  if (comparison.parameterNotes.length > 0) lines.push("", ...comparison.parameterNotes.map(printable));
  return lines.join("\n");
}

function rowsOf({ evaluation }: Side): string {
  const { rows } = evaluation.evalSet;
  const at = evaluation.evaluatedAt === null ? "" : `, evaluated ${evaluation.evaluatedAt.slice(0, 10)}`;
  return `${rows === null ? "" : `, ${rows} rows`}${at}`;
}

function evalSetLine({ evalSet }: Comparison): string {
  if (evalSet === "same") return "the same evaluation set";
  return evalSet === "different"
    ? "different evaluation sets"
    : "whether the evaluation sets are the same is not known";
}

/** Nothing of sides whose rows differ anyway. */
function pairingLines({ evalSet, pairings }: Comparison, first: string): string[] {
  if (evalSet !== "same") return [];
  return pairings.map((one) => printable(pairingSentence(one, first)));
}

/** What the intervals are, of those that are there. */
function intervalLines({ metrics }: Comparison): string[] {
  const changes = metrics.flatMap((row) => row.changes).filter((change) => change !== null);
  const has = (paired: boolean) => changes.some((one) => one.low !== null && one.paired === paired);
  return [
    ...(has(true)
      ? ["[95 % interval] paired: of the differences between the two models on the same rows"]
      : []),
    ...(has(false)
      ? ["[95 % interval] as if the sides were of different rows: on the same rows it is narrower as a rule"]
      : []),
    ...(changes.some((one) => one.low === null && (one.word === "better" || one.word === "worse"))
      ? ["better or worse without an interval: by the two figures alone, which may be chance"]
      : []),
  ];
}

function metricTable(
  sides: readonly Side[],
  rows: readonly MetricRow[],
  nameOf: (row: MetricRow) => string,
): string[][] {
  const [first, ...others] = sides.map((side) => side.label);
  const head = ["", first ?? "", ...others.flatMap((label) => [label, `${label} - ${first}`, ""])];
  return [head, ...rows.map((row) => [nameOf(row), ...cellsOf(row)])];
}

function cellsOf({ values, changes }: MetricRow): string[] {
  const [first, ...others] = values;
  return [
    valueText(first ?? null),
    ...others.flatMap((value, place) => {
      const change = changes[place] ?? null;
      return [valueText(value), changeText(change), change?.word ?? ""];
    }),
  ];
}

function changeText(change: Change | null): string {
  if (change === null) return "";
  const { low, high, paired } = change;
  const range =
    low === null || high === null ? "" : ` [${signed(low)}, ${signed(high)}]${paired ? " paired" : ""}`;
  return `${signed(change.change)}${range}`;
}

function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${numberText(value)}`;
}

function valueText(value: number | null): string {
  return value === null ? "-" : numberText(value);
}

function numberText(value: number): string {
  return Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-3)
    ? value.toExponential(3)
    : value.toFixed(4);
}

/** Columns as wide as their widest cell; the first to the left, the others to the right but for words. */
function table(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => cutEnd(printable(cell), mostValueWidth)));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => displayWidth(row[column] ?? ""))),
  );
  return cells.map((row) =>
    row
      .map((cell, column) => {
        const gap = " ".repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell)));
        return column === 0 || /^[a-z]+$/.test(cell) ? `${cell}${gap}` : `${gap}${cell}`;
      })
      .join("  ")
      .trimEnd(),
  );
}
