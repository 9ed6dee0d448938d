import { describe, expect, it } from "vitest";
import { rowTerms } from "../../src/compare/row-terms.ts";
import { weightsOf } from "../../src/compare/terms/row-term.ts";
import type { TableData } from "../../src/evaluation/read/table-data.ts";
import { isTask } from "../../src/evaluation/task.ts";
import { generator } from "../metrics/random-cases.ts";
import { floats, measured, sideOf, tableOf } from "./kept-cases.ts";

const rows = 40;
const random = generator(20_261_122);
const of = <T>(value: (row: number) => T): T[] => Array.from({ length: rows }, (_, row) => value(row));
/** On a grid, so that some are tied. */
const share = () => Math.round(random() * 20 + 1) / 22;
const bits = (chance: number) => Uint8Array.from(of(() => (random() < chance ? 1 : 0)));

const truths = Float64Array.from(of(() => 1 + 5 * random()));
const kinds = Uint32Array.from(of((row) => (row < 3 ? row : Math.floor(3 * random()))));
const shares = of(() => {
  const parts = [random(), random(), random()];
  return parts.map((part) => part / parts.reduce((sum, one) => sum + one, 0));
});
const cases: Readonly<Record<string, TableData>> = {
  binary: tableOf("binary", {
    rows,
    labels: { kind: "binary", codes: bits(0.4) },
    score: floats(of(share)),
  }),
  multiclass: tableOf("multiclass", {
    rows,
    labels: { kind: "classes", classes: ["1", "2", "3"], codes: kinds },
    probabilities: [0, 1, 2].map((place) => floats(shares.map((one) => one[place] ?? 0))),
  }),
  multilabel: tableOf("multilabel", {
    rows,
    labels: { kind: "several", names: ["a", "b", "c"], columns: [bits(0.5), bits(0.3), bits(0.7)] },
    probabilities: [0, 1, 2].map(() => floats(of(share))),
  }),
  regression: tableOf("regression", {
    rows,
    labels: { kind: "numbers", values: truths },
    prediction: { kind: "numbers", values: truths.map((truth) => truth * (0.7 + 0.6 * random())) },
  }),
  survival: tableOf("survival", {
    rows,
    labels: { kind: "survival", durations: truths.map((one) => Math.round(4 * one)), events: bits(0.7) },
    score: floats(of(share)),
    survivals: [3, 9].map((time) => ({ time, values: Float64Array.from(of(share)) })),
  }),
};

const linear: Readonly<Record<string, readonly string[]>> = {
  binary:
    "precision f1 jaccard balanced_accuracy mcc cohen_kappa fbeta{beta=2} observed_expected_ratio".split(" "),
  multiclass:
    "balanced_accuracy f1_macro f1_weighted precision_macro precision_weighted recall_macro mcc cohen_kappa cohen_kappa_quadratic roc_auc_ovr roc_auc_ovr_weighted average_precision_macro".split(
      " ",
    ),
  multilabel:
    "f1_micro f1_macro f1_weighted precision_weighted recall_micro jaccard_macro roc_auc_macro roc_auc_weighted roc_auc_micro average_precision_macro average_precision_weighted average_precision_micro".split(
      " ",
    ),
  regression: "r2 explained_variance wape pearson".split(" "),
  survival: ["concordance_index"],
};

describe.each(Object.entries(cases))("the terms of a %s table", (name, data) => {
  if (!isTask(name)) throw new TypeError(name);
  const task = name;

  it.each([false, true])("have the value of the metric, with weights: %s", async (isWeighted) => {
    const weights = isWeighted ? Float64Array.from(of((row) => 0.5 + (row % 4))) : undefined;
    const side = await sideOf(task, { ...data, weights });
    const all = Uint32Array.from(of((row) => row));
    let checked = 0;
    for (const [metric, term] of rowTerms(side.kept, side.results)) {
      const value = side.results.metrics[metric];
      if (typeof value !== "number") continue;
      if (term.kind === "linear") expect(term.figure(all)?.value, metric).toBeCloseTo(value, 11);
      if (term.kind === "resampled") {
        const { names, values } = term.resample(all);
        expect(values[names.indexOf(metric)], metric).toBeCloseTo(value, 11);
      }
      checked += 1;
    }
    expect(checked).toBeGreaterThan(name === "survival" ? 2 : 9);
  });

  it("say how each row moves a metric, as weights a little larger and smaller do", async () => {
    const weights = Float64Array.from(of((row) => 0.5 + (row % 4)));
    const side = await sideOf(task, { ...data, weights });
    const terms = rowTerms(side.kept, side.results);
    const all = Uint32Array.from(of((row) => row));
    expect(weightsOf(side.kept, all)).toEqual(weights);
    const step = 1e-4;
    const metrics = linear[name] ?? [];
    const slopes = new Map(metrics.map((metric): [string, number[]] => [metric, []]));
    for (const row of [0, 1, 2, 3, 11, 27, 39]) {
      const moved = [1 + step, 1 - step].map(async (factor) => {
        const own = Float64Array.from(weights);
        own[row] = (own[row] ?? 0) * factor;
        return (await measured(task, { ...data, weights: own })).overall.metrics;
      });
      const [more = {}, less = {}] = await Promise.all(moved);
      for (const metric of metrics) {
        const slope = ((more[metric] ?? Number.NaN) - (less[metric] ?? Number.NaN)) / (2 * step);
        slopes.get(metric)?.push(slope);
      }
    }
    for (const metric of metrics) {
      const term = terms.get(metric);
      const found = term?.kind === "linear" ? term.figure(all)?.influences : undefined;
      const influences = [0, 1, 2, 3, 11, 27, 39].map((row) => (found?.[row] ?? Number.NaN) / rows);
      for (const [place, slope] of (slopes.get(metric) ?? []).entries())
        expect(influences[place], `${metric}, ${place}`).toBeCloseTo(slope, 6);
      const sum = found?.reduce((all, one) => all + one, 0);
      expect(sum, metric).toBeCloseTo(0, 5);
    }
  });
});
