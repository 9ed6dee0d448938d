import { metricFacts } from "../metrics/catalog.ts";
import { primaryMetric } from "../metrics/primary-metric.ts";
import type { EvaluationResults } from "../results/evaluation-results.ts";
import { byWorse } from "./charts/subgroup-charts.ts";
import { numberText } from "./figures.ts";
import { type Cell, dataName, markup, section, table } from "./markup.ts";

type Group = EvaluationResults["subgroups"][string][string];

/** Groups of a column in sight; the result file has all. */
const mostGroups = 200;
/** Metrics in a table of groups or classes, beside the one that orders it. */
export const mostMetrics = 6;

/** The metrics of all rows, with their intervals, or why they are undefined. */
export function metricsSection(results: EvaluationResults): string {
  const ranges = rangeHeads(Object.keys(results.intervals ?? {}).length > 0);
  const custom = new Map((results.customMetrics ?? []).map((one) => [one.name, one]));
  const rows = Object.entries(results.metrics).map(([metric, value]): Cell[] => {
    const own = custom.get(metric);
    const source = own === undefined ? "" : `<small>from ${dataName(own.source)}</small>`;
    const head = { html: `${dataName(metric)}${source}` };
    const direction = { html: directionText(own?.higherIsBetter ?? metricFacts(metric).higherIsBetter) };
    if (value === null)
      return [
        head,
        {
          html: `undefined: ${markup(results.undefined[metric] ?? "no reason is given")}`,
          span: 1 + ranges.length,
        },
        direction,
      ];
    return [head, numberCell(value), ...ranges.map(() => intervalCell(results, metric)), direction];
  });
  if (rows.length === 0) return "";
  const heads = [["metric", false], ["value", true], ...ranges, ["better is", false]] as const;
  return section("metrics", "Metrics", [table("of all rows", heads, rows)]);
}

/** No column where no metric has an interval. */
function rangeHeads(has: boolean): readonly (readonly [string, boolean])[] {
  return has ? [["interval", false]] : [];
}

function directionText(higherIsBetter: boolean | undefined): string {
  if (higherIsBetter === undefined) return "";
  return higherIsBetter ? "higher" : "lower";
}

/** A figure; its full digits show when pointed at. */
export function numberCell(value: number | null | undefined, reason?: string): Cell {
  if (value === null || value === undefined)
    return { html: reason === undefined ? "-" : `<span title="${markup(reason)}">-</span>`, isNumber: true };
  return { html: `<span title="${value}">${numberText(value)}</span>`, isNumber: true };
}

function intervalCell({ intervals }: Pick<Group, "intervals">, metric: string): Cell {
  const interval = intervals?.[metric];
  if (interval === undefined) return { html: "" };
  const { low, high, level, method } = interval;
  return {
    html: `${numberText(low)} to ${numberText(high)} <small>${Number((level * 100).toPrecision(4))} %, ${markup(method)}</small>`,
    isRange: true,
  };
}

/** One table a subgroup column (or a crossing of some), worst first by the metric that matters most. */
export function subgroupsSection(results: EvaluationResults): string {
  const metric = primaryMetric(results.task, results.metrics);
  if (metric === undefined) return "";
  const others = Object.keys(results.metrics)
    .filter((other) => other !== metric)
    .slice(0, mostMetrics);
  const tables = Object.entries(results.subgroups).map(([column, groups]) =>
    groupTable(column, groups, { metric, others }),
  );
  return section("subgroups", "Subgroups", tables);
}

function groupTable(
  column: string,
  groups: Readonly<Record<string, Group>>,
  { metric, others }: { readonly metric: string; readonly others: readonly string[] },
): string {
  const compare = byWorse(metric);
  const figureOf = ([, group]: readonly [string, Group]) => group.metrics[metric] ?? undefined;
  // Those without a value stand last, as in the text of the command.
  const sorted = Object.entries(groups).toSorted((one, other) => {
    const [a, b] = [figureOf(one), figureOf(other)];
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    return compare(a, b);
  });
  const classed = sorted.some(([, group]) => group.positives !== null);
  const ranges = rangeHeads(sorted.some(([, group]) => group.intervals?.[metric] !== undefined));
  const heads: (readonly [string, boolean])[] = [
    [column, false],
    ["rows", true],
    ...(classed ? [["positive", true] as const] : []),
    [metric, true],
    ...ranges,
    ...others.map((other) => [other, true] as const),
  ];
  const rows = sorted
    .slice(0, mostGroups)
    .map(([group, own]): Cell[] => [
      { html: dataName(group) },
      numberCell(own.count),
      ...(classed ? [numberCell(own.positives)] : []),
      ...valueCells(own, metric, ranges.length > 0),
      ...others.map((other) => numberCell(own.metrics[other], own.undefined[other])),
    ]);
  const left = sorted.length - rows.length;
  const more =
    left > 0 ? `<p class="soft">and ${left.toLocaleString("en-US")} more, in the result file</p>` : "";
  return `${table(`${metric} by ${column}, worst first`, heads, rows)}${more}`;
}

function valueCells(own: Group, metric: string, hasRange: boolean): Cell[] {
  const value = own.metrics[metric];
  if (value === null || value === undefined)
    return [
      { html: `undefined: ${markup(own.undefined[metric] ?? "not measured")}`, span: hasRange ? 2 : 1 },
    ];
  return [numberCell(value), ...(hasRange ? [intervalCell(own, metric)] : [])];
}

/** What was read, with digests. */
export function inputsSection({ inputs }: Pick<EvaluationResults, "inputs">): string {
  const rows = inputs.map(({ role, uri, sizeBytes, sha256 }): Cell[] => [
    { html: markup(role) },
    { html: dataName(uri, 1000) },
    { html: sizeBytes === null ? "-" : sizeBytes.toLocaleString("en-US"), isNumber: true },
    { html: sha256 === null ? "-" : `<code>${markup(sha256)}</code>` },
  ]);
  if (rows.length === 0) return "";
  const heads = [
    ["read as", false],
    ["what", false],
    ["bytes", true],
    ["sha256", false],
  ] as const;
  return section("inputs", "Inputs", [table("what was read", heads, rows)]);
}
