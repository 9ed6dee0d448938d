import { readFileSync } from "node:fs";
import path from "node:path";
import type { BinaryInput } from "../../../src/metrics/binary/binary-input.ts";
import type { Grouping } from "../../../src/metrics/metric-set.ts";
import { fc } from "../../support/fast-check.ts";

const fixtures = path.resolve(import.meta.dirname, "../../../fixtures/evaluation");
const lines = readFileSync(path.join(fixtures, "binary.csv"), "utf8").trim().split("\n").slice(1);
const table = lines.map((line) => line.split(","));

/** What scikit-learn, statsmodels and pROC say of the fixture; `published_checks` are printed values of others' data. */
export const expected = JSON.parse(readFileSync(path.join(fixtures, "binary-expected.json"), "utf8"));

/** label, candidate, baseline, group. */
export function fixtureColumn(index: number): string[] {
  return table.map((row) => row[index] ?? "");
}

/** Scores 0.5 and above predict 1, unless another threshold is given. */
export function inputOf(
  labels: readonly number[],
  scores: readonly number[],
  more: Partial<BinaryInput> = {},
): BinaryInput {
  return { labels: Uint8Array.from(labels), scores: Float64Array.from(scores), threshold: 0.5, ...more };
}

export function groupingOf(values: readonly string[]): { grouping: Grouping; names: string[] } {
  const names = [...new Set(values)].sort();
  return {
    names,
    grouping: { codes: Uint32Array.from(values, (value) => names.indexOf(value)), count: names.length },
  };
}

/** A row of a generated table. */
export interface Row {
  readonly label: number;
  readonly score: number;
  readonly weight: number;
  readonly group: number;
}

/** Tables of up to 120 rows with many ties; scores in [0, 1], weights of any size, zero among them but never alone, 4 groups. */
export const tables: fc.Arbitrary<Row[]> = fc
  .array(
    fc.record({
      label: fc.integer({ min: 0, max: 1 }),
      score: fc.oneof(
        fc.integer({ min: 0, max: 20 }).map((step) => step / 20),
        fc.double({ min: 0, max: 1, noNaN: true }),
      ),
      weight: fc.oneof(fc.constant(0), fc.constant(0.1), fc.double({ min: 1e-9, max: 1e9, noNaN: true })),
      group: fc.nat(3),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .filter((rows) => rows.some((row) => row.weight > 0));

export function tableInput(
  rows: readonly Row[],
  more: Partial<BinaryInput> & { readonly isWeighted?: boolean } = {},
): BinaryInput {
  const { isWeighted = false, ...rest } = more;
  return inputOf(
    rows.map((row) => row.label),
    rows.map((row) => row.score),
    { weights: isWeighted ? Float64Array.from(rows, (row) => row.weight) : undefined, ...rest },
  );
}

export function tableGrouping(rows: readonly Row[]): Grouping {
  return { codes: Uint32Array.from(rows, (row) => row.group), count: 4 };
}
