import { isKnownMetric, metricFacts } from "../metrics/catalog.ts";
import type { GroupMetrics } from "../metrics/metric-set.ts";
import { primaryMetric } from "../metrics/primary-metric.ts";
import { printable } from "../printable.ts";
import type { Measurement } from "./measure.ts";
import { groupLines } from "./subgroup-text.ts";
import type { Task } from "./task.ts";

/** The result for a person: all metrics, then each subgroup column with its worst group first. */
export function evaluationText(measured: Measurement, file: string): string {
  const { overall, subgroups, threshold, task } = measured;
  const counts = (group: GroupMetrics) => countsOf(group, task);
  const lines = [`${task}: ${counts(overall)}`];
  const width = Math.max(...Object.keys(overall.metrics).map((name) => printable(name).length));
  for (const [name, value] of Object.entries(overall.metrics)) {
    const shown = value === null ? `undefined: ${overall.undefined[name] ?? ""}` : formatNumber(value);
    lines.push(`  ${printable(name).padEnd(width)}  ${shown}${intervalOf(overall, name)}`);
  }
  if (threshold !== null) lines.push(`  (classes at score >= ${threshold})`);
  const primary = primaryMetric(task, overall.metrics) ?? "";
  const sign = metricFacts(primary).higherIsBetter === true ? 1 : -1;
  for (const column of new Set(subgroups.map((group) => group.column))) {
    const groups = subgroups
      .filter((group) => group.column === column)
      .map(({ value, metrics }) => ({
        name: printable(value),
        value: metrics.metrics[primary] ?? null,
        reason: metrics.undefined[primary] ?? "",
        interval: intervalOf(metrics, primary),
        counts: counts(metrics),
      }));
    lines.push(`${primary} by ${printable(column)}, worst first`, ...groupLines(groups, sign, formatNumber));
  }
  lines.push(`written to ${file}`);
  return lines.join("\n");
}

function intervalOf({ intervals }: GroupMetrics, name: string): string {
  const found = intervals?.[name];
  return found === undefined ? "" : ` [${formatNumber(found.low)}, ${formatNumber(found.high)}]`;
}

function countsOf({ count, positives, negatives, weight }: GroupMetrics, task: Task): string {
  const rows = `${count} ${count === 1 ? "row" : "rows"}`;
  const weighted = weight === undefined ? rows : `${rows} of weight ${formatNumber(weight)}`;
  if (positives === null) return weighted;
  if (task === "survival") return `${weighted}, ${positives} with the event, ${count - positives} censored`;
  return `${weighted}, ${positives} positive, ${negatives} negative`;
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
