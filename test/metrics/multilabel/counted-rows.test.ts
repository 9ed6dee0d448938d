import { describe, expect, it } from "vitest";
import { labelMetrics } from "../../../src/metrics/binary/binary.ts";
import { ExactSum } from "../../../src/metrics/exact-sum.ts";
import { LabelCounts } from "../../../src/metrics/multilabel/label-counts.ts";
import { measureRows } from "../../../src/metrics/multilabel/measure-rows.ts";
import { rankFigures } from "../../../src/metrics/multilabel/rank-figures.ts";
import { addTimes } from "../../../src/metrics/multilabel/tally.ts";
import { generator } from "../random-cases.ts";

const exactSum = (terms: Iterable<number>) => {
  const sum = new ExactSum();
  for (const term of terms) sum.add(term);
  return sum.value;
};

/** Rows of so many labels, with few or with many different figures. */
function rowsOf(size: number, rows: number) {
  const random = generator(size);
  const columns = Array.from({ length: size }, () => ({
    truths: Uint8Array.from({ length: rows }, () => (random() < 0.3 ? 1 : 0)),
    decisions: Uint8Array.from({ length: rows }, () => (random() < 0.3 ? 1 : 0)),
    scores: Float64Array.from({ length: rows }, () => Math.round(random() * 50) / 50),
  }));
  return {
    rows,
    truths: columns.map((one) => one.truths),
    decisions: columns.map((one) => one.decisions),
    scores: columns.map((one) => one.scores),
    weights: undefined,
    codes: [Uint8Array.from({ length: rows }, (_, row) => row % 3)],
  };
}

describe("a term that is added many times", () => {
  it.each([0.1, 1 / 3, 0.999_999_999_999_999_9, 1e-300, 65_535, 0])("is that often added: %f", (term) => {
    const [once, often] = [new ExactSum(), new ExactSum()];
    for (const sum of [once, often]) sum.add(1e-9);
    for (let time = 0; time < 1000; time += 1) once.add(term);
    addTimes(often, term, 1000);
    expect(often.value).toBe(once.value);
    const huge = new ExactSum();
    addTimes(huge, term, 2 ** 31 + 1);
    const exact = new ExactSum();
    exact.add(term * 2 ** 31);
    exact.add(term);
    expect(huge.value).toBe(exact.value);
  });
});

describe("rows of labels that are counted", () => {
  it.each([
    ["few different figures", 5],
    ["more of them than are counted", 40],
  ])("have the exact sums of their figures: %s", async (_name, size) => {
    const all = rowsOf(size, 12_000);
    const ranked = rankFigures(all);
    if (ranked === undefined) throw new Error("no scores");
    expect(new Set(ranked.averagePrecision).size > 4096).toBe(size === 40);
    let passes = 0;
    const groups = await measureRows(
      {
        ...{ size, groups: [3], isWeighted: false },
        stretches: () => {
          passes += 1;
          return [all];
        },
      },
      { signal: undefined },
    );
    expect(passes).toBe(size === 40 ? 2 : 1);
    for (const [group, own] of [...(groups[0] ?? []), ...(groups[1] ?? [])].entries()) {
      const isIn = (_: number, row: number) => group === 0 || row % 3 === group - 1;
      for (const figure of ["averagePrecision", "coverage", "loss"] as const) {
        const values = Array.from(ranked[figure]).filter(isIn);
        expect(own.sum(figure)).toBe(exactSum(values));
        const mean = own.sum(figure) / own.measured;
        expect(own.squares(figure, mean)).toBe(exactSum(values.map((value) => (value - mean) ** 2)));
      }
      expect(own.rows).toBe(Array.from(ranked.loss).filter(isIn).length);
    }
  });

  it("of one label are measured as by labelMetrics", async () => {
    const { truths, decisions, codes } = rowsOf(2, 500);
    const [code = new Uint8Array()] = codes;
    const some = Float64Array.from(code, (_, row) => (row % 4 === 0 ? 0 : 1 / (1 + row)));
    for (const weights of [undefined, some, some.map((one, row) => (code[row] === 1 ? 0 : one))])
      for (const [labels, predictions] of [
        [truths[0], decisions[0]],
        [truths[0], new Uint8Array(500)],
        [new Uint8Array(500), decisions[1]],
      ]) {
        if (labels === undefined || predictions === undefined) throw new Error("no label");
        const counts = new LabelCounts([4], weights !== undefined);
        for (const [start, end] of [
          [0, 100],
          [100, 500],
        ])
          counts.add(labels.subarray(start, end), predictions.subarray(start, end), {
            codes: [code.subarray(start, end)],
            weights: weights?.subarray(start, end),
          });
        const groupings = [{ codes: code, count: 4 }];
        expect(counts.metrics).toEqual(await labelMetrics({ labels, predictions, weights }, groupings));
      }
  });
});
