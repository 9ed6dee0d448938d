import type { BinaryInput } from "../../../src/metrics/binary/binary-input.ts";
import { spanOfScores } from "../../../src/metrics/binary/cut-buckets.ts";
import type { JobThread } from "../../../src/metrics/binary/job-thread.ts";
import { packRows, travelOf } from "../../../src/metrics/binary/rows-by-score.ts";
import { cellRange } from "../../../src/metrics/binary/score-cells.ts";
import { storedMetrics } from "../../../src/metrics/binary/stored/measure-stored.ts";
import type { Grouping } from "../../../src/metrics/metric-set.ts";
import { memoryColumn } from "../memory-column.ts";

/** `binaryMetrics` of rows that are stored. */
export async function measureStored(
  { labels, scores, weights, threshold, options = {} }: BinaryInput,
  groupings: readonly Grouping[],
  ways: { readonly mostRows: number; readonly helper?: JobThread; readonly signal?: AbortSignal },
) {
  const travel = travelOf({ labels, scores, threshold }, groupings);
  const { fields = [] } = travel.tagging;
  const empty = () => {
    if (travel.bytesEach === 1) return new Uint8Array(labels.length);
    return travel.bytesEach === 2 ? new Uint16Array(labels.length) : new Uint32Array(labels.length);
  };
  const measured = scores.filter((_, row) => weights?.[row] !== 0);
  const { lowest, highest } = spanOfScores(measured);
  const form = {
    ...{ rows: labels.length, counted: measured.length, like: scores.slice(0, 0), fields },
    ...{ payloadBytes: travel.bytesEach, groups: groupings.map((grouping) => grouping.count) },
    ...{ lowest: lowest + 0, highest: highest + 0 },
    range: cellRange({ scores: measured, start: 0, end: measured.length }),
  };
  const stored = {
    scores: memoryColumn(scores.slice()),
    payloads: memoryColumn(packRows(travel, 0, empty())),
    weights: weights && memoryColumn(weights.slice()),
  };
  const room = {
    scores: memoryColumn(scores.slice().fill(Number.NaN)),
    payloads: memoryColumn(empty()),
    weights: weights && memoryColumn(weights.slice().fill(Number.NaN)),
  };
  return await storedMetrics({ stored, room, form, threshold, options }, { helper: undefined, ...ways });
}
