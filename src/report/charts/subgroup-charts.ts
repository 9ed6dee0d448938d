import { metricFacts } from "../../metrics/catalog.ts";
import { primaryMetric } from "../../metrics/primary-metric.ts";
import { numberText } from "../figures.ts";
import { type Chart, type ChartSide, colors, framed, shownName, shownNames, sideColor } from "./chart.ts";

const mostGroups = 25;
/** Of more columns the first are drawn. */
const mostColumns = 20;
const width = 380;
/** Below 0: `one` is the worse value of `metric`, so that it stands first. Without a direction the lowest counts as worst. */
export function byWorse(metric: string): (one: number, other: number) => number {
  const sign = metricFacts(metric).higherIsBetter === false ? -1 : 1;
  return (one, other) => (one - other) * sign;
}

/** One chart a subgroup column: each group's figure with its interval, worst first. */
export function subgroupCharts(sides: readonly ChartSide[]): Chart[] {
  const [first] = sides;
  const metric = first === undefined ? undefined : primaryMetric(first.results.task, first.results.metrics);
  if (first === undefined || metric === undefined) return [];
  return Object.keys(first.results.subgroups)
    .slice(0, mostColumns)
    .flatMap((column) => {
      const rows = rowsOf(sides, column, metric);
      return rows.length === 0 ? [] : [columnChart(sides, rows, { column, metric })];
    });
}

interface Row {
  readonly side: string;
  readonly group: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  /** `0.8123 · 333 rows`. */
  readonly label: string;
}

/** The groups that the first side has; of one result several groups with a value. */
function rowsOf(sides: readonly ChartSide[], column: string, metric: string): Row[] {
  const first = Object.keys(sides[0]?.results.subgroups[column] ?? {});
  const names = shownNames(first);
  return sides.flatMap(({ label: side, results }) =>
    Object.entries(results.subgroups[column] ?? {}).flatMap(([name, { metrics, intervals, count }]) => {
      const [value, group] = [metrics[metric], names.get(name)];
      if (value === null || value === undefined || group === undefined) return [];
      const { low = null, high = null } = intervals?.[metric] ?? {};
      const label = `${numberText(value)} · ${count.toLocaleString("en-US")} ${count === 1 ? "row" : "rows"}`;
      return [{ side, group, value, low, high, label }];
    }),
  );
}

function columnChart(
  sides: readonly ChartSide[],
  rows: readonly Row[],
  { column, metric }: { readonly column: string; readonly metric: string },
): Chart {
  const compare = byWorse(metric);
  const sorted = rows.toSorted((one, other) => compare(one.value, other.value));
  const order = [...new Set(sorted.map((row) => row.group))];
  const shown = order.slice(0, mostGroups);
  const values = rows.filter((row) => shown.includes(row.group));
  const left = order.length - shown.length;
  const head = {
    // As the name of a file it has to stay below 255 bytes.
    name: `subgroups-${[...column.replaceAll(/[^\p{L}\p{N}]+/gu, "-")].slice(0, 40).join("")}`,
    title: `${shownName(metric, 40)} by ${shownName(column, 40)}`,
    note: [
      `Worst first${values.some((row) => row.low !== null) ? ", with 95 % intervals where there are" : ""}; dashed: all rows`,
      sides.length > 1 ? ` of ${sides[0]?.label ?? ""}` : "",
      left > 0 ? `. ${left} more ${left === 1 ? "group is" : "groups are"} in the result file.` : ".",
    ].join(""),
  };
  const height = shown.length * Math.max(26, 18 * sides.length);
  return framed(head, { width, height }, { layer: layersOf(sides, values, { metric, order: shown }) });
}

function layersOf(
  sides: readonly ChartSide[],
  values: readonly Row[],
  { metric, order }: { readonly metric: string; readonly order: readonly string[] },
) {
  const overall = sides[0]?.results.metrics[metric];
  const y = { field: "group", type: "nominal", title: null, sort: order };
  const offset =
    sides.length > 1
      ? { yOffset: { field: "side", type: "nominal", scale: { domain: sides.map((side) => side.label) } } }
      : {};
  const place = { y, ...offset, color: sideColor(sides) };
  const x = {
    field: "value",
    type: "quantitative",
    title: shownName(metric, 40),
    scale: scaleOf(metric, [...values.flatMap((row) => [row.value, row.low, row.high]), overall]),
    axis: { tickCount: 6 },
  };
  return [
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
      encoding: { x: { field: "low", type: "quantitative" }, x2: { field: "high" }, ...place },
    },
    {
      data: { values },
      mark: { type: "point", filled: true, size: 60, opacity: 1 },
      encoding: { x, ...place },
    },
    {
      data: { values },
      mark: { type: "text", align: "left", fontSize: 10, color: "#555555" },
      encoding: { x: { value: width + 8 }, y, ...offset, text: { field: "label", type: "nominal" } },
    },
  ];
}

/** An axis that does not make a trifle look large: at least a tenth of what the metric can be, or of its largest value. */
function scaleOf(metric: string, values: readonly (number | null | undefined)[]) {
  const known = values.filter((value) => typeof value === "number");
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const { smallest, largest } = metricFacts(metric);
  const range = largest - smallest;
  const least = (Number.isFinite(range) ? range : Math.max(Math.abs(low), Math.abs(high))) / 10;
  const missing = Math.max(0, least - (high - low)) / 2;
  // Beyond the ends of the metric there is nothing to see; what does not fit on one side goes to the other.
  const over = Math.max(0, high + missing - largest);
  const under = Math.max(0, smallest - (low - missing));
  const domain = [Math.max(smallest, low - missing - over), Math.min(largest, high + missing + under)];
  // Room for the points at the ends, and no tick beyond what the metric can be.
  return { zero: false, nice: false, padding: 12, domain };
}
