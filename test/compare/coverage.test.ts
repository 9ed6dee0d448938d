import { describe, expect, it } from "vitest";
import { pairedChanges } from "../../src/compare/paired-changes.ts";
import { changeKey } from "../../src/compare/pairing.ts";
import { generator } from "../metrics/random-cases.ts";
import { times } from "../support/full.ts";
import { floats, measured, sideOf, tableOf } from "./kept-cases.ts";

const normalOf = (random: () => number) => () =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Two binormal models of one truth, the second a little better, whose errors go together; as probabilities. */
function drawn(rows: number, random: () => number) {
  const normal = normalOf(random);
  const labels = Uint8Array.from({ length: rows }, () => (random() < 0.3 ? 1 : 0));
  const shared = Array.from({ length: rows }, normal);
  const scores = (gap: number) =>
    Array.from(
      labels,
      (label, row) => 1 / (1 + Math.exp(0.6 - gap * label - 0.8 * (shared[row] ?? 0) - 0.6 * normal())),
    );
  const table = (gap: number) =>
    tableOf("binary", { rows, labels: { kind: "binary", codes: labels }, score: floats(scores(gap)) });
  return [table(1.2), table(1.4)] as const;
}

/** Exponential times, about a third of them censored, and two models of them with chances to survive 0.5 and 1.2. */
function survivors(rows: number, random: () => number) {
  const normal = normalOf(random);
  const hazards = Array.from({ length: rows }, () => 0.7 * normal());
  const times = hazards.map((one) => -Math.log(1 - random()) / Math.exp(one));
  const ends = hazards.map(() => -2.5 * Math.log(1 - random()));
  const labels = {
    kind: "survival",
    durations: Float64Array.from(times, (time, row) => Math.min(time, ends[row] ?? 0)),
    events: Uint8Array.from(times, (time, row) => (time <= (ends[row] ?? 0) ? 1 : 0)),
  } as const;
  const table = (noise: number) => {
    const risks = hazards.map((one) => one + noise * normal());
    const chance = (time: number) => Float64Array.from(risks, (one) => Math.exp(-time * Math.exp(one)));
    const survivals = [0.5, 1.2].map((time) => ({ time, values: chance(time) }));
    return tableOf("survival", { rows, labels, score: floats(risks), survivals });
  };
  return [table(0.9), table(0.6)] as const;
}

/** Three classes, of which two models have seen something. */
function classed(rows: number, random: () => number) {
  const normal = normalOf(random);
  const codes = Uint32Array.from({ length: rows }, () => (random() < 0.5 ? 0 : 1 + Math.floor(2 * random())));
  const shared = [0, 1, 2].map(() => Array.from({ length: rows }, normal));
  const table = (gap: number) => {
    const logits = shared.map((own, place) =>
      own.map((one, row) => (codes[row] === place ? gap : 0) + 0.8 * one + 0.6 * normal()),
    );
    const sums = Array.from(codes, (_, row) => logits.reduce((sum, own) => sum + Math.exp(own[row] ?? 0), 0));
    const probabilities = logits.map((own) =>
      floats(own.map((one, row) => Math.exp(one) / (sums[row] ?? 1))),
    );
    return tableOf("multiclass", {
      rows,
      labels: { kind: "classes", classes: ["a", "b", "c"], codes },
      probabilities,
    });
  };
  return [table(0.9), table(1.1)] as const;
}

const cases = {
  binary: {
    draw: drawn,
    most: 400_000,
    metrics:
      "roc_auc average_precision ks lift@10% gain@10% ece{bins=15,strategy=uniform} log_loss accuracy precision recall f1 mcc balanced_accuracy cohen_kappa".split(
        " ",
      ),
  },
  survival: { draw: survivors, most: 150_000, metrics: ["concordance_index", "brier@0.5", "brier@1.2"] },
  multiclass: {
    draw: classed,
    most: 200_000,
    metrics:
      "f1_macro precision_weighted mcc roc_auc_ovr roc_auc_ovr_weighted roc_auc_ovo_weighted average_precision_macro".split(
        " ",
      ),
  },
} as const;

describe("paired intervals of 95 %", () => {
  // The truth of a large sample is itself good to a twentieth of what is asked for.
  const samples = times(0, 400);

  it.skipIf(samples === 0).each(["binary", "survival", "multiclass"] as const)(
    "hold the true change about that often: %s",
    async (task) => {
      const { draw, most, metrics } = cases[task];
      const random = generator(7);
      const [first, other] = draw(most, random);
      const [a, b] = [await measured(task, first), await measured(task, other)];
      const truth = (metric: string) =>
        (b.overall.metrics[metric] ?? Number.NaN) - (a.overall.metrics[metric] ?? Number.NaN);
      const hits = new Map<string, number>();
      for (let sample = 0; sample < samples; sample += 1) {
        const [one, two] = draw(400, random);
        const sides = [await sideOf(task, one), await sideOf(task, two)] as const;
        const { changes } = await pairedChanges(...sides, { metrics, primary: null });
        for (const metric of metrics) {
          const change = changes.get(changeKey(metric, null));
          if (change === undefined) continue;
          const isHeld = change.low <= truth(metric) && truth(metric) <= change.high;
          hits.set(metric, (hits.get(metric) ?? 0) + (isHeld ? 1 : 0));
        }
      }
      const shares = Object.fromEntries(metrics.map((metric) => [metric, (hits.get(metric) ?? 0) / samples]));
      for (const metric of metrics) {
        expect(shares[metric], JSON.stringify(shares)).toBeGreaterThan(0.91);
        expect(shares[metric], metric).toBeLessThan(0.995);
      }
    },
    600_000,
  );
});
