import { arraysOf, type MeasuredColumns } from "../../kept/keep-scores.ts";
import type { ArrayColumn } from "../../kept/write-arrays.ts";
import type { Labels } from "../../read/labels.ts";
import { readStretches, type SeveralRows } from "./read-stretches.ts";
import type { StoredSeveral } from "./store-several.ts";

/** What was measured, as it stands in the table. */
export function measuredRows(table: StoredSeveral, signal: AbortSignal): MeasuredColumns {
  async function* stretches() {
    for await (const rows of readStretches(table, signal)) yield arraysIn(table, rows);
  }
  const { truths, predictions, scores } = table.columns;
  const empty = {
    ...{ rows: 0, codes: [], weights: undefined },
    truths: truths.map(() => new Uint8Array()),
    predictions: predictions.map(() => new Uint8Array()),
    scores: scores.map(() => new Float64Array()),
  };
  return { names: arraysIn(table, empty).map((one) => one.name), stretches: stretches() };
}

function arraysIn({ columns }: StoredSeveral, { truths, predictions, scores }: SeveralRows): ArrayColumn[] {
  const labelsOf = (codes: SeveralRows["truths"]): Labels =>
    columns.isMultilabel
      ? { kind: "several", names: columns.names, columns: codes.map((own) => Uint8Array.from(own)) }
      : { kind: "classes", classes: columns.names, codes: Uint32Array.from(codes[0] ?? []) };
  return arraysOf({
    labels: labelsOf(truths),
    score: undefined,
    prediction: predictions.length === 0 ? undefined : labelsOf(predictions),
    probabilities: scores.map((values) => ({ values, range: { smallest: 0, largest: 1 } })),
    quantiles: [],
    intervals: [],
  });
}
