import { describe, expect, it } from "vitest";
import { cellRange } from "../../../../src/metrics/binary/score-cells.ts";
import { pooledRanking } from "../../../../src/metrics/multilabel/pooled-ranking.ts";
import { poolStored } from "../../../../src/metrics/multilabel/stored/pool-stored.ts";
import { memoryColumn } from "../../memory-column.ts";
import { generator } from "../../random-cases.ts";

const rows = 20_000;
const random = generator(3);
const draws = () => Float64Array.from({ length: rows }, () => random());
const truths = [0.2, 0.6].map((share) => Uint8Array.from(draws(), (draw) => (draw < share ? 1 : 0)));
const raw = truths.map((own) => draws().map((draw, row) => draw + (own[row] ?? 0) * 0.2));
const codes = Uint8Array.from(draws(), (draw) => Math.floor(draw * 3));
const weights = draws().map((draw, row) => (row % 4 === 0 ? 0 : draw * 1e-7));

describe("the scores of labels in one order", () => {
  const rounded = raw.map((own) => own.map((score) => Math.round(score * 4) / 4));
  const [first, second] = raw;
  const cases = [
    ["many different ones", raw],
    ["a few different ones", rounded],
    ["of both widths", [Float32Array.from(first ?? []), second ?? new Float64Array()]],
    ["of both signs, and 0", raw.map((own) => own.map((score, row) => [0, -0][row % 6] ?? score - 0.5))],
  ] as const;

  it.each(cases)("are ranked from disk as in memory, with weights and without: %s", async (_name, scores) => {
    const labels = truths.map((own, label) => {
      const values = scores[label] ?? new Float64Array();
      return { name: `l${label}`, truths: own, scores: values, predictions: undefined };
    });
    for (const given of [undefined, weights]) {
      const counted = (values: Float64Array | Float32Array) =>
        given === undefined ? values : values.filter((_, row) => given[row] !== 0);
      const stored = labels.map(({ truths: own, scores: values }) => ({
        scores: memoryColumn(values),
        payloads: memoryColumn(own.map((truth, row) => truth | ((codes[row] ?? 0) << 1))),
        like: values.subarray(0, 0),
        range: cellRange({ scores: counted(values), start: 0, end: counted(values).length }),
        lowest: Math.min(...counted(values)),
        highest: Math.max(...counted(values)),
      }));
      const weightColumn = given && memoryColumn(given);
      const room = {
        scores: memoryColumn(new Float64Array(2 * rows)),
        payloads: memoryColumn(new Uint8Array(2 * rows)),
        weights: given && memoryColumn(new Float64Array(2 * rows)),
      };
      const table = { rows, labels: stored, groups: [3], payloadBytes: 1, weights: weightColumn, room };
      const { signal } = new AbortController();
      const own = await poolStored(table, { rowBytes: 60_000, helper: undefined, signal });
      const whole = await pooledRanking({ labels, weights: given, threshold: null }, [{ codes, count: 3 }]);
      expect(own).toEqual(whole);
    }
  });
});
