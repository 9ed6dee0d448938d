import { describe, expect, it } from "vitest";
import type { Curve } from "../../../src/metrics/details.ts";
import { multiclassMetrics } from "../../../src/metrics/multiclass/multiclass.ts";

/** Three classes of 300 made-up rows with ties (two decimals); every seventh row has weight 0. */
function made(order: (row: number) => number = (row) => row) {
  const rows = 300;
  const at = Array.from({ length: rows }, (_, row) => order(row));
  const noise = (row: number, place: number) => ((row * 7919 + place * 104729) % 997) / 997;
  const labels = Uint32Array.from(at, (row) => row % 3);
  const probabilities = [0, 1, 2].map((place) =>
    Float64Array.from(at, (row) => {
      const raw = [0, 1, 2].map((other) => noise(row, other) + (other === row % 3 ? 0.4 : 0.1));
      return Math.round((100 * (raw[place] ?? 0)) / raw.reduce((sum, value) => sum + value, 0)) / 100;
    }),
  );
  const weights = Float64Array.from(at, (row) => (row % 7 === 0 ? 0 : 0.1 + noise(row, 5)));
  return { classes: ["a", "b", "c"], labels, predictions: undefined, probabilities, weights };
}

const trapezoid = ({ x, y }: Curve) =>
  x
    .slice(1)
    .reduce(
      (sum, right, place) => sum + ((right - (x[place] ?? 0)) * ((y[place] ?? 0) + (y[place + 1] ?? 0))) / 2,
      0,
    );
const steps = ({ x, y }: Curve) =>
  x.slice(1).reduce((sum, right, place) => sum + (right - (x[place] ?? 0)) * (y[place + 1] ?? 0), 0);

const classCurves = async (input: Parameters<typeof multiclassMetrics>[0]) =>
  (await multiclassMetrics(input)).overall.curves;

describe("the curves of classes", () => {
  it.each([
    ["without weights", { ...made(), weights: undefined }],
    ["with weights", made()],
  ])("have the areas that the metrics of each class say, %s", async (_, input) => {
    const { perClass = [], curves = [] } = (await multiclassMetrics(input)).overall;
    expect(curves.map((one) => one.class)).toEqual(["a", "b", "c"]);
    for (const [place, { roc, precisionRecall, gain }] of curves.entries()) {
      if (roc === null || precisionRecall === null) throw new Error("no curve");
      // Thinning for the drawing moves an area by less than a thousandth.
      expect(Math.abs(trapezoid(roc) - (perClass[place]?.metrics["roc_auc"] ?? 0))).toBeLessThan(1e-3);
      expect(
        Math.abs(steps(precisionRecall) - (perClass[place]?.metrics["average_precision"] ?? 0)),
      ).toBeLessThan(1e-2);
      expect([gain?.x.at(-1), gain?.y.at(-1)]).toEqual([1, 1]);
    }
  });

  it("do not depend on the order of the rows", async () => {
    const shuffled = await classCurves(made((row) => (row * 101) % 300));
    expect(shuffled).toEqual(await classCurves(made()));
  });

  it("are none without probabilities, and none of a class that no row has", async () => {
    const { labels, classes, probabilities } = made();
    const without = { classes, labels, predictions: labels, probabilities: undefined };
    expect(await classCurves(without)).toBeUndefined();
    const [absent] =
      (await classCurves({ classes, labels: labels.map(() => 1), predictions: undefined, probabilities })) ??
      [];
    expect(absent).toEqual({ class: "a", roc: null, precisionRecall: null, gain: null });
  });

  it("are those of the first ten classes", async () => {
    const classes = Array.from({ length: 12 }, (_, place) => `class ${place}`);
    const labels = Uint32Array.from({ length: 24 }, (_, row) => row % 12);
    const probabilities = classes.map((_, place) =>
      Float64Array.from(labels, (label) => (label === place ? 0.5 : 0.04)),
    );
    const curves = await classCurves({ classes, labels, predictions: undefined, probabilities });
    expect(curves?.length).toBe(10);
  });
});
