import { describe, expect, it } from "vitest";
import { classAreas } from "../../../src/metrics/paired/class-areas.ts";
import { labelAreas } from "../../../src/metrics/paired/label-areas.ts";
import { generator } from "../random-cases.ts";

const rows = 36;
const random = generator(31);
const labels = Uint32Array.from({ length: rows }, (_, row) => (row < 3 ? row : Math.floor(3 * random())));
const columns = [0, 1, 2].map(() => Float64Array.from({ length: rows }, () => Math.round(9 * random()) / 9));

/** By the pairs of rows themselves, which count the product of their two weights. */
function pairArea(one: number, other: number, weights: Float64Array): number {
  let [right, all] = [0, 0];
  for (let row = 0; row < rows; row += 1)
    for (let rival = 0; rival < rows; rival += 1) {
      if (labels[row] !== one || labels[rival] !== other) continue;
      const [own, its] = [columns[one]?.[row] ?? 0, columns[one]?.[rival] ?? 0];
      const weight = (weights[row] ?? 0) * (weights[rival] ?? 0);
      all += weight;
      if (own > its) right += weight;
      else if (own === its) right += weight / 2;
    }
  return right / all;
}

function plain(weights: Float64Array, isWeighted: boolean): number {
  const support = [0, 1, 2].map((place) =>
    weights.reduce((sum, weight, row) => sum + (labels[row] === place ? weight : 0), 0),
  );
  let [sum, all] = [0, 0];
  for (const [one, other] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    const weight = isWeighted ? (support[one] ?? 0) + (support[other] ?? 0) : 1;
    sum += (weight * (pairArea(one, other, weights) + pairArea(other, one, weights))) / 2;
    all += weight;
  }
  return sum / all;
}

describe("areas of pairs of classes", () => {
  it.each([
    ["roc_auc_ovo", false],
    ["roc_auc_ovo_weighted", true],
  ] as const)("%s moves with each row as the pairs themselves do", (name, isWeighted) => {
    const figure = classAreas[name]({ labels, columns, weights: undefined });
    const ones = new Float64Array(rows).fill(1);
    expect(figure?.value).toBeCloseTo(plain(ones, isWeighted), 13);
    const step = 1e-4;
    for (let row = 0; row < rows; row += 1) {
      const [more, less] = [1 + step, 1 - step].map((weight) => {
        const weights = Float64Array.from(ones);
        weights[row] = weight;
        return plain(weights, isWeighted);
      });
      const slope = ((more ?? Number.NaN) - (less ?? Number.NaN)) / (2 * step);
      expect((figure?.influences[row] ?? Number.NaN) / rows).toBeCloseTo(slope, 8);
    }
  });

  it("have no value where a class is missing that the mean needs", () => {
    const two = labels.map((label) => Math.min(label, 1));
    expect(classAreas.roc_auc_ovr({ labels: two, columns, weights: undefined })).toBeUndefined();
    expect(classAreas.roc_auc_ovr_weighted({ labels: two, columns, weights: undefined })).toBeDefined();
    const none = { truths: new Uint8Array(rows), scores: columns[0] ?? new Float64Array() };
    expect(labelAreas({ labels: [none], weights: undefined }, "roc_auc", "weighted")).toBeUndefined();
  });
});
