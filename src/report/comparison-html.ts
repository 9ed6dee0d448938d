import { type ComparisonResult, pairingSentence } from "../results/comparison.ts";
import type { EvaluationResults } from "../results/evaluation-results.ts";
import { chartsOf } from "./charts/charts.ts";
import { inputsSection, numberCell } from "./evaluation-tables.ts";
import { numberText } from "./figures.ts";
import { type Cell, dataName, facts, markup, section, table } from "./markup.ts";
import { figures, page } from "./page.ts";

type MetricRow = ComparisonResult["metrics"][number];
type Change = NonNullable<MetricRow["changes"][number]>;

/** Subgroups in sight; the result has all. */
const mostGroups = 200;

/**
 * A comparison as one HTML page that needs nothing else: what stands on each side, metrics with their changes, curves over each
 * other, subgroups with the largest loss first, parameters that differ. `results` are those of the sides, in their order; undefined where
 * a side has none, and then it is in no chart.
 */
export async function comparisonReport(
  comparison: ComparisonResult,
  results: readonly (EvaluationResults | undefined)[],
): Promise<string> {
  const title = `Comparison of ${comparison.sides.map((side) => side.uri).join(", ")}`;
  const sides = comparison.sides.flatMap(({ label }, place) => {
    const own = results[place];
    return own === undefined ? [] : [{ label, results: own }];
  });
  const alike = sides.filter((side) => side.results.task === sides[0]?.results.task);
  // A single side would be drawn as if it were the comparison; curves of different tasks have nothing to say to each other.
  const charts = alike.length < 2 ? [] : chartsOf(alike);
  const absent = comparison.sides.flatMap(({ label }) =>
    alike.some((side) => side.label === label) ? [] : [label],
  );
  return page(title, [
    `<header><h1>${markup(title, 300)}</h1>`,
    facts([
      ...comparison.sides.map((side): [string, string] => [side.label, sideText(side)]),
      ["evaluation sets", evalSetText(comparison)],
      ["rows", pairingText(comparison)],
    ]),
    warnings(comparison),
    "</header>",
    section("metrics", "Metrics", [
      changesTable(comparison, comparison.metrics, "of all rows"),
      intervalNote(comparison),
    ]),
    section("charts", "Charts", [
      await figures(charts),
      charts.length > 0 && absent.length > 0
        ? `<p class="soft">${markup(absent.join(", "))}: no result file of the same task, so no curves.</p>`
        : "",
    ]),
    subgroupsSection(comparison),
    parametersSection(comparison),
    inputsSection(comparison),
  ]);
}

function sideText({
  uri,
  description,
  runId,
  evaluatedAt,
  evalSet,
}: ComparisonResult["sides"][number]): string {
  const parts = [
    dataName(description === "" ? uri : description, 500),
    ...(runId === null || description.includes(runId) ? [] : [`run <code>${markup(runId)}</code>`]),
    ...(evalSet.rows === null ? [] : [`${evalSet.rows.toLocaleString("en-US")} rows`]),
    ...(evaluatedAt === null ? [] : [`evaluated ${markup(evaluatedAt.replace("T", " ").slice(0, 19))} UTC`]),
  ];
  return parts.join(", ");
}

function evalSetText({ evalSet }: ComparisonResult): string {
  return { same: "the same", different: "different", unknown: "whether they are the same is not known" }[
    evalSet
  ];
}

/** Nothing of sides whose rows differ anyway. */
function pairingText({ evalSet, pairings, sides }: ComparisonResult): string | undefined {
  if (evalSet !== "same" || pairings.length === 0) return undefined;
  const first = sides[0]?.label ?? "";
  return pairings.map((one) => markup(pairingSentence(one, first), 500)).join("<br/>");
}

function warnings(comparison: ComparisonResult): string {
  if (comparison.warnings.length === 0) return "";
  return `<ul>${comparison.warnings.map((warning) => `<li>${markup(warning, 2000)}</li>`).join("")}</ul>`;
}

/** One row a metric (or subgroup): the value of each side, and of all but the first the change. */
function changesTable(comparison: ComparisonResult, rows: readonly MetricRow[], caption: string): string {
  if (rows.length === 0) return "";
  const [first, ...others] = comparison.sides.map((side) => side.label);
  const heads = [
    [rows[0]?.subgroup === null ? "metric" : "subgroup", false],
    [first ?? "", true],
    ...others.flatMap((label) => [[label, true] as const, [`${label} - ${first}`, false] as const]),
  ] as const;
  const cells = rows.map((row): Cell[] => {
    const [value, ...rest] = row.values;
    return [
      { html: dataName(row.subgroup ?? row.metric) },
      numberCell(value),
      ...rest.flatMap((other, place) => [numberCell(other), changeCell(row.changes[place] ?? null)]),
    ];
  });
  return table(caption, heads, cells);
}

function changeCell(change: Change | null): Cell {
  if (change === null) return { html: "" };
  const { low, high, paired, word } = change;
  const range =
    low === null || high === null
      ? ""
      : ` <small>${signed(low)} to ${signed(high)}${paired ? ", paired" : ""}</small>`;
  const kind = word === "better" || word === "worse" ? ` class="${word}"` : "";
  return { html: `${signed(change.change)} <span${kind}>${word}</span>${range}`, isRange: true };
}

function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${numberText(value)}`;
}

/** What the intervals are, of those that are there. */
function intervalNote({ metrics }: ComparisonResult): string {
  const changes = metrics.flatMap((row) => row.changes).filter((change) => change !== null);
  const has = (paired: boolean) => changes.some((one) => one.low !== null && one.paired === paired);
  const notes = [
    ...(has(true) ? ["Paired: of the differences between the two models on the same rows."] : []),
    ...(has(false)
      ? [
          `${has(true) ? "Others are" : "They are"} as if the sides were of different rows: on the same rows they are narrower as a rule.`,
        ]
      : []),
  ];
  if (notes.length > 0) notes.unshift("Ranges are 95 % intervals.");
  if (changes.some((one) => one.low === null && (one.word === "better" || one.word === "worse")))
    notes.push("Better or worse without a range is by the two figures alone, which may be chance.");
  return notes.length === 0 ? "" : `<p class="soft">${notes.join(" ")}</p>`;
}

function subgroupsSection(comparison: ComparisonResult): string {
  const { subgroups, primaryMetric } = comparison;
  const shown = subgroups.slice(0, mostGroups);
  const left = subgroups.length - shown.length;
  return section("subgroups", "Subgroups", [
    changesTable(comparison, shown, `${primaryMetric ?? ""} by subgroup, largest loss first`),
    left === 0 ? "" : `<p class="soft">and ${left.toLocaleString("en-US")} more, in the JSON</p>`,
  ]);
}

function parametersSection({ parameters, parameterNotes, sides }: ComparisonResult): string {
  const notes = parameterNotes.map((note) => `<p class="soft">${markup(note)}</p>`);
  if (parameters === null) return section("parameters", "Parameters", notes);
  const none = "<p>No parameter differs.</p>";
  if (parameters.length === 0) return section("parameters", "Parameters", [none, ...notes]);
  const heads = [["parameter", false], ...sides.map((side) => [side.label, false] as const)] as const;
  const rows = parameters.map(({ name, values }): Cell[] => [
    { html: dataName(name) },
    ...values.map((value) => ({ html: value === null ? "-" : dataName(value, 500) })),
  ]);
  return section("parameters", "Parameters", [table("those that differ", heads, rows), ...notes]);
}
