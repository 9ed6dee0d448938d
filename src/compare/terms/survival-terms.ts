import type { KeptRows } from "../../evaluation/kept/read-kept.ts";
import { brierInfluences } from "../../metrics/survival/brier-influences.ts";
import { indexInfluences } from "../../metrics/survival/index-influences.ts";
import type { SurvivalInput } from "../../metrics/survival/survival-input.ts";
import { type Found, valuesOf, weightsOf } from "./row-term.ts";

/** Harrell's index and Brier scores, by what each row moves them by; Uno's has none: its weights are estimated from the same rows. */
export function survivalTerms(kept: KeptRows): Found {
  const { labels, score, prediction, survivals = [] } = kept.data;
  if (labels.kind !== "survival") return [];
  const times = prediction?.kind === "numbers" ? prediction.values : undefined;
  const riskOf = (row: number) =>
    score === undefined ? 0 - (times?.[row] ?? Number.NaN) : (score.values[row] ?? Number.NaN);
  if (score === undefined && times === undefined) return [];
  const inputOf = (rows: Uint32Array): SurvivalInput => ({
    durations: valuesOf(rows, (row) => labels.durations[row] ?? 0),
    events: Uint8Array.from(rows, (row) => labels.events[row] ?? 0),
    risks: valuesOf(rows, riskOf),
    weights: weightsOf(kept, rows),
    survivals: survivals.map(({ time, values }) => ({
      time,
      values: valuesOf(rows, (row) => values[row] ?? Number.NaN),
    })),
  });
  return [
    ["concordance_index", { kind: "linear", figure: (rows) => indexInfluences(inputOf(rows)) }],
    ...survivals.map(({ time }): Found[number] => [
      `brier@${time}`,
      { kind: "linear", figure: (rows) => brierInfluences(inputOf(rows), time) },
    ]),
  ];
}
