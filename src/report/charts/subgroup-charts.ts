import { metricFacts } from "../../metrics/catalog.ts";
import type { EvaluationResults } from "../../results/evaluation-results.ts";
import { type Chart, type ChartSide, colors, framed, sideColor } from "./chart.ts";

const mostGroups = 25;
/** Which metric a person wants to see by subgroup, the first that there is. */
const primaries = ["roc_auc", "roc_auc_ovr_weighted", "f1_macro", "ndcg", "pinball", "rmse", "accuracy"];

/** The metric that charts of subgroups show; undefined where there is none. */
export function primaryMetric({ metrics }: EvaluationResults): string | undefined {
  return primaries.find((name) => name in metrics) ?? Object.keys(metrics)[0];
}

/** One chart a subgroup column: each group's figure with its interval, worst first. */
export function subgroupCharts(sides: readonly ChartSide[]): Chart[] {
  const [first] = sides;
  const metric = first === undefined ? undefined : primaryMetric(first.results);
  if (first === undefined || metric === undefined) return [];
  return Object.keys(first.results.subgroups).flatMap((column) => {
    const chart = columnChart(sides, { column, metric });
    return chart === undefined ? [] : [chart];
  });
}

function columnChart(
  sides: readonly ChartSide[],
  { column, metric }: { readonly column: string; readonly metric: string },
): Chart | undefined {
  const rows = sides.flatMap(({ label, results }) =>
    Object.entries(results.subgroups[column] ?? {}).flatMap(([group, own]) => {
      const value = own.metrics[metric];
      if (value === null || value === undefined) return [];
      const interval = own.intervals?.[metric];
      return [
        {
          side: label,
          group,
          value,
          low: interval?.low ?? null,
          high: interval?.high ?? null,
          rows: own.count,
        },
      ];
    }),
  );
  if (rows.length === 0) return undefined;
  const order = worstFirst(rows, metric);
  const shown = new Set(order.slice(0, mostGroups));
  const values = rows.filter((row) => shown.has(row.group));
  const overall = sides[0]?.results.metrics[metric];
  const left = order.length - shown.size;
  const offset = sides.length > 1 ? { yOffset: { field: "side", type: "nominal" } } : {};
  const y = { field: "group", type: "nominal", title: column, sort: order, ...offset };
  const color = sideColor(sides);
  return {
    name: `subgroups-${column.replaceAll(/[^\p{L}\p{N}]+/gu, "-")}`,
    title: `${metric} by ${column}`,
    note: `Worst first, with 95 % intervals where there are; dashed: all rows.${left > 0 ? ` ${left} more groups are in the result file.` : ""}`,
    spec: framed(
      {
        layer: [
          ...(overall === null || overall === undefined
            ? []
            : [
                {
                  data: { values: [{ overall }] },
                  mark: { type: "rule", color: colors.reference, strokeDash: [4, 4] },
                  encoding: { x: { field: "overall", type: "quantitative" } },
                },
              ]),
          {
            data: { values: values.filter((row) => row.low !== null) },
            mark: { type: "rule", strokeWidth: 2 },
            encoding: { x: { field: "low", type: "quantitative" }, x2: { field: "high" }, y, color },
          },
          {
            data: { values },
            mark: { type: "point", filled: true, size: 60, opacity: 1 },
            encoding: {
              x: { field: "value", type: "quantitative", title: metric, scale: { zero: false } },
              y,
              color,
            },
          },
        ],
      },
      { width: 420, height: Math.max(60, shown.size * 24 * Math.max(1, sides.length * 0.7)) },
    ),
  };
}

function worstFirst(
  rows: readonly { readonly group: string; readonly value: number }[],
  metric: string,
): string[] {
  const sign = metricFacts(metric).higherIsBetter === false ? -1 : 1;
  const sorted = rows.toSorted((one, other) => (one.value - other.value) * sign);
  return [...new Set(sorted.map((row) => row.group))];
}
