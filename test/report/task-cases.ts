import { forecastMetrics } from "../../src/metrics/forecasting/forecasting.ts";
import type { GroupMetrics } from "../../src/metrics/metric-set.ts";
import { multiclassMetrics } from "../../src/metrics/multiclass/multiclass.ts";
import { multilabelMetrics } from "../../src/metrics/multilabel/multilabel.ts";
import { quantileMetrics } from "../../src/metrics/quantile/quantile.ts";
import { rankingMetrics } from "../../src/metrics/ranking/ranking.ts";
import { regressionMetrics } from "../../src/metrics/regression/regression.ts";
import { survivalMetrics } from "../../src/metrics/survival/survival.ts";
import type { EvaluationResults } from "../../src/results/evaluation-results.ts";
import { randomOf } from "./random.ts";
import { resultCase } from "./result-case.ts";

const regions = ["north", "south", "east", "west"];
const regionCodes = (rows: number) => ({
  codes: Uint32Array.from({ length: rows }, (_, row) => row % regions.length),
  count: regions.length,
});
const named = (groups: readonly GroupMetrics[]) =>
  Object.fromEntries(groups.map((group, index) => [regions[index] ?? "", plain(group)]));

/** Claims of 2,000 policies with their exposure, as a Tweedie model sees them. `noise`: how far the predictions are off. */
export function regressionCase(noise = 0.4): EvaluationResults {
  const random = randomOf(11);
  const rows = 2000;
  const level = Float64Array.from({ length: rows }, () => Math.exp(random.normal() * 0.7 + 5));
  const truths = level.map((value) => Math.max(0, value * (1 + 0.5 * random.normal())));
  const predictions = level.map((value) => value * Math.exp(noise * random.normal()));
  const weights = Float64Array.from({ length: rows }, () => 0.2 + random.next());
  const { overall, groups } = regressionMetrics({ truths, predictions, weights }, [regionCodes(rows)]);
  return resultCase({ task: "regression", ...plain(overall), subgroups: { region: named(groups[0] ?? []) } });
}

/** Kinds of `classes` by their probabilities. */
export async function multiclassCase(
  classes: readonly string[] = ["cat", "dog", "fish"],
): Promise<EvaluationResults> {
  const random = randomOf(13);
  const rows = 900;
  const labels = Uint32Array.from({ length: rows }, () => Math.floor(random.next() * classes.length));
  const raw = Array.from(labels, (label) =>
    classes.map((_, place) => Math.exp(random.normal() + (place === label ? 1.5 : 0))),
  );
  const probabilities = classes.map((_, place) =>
    Float64Array.from(raw, (row) => (row[place] ?? 0) / row.reduce((sum, value) => sum + value, 0)),
  );
  const input = { classes, labels, predictions: undefined, probabilities };
  const { overall, groups } = await multiclassMetrics(input, [regionCodes(rows)]);
  return resultCase({
    task: "multiclass",
    ...plain(overall),
    subgroups: { region: named(groups[0] ?? []) },
  });
}

/** Three quantiles and the interval that the outer two make. */
export function quantileCase(): EvaluationResults {
  const random = randomOf(17);
  const rows = 800;
  const truths = Float64Array.from({ length: rows }, () => 100 + 20 * random.normal());
  const at = (value: number) => Float64Array.from({ length: rows }, () => value + 3 * random.normal());
  const quantiles = [
    { level: 0.1, values: at(78) },
    { level: 0.5, values: at(100) },
    { level: 0.9, values: at(120) },
  ];
  const intervals = [{ level: 0.8, lower: at(76), upper: at(124) }];
  const { overall, groups } = quantileMetrics({ truths, quantiles, intervals }, [regionCodes(rows)]);
  return resultCase({ task: "quantile", ...plain(overall), subgroups: { region: named(groups[0] ?? []) } });
}

/** Forty queries of ten documents. */
export function rankingCase(): EvaluationResults {
  const random = randomOf(19);
  const rows = 400;
  const relevances = Float64Array.from({ length: rows }, () => Math.floor(random.next() * 4));
  const { overall, groups } = rankingMetrics(
    {
      relevances,
      scores: relevances.map((value) => value + random.normal()),
      queries: Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / 10)),
      queryCount: 40,
    },
    [regionCodes(rows)],
  );
  return resultCase({ task: "ranking", ...plain(overall), subgroups: { region: named(groups[0] ?? []) } });
}

/** Which of three topics a text has. */
export async function multilabelCase(): Promise<EvaluationResults> {
  const random = randomOf(23);
  const rows = 600;
  const labels = ["sport", "money", "<b>home</b>"].map((name, place) => {
    const truths = Uint8Array.from({ length: rows }, () => (random.next() < 0.2 + place / 5 ? 1 : 0));
    const scores = Float64Array.from(truths, (truth) => (truth + 2 * random.next()) / 3);
    return { name, truths, scores, predictions: undefined };
  });
  const { overall, groups } = await multilabelMetrics({ labels, threshold: 0.5 }, [regionCodes(rows)]);
  const subgroups = { region: named(groups[0] ?? []) };
  return resultCase({ task: "multilabel", threshold: 0.5, ...plain(overall), subgroups });
}

/** Twelve months ahead for forty series, with the errors of their training series. */
export function forecastingCase(noise = 1): EvaluationResults {
  const random = randomOf(29);
  const [series, months] = [40, 12];
  const rows = series * months;
  const truths = Float64Array.from({ length: rows }, () => 50 + 10 * random.normal());
  const error = (row: number) => noise * (1 + (row % months) / 4) * random.normal();
  const { overall, groups } = forecastMetrics(
    {
      truths,
      predictions: truths.map((truth, row) => truth + error(row)),
      series: {
        codes: Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / months)),
        count: series,
      },
      scales: { mae: new Float64Array(rows).fill(3), rmse: new Float64Array(rows).fill(4) },
      horizons: {
        names: Array.from({ length: months }, (_, month) => String(month + 1)),
        grouping: { codes: Uint8Array.from({ length: rows }, (_, row) => row % months), count: months },
      },
      quantiles: [],
      intervals: [],
    },
    [regionCodes(rows)],
  );
  const subgroups = { region: named(groups[0] ?? []) };
  return resultCase({ task: "forecasting", ...plain(overall), subgroups });
}

/** Patients of whom a third leaves before the event. */
export function survivalCase(): EvaluationResults {
  const random = randomOf(31);
  const rows = 500;
  const risks = Float64Array.from({ length: rows }, () => random.normal());
  const durations = risks.map((risk) => -Math.log(1 - random.next()) * Math.exp(-risk));
  const events = Uint8Array.from({ length: rows }, () => (random.next() < 0.67 ? 1 : 0));
  const { overall, groups } = survivalMetrics({ durations, events, risks }, [regionCodes(rows)]);
  const subgroups = { region: named(groups[0] ?? []) };
  return resultCase({ task: "survival", ...plain(overall), subgroups });
}

/** As it stands in a file. */
function plain<T extends GroupMetrics>(group: T): T {
  return JSON.parse(JSON.stringify(group));
}
