import type { EvaluationResults } from "../results/evaluation-results.ts";
import { mostMetrics, numberCell } from "./evaluation-tables.ts";
import { numberText } from "./figures.ts";
import { type Cell, dataName, facts, folded, markup, section, table } from "./markup.ts";

/** Classes in sight; the result file has all. */
const mostClasses = 200;

/** What the charts show, as tables; a section is empty where the task has no such thing. */
export function detailSections(results: EvaluationResults): string[] {
  return [
    classesSection(results),
    thresholdsSection(results),
    calibrationSection(results),
    section("horizons", "Horizons", [horizonsTable(results)]),
    section("pairs", "Pairs", [pairsTable(results)]),
    section("levels", "Quantiles", [levelsTable(results)]),
    section("deciles", "Deciles", [decilesTable(results)]),
  ];
}

function horizonsTable({ horizons = [], columns }: EvaluationResults): string {
  if (horizons.length === 0) return "";
  const metrics = ["mase", "rmsse", "mae", "rmse", "bias", "wape", "smape"].filter((metric) =>
    horizons.some((one) => typeof one.metrics[metric] === "number"),
  );
  const rows = horizons
    .slice(0, mostClasses)
    .map((one): Cell[] => [
      { html: dataName(one.horizon) },
      numberCell(one.count),
      ...metrics.map((metric) => numberCell(one.metrics[metric], one.undefined[metric])),
    ]);
  const heads = [
    [columns.horizon ?? "horizon", false],
    ["rows", true],
    ...metrics.map((metric) => [metric, true] as const),
  ] as const;
  return table("errors by how far ahead a row was forecast", heads, rows);
}

function pairsTable({ pairs }: EvaluationResults): string {
  if (pairs === undefined) return "";
  const { comparable, concordant, discordant, tiedRisk } = pairs;
  const rows = Object.entries({
    "can be compared": comparable,
    "the higher risk came first": concordant,
    "the lower risk came first": discordant,
    "equal risks": tiedRisk,
  }).map(([what, count]): Cell[] => [
    { html: markup(what) },
    numberCell(count),
    numberCell(comparable === 0 ? null : count / comparable, "no pair"),
  ]);
  const heads = [
    ["pairs", false],
    ["number", true],
    ["share", true],
  ] as const;
  return table("pairs of rows of which one outlived the event of the other", heads, rows);
}

function classesSection({ perClass = [], task }: EvaluationResults): string {
  if (perClass.length === 0) return "";
  const metrics = [...new Set(perClass.flatMap((one) => Object.keys(one.metrics)))].slice(0, mostMetrics + 2);
  const rows = perClass
    .slice(0, mostClasses)
    .map((one): Cell[] => [
      { html: dataName(one.class) },
      numberCell(one.support),
      ...metrics.map((metric) => numberCell(one.metrics[metric], one.undefined[metric])),
    ]);
  const heads = [
    [task === "multilabel" ? "label" : "class", false],
    ["support", true],
    ...metrics.map((metric) => [metric, true] as const),
  ] as const;
  const left = perClass.length - rows.length;
  return section("classes", task === "multilabel" ? "Labels" : "Classes", [
    table(task === "multilabel" ? "each label by itself" : "each class against the rest", heads, rows),
    left > 0 ? `<p class="soft">and ${left.toLocaleString("en-US")} more, in the result file</p>` : "",
  ]);
}

function thresholdsSection({ thresholdChoices = [] }: EvaluationResults): string {
  if (thresholdChoices.length === 0) return "";
  const rows = thresholdChoices.map(({ rule, threshold, metrics }): Cell[] => [
    { html: dataName(rule) },
    threshold === null ? { html: "no score meets it", isNumber: true } : numberCell(threshold),
    {
      html: Object.entries(metrics)
        .map(([metric, value]) => `${markup(metric)} ${value === null ? "-" : numberText(value)}`)
        .join(", "),
    },
  ]);
  const heads = [
    ["rule", false],
    ["threshold", true],
    ["gives", false],
  ] as const;
  const caption =
    "what rules would choose on this evaluation set: a threshold chosen here looks better than it is";
  return section("thresholds", "Thresholds", [table(caption, heads, rows)]);
}

function calibrationSection({ calibration, weight: total }: EvaluationResults): string {
  if (calibration === null || calibration === undefined) return "";
  const { bins, corp, slope, intercept, recipe } = calibration;
  const rows = bins.map(({ lower, upper, count, weight, meanScore, observedRate, low, high }): Cell[] => [
    { html: `${numberText(lower)} to ${numberText(upper)}` },
    numberCell(count),
    ...(total === undefined ? [] : [numberCell(weight)]),
    numberCell(meanScore),
    numberCell(observedRate),
    { html: low === null || high === null ? "" : `${numberText(low)} to ${numberText(high)}` },
  ]);
  const heads = [
    ["score", false],
    ["rows", true],
    ...(total === undefined ? [] : [["weight", true] as const]),
    ["mean score", true],
    ["observed rate", true],
    ["95 % interval", false],
  ] as const;
  const parts =
    corp === null
      ? undefined
      : `${numberText(corp.miscalibration)} miscalibration - ${numberText(corp.discrimination)} discrimination + ${numberText(corp.uncertainty)} uncertainty`;
  return section("calibration", "Calibration", [
    facts([
      ["Brier score (CORP)", parts],
      ["slope", slope === null ? undefined : `${numberText(slope)} (1 is perfect)`],
      ["intercept", intercept === null ? undefined : `${numberText(intercept)} (0 is perfect)`],
    ]),
    rows.length === 0 ? "" : folded(`${rows.length} bins of scores`, table(recipe, heads, rows)),
  ]);
}

function levelsTable({ levels = [] }: EvaluationResults): string {
  if (levels.length === 0) return "";
  const rows = levels.map(({ level, pinball, coverage }): Cell[] => [
    { html: String(level) },
    numberCell(coverage),
    numberCell(pinball),
  ]);
  const heads = [
    ["level", false],
    ["coverage", true],
    ["pinball", true],
  ] as const;
  return table("share of truths at or below each quantile", heads, rows);
}

function decilesTable({ deciles = [] }: EvaluationResults): string {
  if (deciles.length === 0) return "";
  const rows = deciles.map(({ decile, count, weight, meanPrediction, meanTruth }): Cell[] => [
    { html: String(decile) },
    numberCell(count),
    numberCell(weight),
    numberCell(meanPrediction),
    numberCell(meanTruth),
    numberCell(meanPrediction === 0 ? null : meanTruth / meanPrediction, "nothing was expected"),
  ]);
  const heads = [
    ["decile", false],
    ["rows", true],
    ["weight", true],
    ["expected", true],
    ["actual", true],
    ["actual / expected", true],
  ] as const;
  return folded(
    "actual and expected by tenths of the prediction",
    table("lowest predictions first", heads, rows),
  );
}
