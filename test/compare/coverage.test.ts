import { describe, expect, it } from "vitest";
import { pairedChanges } from "../../src/compare/paired-changes.ts";
import { changeKey } from "../../src/compare/pairing.ts";
import { generator } from "../metrics/random-cases.ts";
import { times } from "../support/full.ts";
import { floats, measured, sideOf, tableOf } from "./kept-cases.ts";

/** Two binormal models of one truth, the second a little better, whose errors go together; as probabilities. */
function drawn(rows: number, random: () => number) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
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

const metrics = [
  ...[
    "roc_auc",
    "average_precision",
    "ks",
    "lift@10%",
    "gain@10%",
    "ece{bins=15,strategy=uniform}",
    "log_loss",
  ],
  ...["accuracy", "precision", "recall", "f1", "mcc", "balanced_accuracy", "cohen_kappa"],
];

describe("paired intervals of 95 %", () => {
  // The truth of a large sample is itself good to a twentieth of what is asked for.
  const samples = times(0, 400);

  it.skipIf(samples === 0)(
    "hold the true change about that often",
    async () => {
      const random = generator(7);
      const [first, other] = drawn(400_000, random);
      const [a, b] = [await measured("binary", first), await measured("binary", other)];
      const truth = (metric: string) =>
        (b.overall.metrics[metric] ?? Number.NaN) - (a.overall.metrics[metric] ?? Number.NaN);
      const hits = new Map(metrics.map((metric): [string, number] => [metric, 0]));
      for (let sample = 0; sample < samples; sample += 1) {
        const [one, two] = drawn(400, random);
        const sides = [await sideOf("binary", one), await sideOf("binary", two)] as const;
        const { changes } = pairedChanges(...sides, { metrics, primary: null });
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
