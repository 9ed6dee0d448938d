import type { CalibrationBin, Curve } from "../../src/metrics/details.ts";
import type { EvaluationResults } from "../../src/results/evaluation-results.ts";
import { randomOf } from "./random.ts";
import { resultCase } from "./result-case.ts";

interface Row {
  readonly label: number;
  readonly score: number;
  readonly region: string;
}

/**
 * A binary result of 1,000 made-up rows, with everything that a chart can show. The figures come from plain loops over the rows: they are
 * there to be looked at. `skill`: how far the classes lie apart.
 */
export function binaryCase(skill = 1.5, part: Partial<EvaluationResults> = {}): EvaluationResults {
  const rows = madeRows(skill);
  const positives = rows.filter((row) => row.label === 1).length;
  const area = areaOf(rows);
  const spread = 0.012;
  return resultCase({
    task: "binary",
    metrics: {
      roc_auc: area,
      average_precision: 0.71,
      brier: 0.131,
      "ece{bins=15,strategy=uniform}": 0.031,
      "lift@10%": 2.6,
      mcc: null,
    },
    undefined: { mcc: "one class only is predicted" },
    intervals: {
      roc_auc: { se: spread, low: area - 0.024, high: area + 0.024, level: 0.95, method: "delong" },
    },
    count: rows.length,
    positives,
    negatives: rows.length - positives,
    threshold: 0.5,
    confusion: confusionOf(rows, 0.5),
    curves: [curvesOf(rows, positives)],
    calibration: {
      recipe: "bins=15,strategy=uniform",
      bins: binsOf(rows),
      isotonic: {
        x: [0.05, 0.2, 0.45, 0.7, 0.9],
        y: [0.03, 0.2, 0.42, 0.75, 0.93],
        thresholds: Array(5).fill(null),
      },
      corp: { miscalibration: 0.004, discrimination: 0.09, uncertainty: 0.2 },
      slope: 0.97,
      intercept: -0.02,
    },
    scoreHistogram: histogramOf(rows),
    thresholdChoices: [
      { rule: "max_f1", threshold: 0.41, metrics: { f1: 0.68, precision: 0.6, recall: 0.79 } },
      { rule: "recall@precision>=0.99", threshold: null, metrics: { recall: null } },
    ],
    subgroups: {
      region: Object.fromEntries(["north", "south", "east"].map((name) => [name, groupOf(rows, name)])),
    },
    ...part,
  });
}

function madeRows(skill: number): Row[] {
  const random = randomOf(7);
  return Array.from({ length: 1000 }, (_, index) => {
    const label = random.next() < 0.3 ? 1 : 0;
    const logit = (label - 0.5) * skill - 0.7 + random.normal();
    const score = Math.round(1000 / (1 + Math.exp(-logit * 1.2))) / 1000;
    return { label, score, region: ["north", "south", "east"][index % 3] ?? "" };
  });
}

function areaOf(rows: readonly Row[]): number {
  const [ones, zeros] = [rows.filter((row) => row.label === 1), rows.filter((row) => row.label === 0)];
  let won = 0;
  for (const one of ones)
    for (const zero of zeros) won += Number(one.score > zero.score) + Number(one.score === zero.score) / 2;
  return won / (ones.length * zeros.length);
}

function confusionOf(rows: readonly Row[], threshold: number) {
  const count = (label: number, isPositive: boolean) =>
    rows.filter((row) => row.label === label && row.score >= threshold === isPositive).length;
  return {
    trueNegatives: count(0, false),
    falsePositives: count(0, true),
    falseNegatives: count(1, false),
    truePositives: count(1, true),
  };
}

function curvesOf(rows: readonly Row[], positives: number) {
  const thresholds = Array.from({ length: 101 }, (_, index) => 1 - index / 100);
  const points = thresholds.map((threshold) => {
    const { truePositives, falsePositives } = confusionOf(rows, threshold);
    return { threshold, truePositives, falsePositives, predicted: truePositives + falsePositives };
  });
  const negatives = rows.length - positives;
  const curve = (
    x: (point: (typeof points)[number]) => number,
    y: (point: (typeof points)[number]) => number,
  ): Curve => ({
    x: points.map(x),
    y: points.map(y),
    thresholds,
  });
  return {
    class: null,
    roc: curve(
      (point) => point.falsePositives / negatives,
      (point) => point.truePositives / positives,
    ),
    precisionRecall: curve(
      (point) => point.truePositives / positives,
      (point) => (point.predicted === 0 ? 1 : point.truePositives / point.predicted),
    ),
    gain: curve(
      (point) => point.predicted / rows.length,
      (point) => point.truePositives / positives,
    ),
  };
}

function binsOf(rows: readonly Row[]): CalibrationBin[] {
  return Array.from({ length: 15 }, (_, index) => [index / 15, (index + 1) / 15] as const).flatMap(
    ([lower, upper]) => {
      const own = rows.filter(
        ({ score }) => (score > lower || (lower === 0 && score === 0)) && score <= upper,
      );
      if (own.length === 0) return [];
      const rate = own.filter((row) => row.label === 1).length / own.length;
      const half = 2 * Math.sqrt((rate * (1 - rate) + 0.02) / own.length);
      return [
        {
          ...{ lower, upper, count: own.length, weight: own.length, observedRate: rate },
          meanScore: own.reduce((sum, row) => sum + row.score, 0) / own.length,
          low: Math.max(0, rate - half),
          high: Math.min(1, rate + half),
        },
      ];
    },
  );
}

function histogramOf(rows: readonly Row[]) {
  const edges = Array.from({ length: 41 }, (_, index) => index / 40);
  const count = (label: number) =>
    edges.slice(1).map((edge, index) => {
      const own = rows.filter((row) => row.label === label);
      return own.filter(({ score }) => score <= edge && (score > (edges[index] ?? 0) || index === 0)).length;
    });
  return { edges, positives: count(1), negatives: count(0) };
}

function groupOf(rows: readonly Row[], region: string) {
  const own = rows.filter((row) => row.region === region);
  const area = areaOf(own);
  const positives = own.filter((row) => row.label === 1).length;
  return {
    count: own.length,
    positives,
    negatives: own.length - positives,
    metrics: { roc_auc: area, brier: 0.13 },
    undefined: {},
    intervals: {
      roc_auc: { se: 0.02, low: area - 0.04, high: Math.min(1, area + 0.04), level: 0.95, method: "delong" },
    },
  };
}
