import type { KeptRows } from "../../evaluation/kept/read-kept.ts";
import { indexInfluences } from "../../metrics/survival/index-influences.ts";
import { type Found, valuesOf, weightsOf } from "./row-term.ts";

/** Harrell's index, by what each row moves it by; Uno's has none: its weights are estimated from the same rows. */
export function survivalTerms(kept: KeptRows): Found {
  const { labels, score, prediction } = kept.data;
  if (labels.kind !== "survival") return [];
  const times = prediction?.kind === "numbers" ? prediction.values : undefined;
  const riskOf = (row: number) =>
    score === undefined ? 0 - (times?.[row] ?? Number.NaN) : (score.values[row] ?? Number.NaN);
  if (score === undefined && times === undefined) return [];
  const figure = (rows: Uint32Array) =>
    indexInfluences({
      durations: valuesOf(rows, (row) => labels.durations[row] ?? 0),
      events: Uint8Array.from(rows, (row) => labels.events[row] ?? 0),
      risks: valuesOf(rows, riskOf),
      weights: weightsOf(kept, rows),
    });
  return [["concordance_index", { kind: "linear", figure }]];
}
