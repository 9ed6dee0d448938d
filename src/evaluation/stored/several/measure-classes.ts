import { payloadBytes } from "../../../metrics/binary/rows-by-score.ts";
import type { StoredColumn } from "../../../metrics/binary/stored/stored-rows.ts";
import { type ClassSlots, classSlots } from "../../../metrics/multiclass/class-slots.ts";
import type { MulticlassMetrics } from "../../../metrics/multiclass/describe-classes.ts";
import type { ClassRows } from "../../../metrics/multiclass/row-walk.ts";
import { storedMulticlass } from "../../../metrics/multiclass/stored/measure-stored-classes.ts";
import { emptyPayloads } from "../../../metrics/score-columns.ts";
import type { SumCheck } from "../../oddities.ts";
import type { StoredEvaluation } from "../stored-evaluation.ts";
import { readStretches } from "./read-stretches.ts";
import { likeOf } from "./several-columns.ts";
import type { StoredSeveral } from "./store-several.ts";

/** Measures the classes of a stored table; `sums` is told of the probabilities of all rows. */
export async function measureClasses(
  { request, helper, rowBytes }: Pick<StoredEvaluation, "request" | "helper" | "rowBytes">,
  table: StoredSeveral,
  sums: SumCheck,
): Promise<MulticlassMetrics> {
  const { watch, signal } = request;
  const { columns, stored, spans, groups, rows, weights, room } = table;
  let percent = 0;
  watch.phase("measuring from disk", 3, 3);
  watch.follow(() => percent);
  const firstScore = columns.truths.length + columns.predictions.length;
  const probabilities = columns.scores.flatMap((one, place) => {
    const [scores, span] = [stored[firstScore + place], spans[place]];
    return scores === undefined || span === undefined
      ? []
      : [{ scores, range: span.range, like: likeOf(one) }];
  });
  const slots = classSlots(columns.names.length, groups.groups);
  const input = {
    ...{ rows, classes: columns.names, groups: groups.groups, slots, weights, room },
    stretches: () => classRows(table, sums, signal),
    probabilities: probabilities.length === 0 ? undefined : probabilities,
    payloads: payloadsOf(table, slots),
    payloadBytes: payloadBytes(slots.bits),
  };
  const onDone = (share: number) => {
    percent = 100 * share;
  };
  return await storedMulticlass(input, { rowBytes, helper, signal, onDone });
}

async function* classRows(
  table: StoredSeveral,
  sums: SumCheck,
  signal: AbortSignal,
): AsyncIterable<ClassRows> {
  for await (const { truths, predictions, scores, weights, codes, rows } of readStretches(table, signal)) {
    const [labels] = truths;
    const [predicted] = predictions;
    if (labels === undefined) throw new RangeError("no labels are stored");
    sums.add(scores, rows);
    yield {
      labels: Uint32Array.from(labels),
      predictions: predicted && Uint32Array.from(predicted),
      probabilities: scores.length === 0 ? undefined : scores,
      weights,
      codes,
    };
  }
}

/** Class and groups of each row as bits, from the two files that hold them. */
function payloadsOf({ columns, stored, groups }: StoredSeveral, slots: ClassSlots): StoredColumn {
  const { bytesEach = 1 } = columns.truths[0] ?? {};
  const [labels] = stored;
  const classBits = 32 - Math.clz32(slots.classMask);
  let room = {
    own: emptyPayloads(bytesEach, 0, false),
    packed: emptyPayloads(groups.payloadBytes, 0, false),
  };
  return {
    async read(start, into) {
      if (room.own.length < into.length)
        room = {
          own: emptyPayloads(bytesEach, into.length, false),
          packed: emptyPayloads(groups.payloadBytes, into.length, false),
        };
      const own = room.own.subarray(0, into.length);
      await labels?.read(start, own);
      into.set(own);
      if (groups.fields.length === 0) return;
      const packed = room.packed.subarray(0, into.length);
      await groups.payloads.read(start, packed);
      for (let row = 0; row < packed.length; row += 1)
        into[row] = (into[row] ?? 0) | (((packed[row] ?? 0) >>> 1) << classBits);
    },
  };
}
