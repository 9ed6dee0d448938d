import { expect, it } from "vitest";
import { binaryMetrics } from "../../../src/metrics/binary/binary.ts";
import { generator } from "../random-cases.ts";

/** Scores that agree in their leading bits, many of them equal: what a radix sort leaves in long runs. */
it("measures whole weights as repeated rows where many scores are equal or nearly so", async () => {
  for (const rows of [20, 48, 60, 63, 64, 200])
    for (let seed = 0; seed < 40; seed += 1) {
      const random = generator(1000 * seed + rows);
      const table = Array.from({ length: rows }, () => ({
        label: random() < 0.5 ? 1 : 0,
        score: (Math.round(random() * 5) / 5) * 1000,
        weight: 1 + Math.floor(random() * 3),
      }));
      const repeated = table.flatMap((row) => Array.from({ length: row.weight }, () => row));
      const of = async (some: typeof table, weights: Float64Array | undefined) => {
        const labels = Uint8Array.from(some, (row) => row.label);
        const scores = Float64Array.from(some, (row) => row.score);
        return (await binaryMetrics({ labels, scores, weights, threshold: 400 })).overall.metrics;
      };
      const weighted = await of(
        table,
        Float64Array.from(table, (row) => row.weight),
      );
      const plain = await of(repeated, undefined);
      for (const name of ["roc_auc", "average_precision", "ks", "precision", "recall"]) {
        const [value, reference] = [weighted[name] ?? null, plain[name] ?? null];
        if (reference === null) expect(value, `${rows} rows, seed ${seed}, ${name}`).toBeNull();
        else expect(value, `${rows} rows, seed ${seed}, ${name}`).toBeCloseTo(reference, 12);
      }
    }
});
