import { blocksOf } from "../../../metrics/binary/stored/stored-rows.ts";
import { emptyScores } from "../../../metrics/score-columns.ts";
import type { MeasuredColumns } from "../../kept/keep-scores.ts";
import type { StoredBinary } from "./store-binary.ts";

/** Label, and what a model said, as they stand in the table. */
export function measuredColumns(
  { stored, form, scores }: StoredBinary,
  signal: AbortSignal,
): MeasuredColumns {
  const said = scores.kind;
  async function* stretches() {
    const all = { start: 0, end: form.rows, signal };
    const { payloads: column } = stored;
    let start = 0;
    for await (const { payloads } of blocksOf({ scores: stored.scores, payloads: column }, form, all)) {
      const values = emptyScores(form.like, payloads.length, false);
      // -0 as it is.
      await stored.scores.read(start, values);
      start += payloads.length;
      yield [
        { name: "label", codes: Uint8Array.from(payloads, (value) => value & 1) },
        said === "score" ? { name: said, values } : { name: said, codes: Uint8Array.from(values) },
      ];
    }
  }
  return { names: ["label", said], stretches: stretches() };
}
