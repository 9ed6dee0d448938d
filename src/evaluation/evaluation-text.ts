import { isKnownMetric, metricFacts } from "../metrics/catalog.ts";
import type { GroupMetrics } from "../metrics/metric-set.ts";
import { printable } from "../printable.ts";
import type { Measurement } from "./measure.ts";

const mostGroupsShown = 20;

/** The result for a person: all metrics, then each subgroup column with its worst group first. */
export function evaluationText(measured: Measurement, file: string): string {
  const { overall, subgroups, threshold } = measured;
  const lines = [`${measured.task}: ${countsOf(overall)}`];
  const width = Math.max(...Object.keys(overall.metrics).map((name) => name.length));
  for (const [name, value] of Object.entries(overall.metrics)) {
    const shown = value === null ? `undefined: ${overall.undefined[name] ?? ""}` : formatNumber(value);
    lines.push(`  ${name.padEnd(width)}  ${shown}`);
  }
  if (threshold !== null) lines.push(`  (classes at score >= ${threshold})`);
  const primary = measured.task === "binary" ? "roc_auc" : "rmse";
  for (const column of new Set(subgroups.map((group) => group.column))) {
    const groups = subgroups
      .filter((group) => group.column === column)
      .map((group) => ({ ...group, value: printable(group.value) }));
    lines.push(...groupLines(column, groups, primary));
  }
  lines.push(`written to ${file}`);
  return lines.join("\n");
}

function groupLines(column: string, groups: Measurement["subgroups"], primary: string): string[] {
  const sign = metricFacts(primary).higherIsBetter === true ? 1 : -1;
  const rank = (group: GroupMetrics) => (group.metrics[primary] ?? Number.POSITIVE_INFINITY) * sign;
  const sorted = groups.toSorted((a, b) => {
    const [one, other] = [rank(a.metrics), rank(b.metrics)];
    return one === other ? 0 : one - other;
  });
  const width = Math.max(...sorted.slice(0, mostGroupsShown).map((group) => group.value.length));
  const lines = sorted.slice(0, mostGroupsShown).map(({ value, metrics }) => {
    const number = metrics.metrics[primary];
    const shown =
      number === null || number === undefined
        ? `undefined: ${metrics.undefined[primary] ?? ""}`
        : formatNumber(number);
    return `  ${value.padEnd(width)}  ${shown}  (${countsOf(metrics)})`;
  });
  if (sorted.length > mostGroupsShown)
    lines.push(`  … and ${sorted.length - mostGroupsShown} more in the result file`);
  return [`${primary} by ${printable(column)}, worst first`, ...lines];
}

function countsOf({ count, positives, negatives }: GroupMetrics): string {
  const rows = `${count} ${count === 1 ? "row" : "rows"}`;
  return positives === null ? rows : `${rows}, ${positives} positive, ${negatives} negative`;
}

function formatNumber(value: number): string {
  return Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-3)
    ? value.toExponential(4)
    : value.toFixed(4);
}

/** GitLab takes 20 variables of a report. */
const mostVariables = 20;

/**
 * The metrics that have a value, for later jobs: `METRIC_ROC_AUC=0.93`. As many as GitLab takes: those that have a direction and no
 * parameters, in their order.
 */
export function evaluationDotenv({ overall }: Measurement, file: string): Record<string, string> {
  const found: Record<string, string> = { EVALUATION_FILE: file };
  for (const [name, value] of Object.entries(overall.metrics)) {
    const isMain = isKnownMetric(name) && /^[a-z0-9_]+$/.test(name);
    if (value === null || !isMain || Object.keys(found).length === mostVariables) continue;
    found[`METRIC_${name.toUpperCase()}`] = String(value);
  }
  return found;
}
