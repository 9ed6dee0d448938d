import { joinedRange } from "../../binary/partition.ts";
import { cellRange, firstSigned } from "../../binary/score-cells.ts";
import type { RowForm, StoredColumn, StoredRows, WritableColumn } from "../../binary/stored/stored-rows.ts";
import { classSlots } from "../../multiclass/class-slots.ts";
import {
  rangedWork,
  rankRanged,
  type StoredClassesWays,
} from "../../multiclass/stored/measure-stored-classes.ts";
import { emptyScores, type Scores } from "../../score-columns.ts";
import type { PooledRanking } from "../pooled-ranking.ts";

/** The scores of one label, in a file. */
interface StoredScores {
  readonly scores: StoredColumn;
  /** Whether a row has the label as bit 0, and its groups. */
  readonly payloads: StoredColumn;
  readonly like: Scores;
  /** Of those that are measured. */
  readonly range: RowForm["range"];
  readonly lowest: number;
  readonly highest: number;
}

export interface StoredLabels {
  readonly rows: number;
  readonly labels: readonly StoredScores[];
  /** Groups of each grouping. */
  readonly groups: readonly number[];
  readonly payloadBytes: number;
  /** Of each row; undefined: every row counts once. */
  readonly weights: StoredColumn | undefined;
  /** Room for all scores of all labels. */
  readonly room: StoredRows<WritableColumn>;
}

/** `pooledRanking` of rows that do not fit into memory, to the last bit: the labels as if they stood one below the other. */
export async function poolStored(
  { rows, labels, groups, payloadBytes, weights, room }: StoredLabels,
  ways: StoredClassesWays,
): Promise<PooledRanking> {
  const like = labels.find((one) => one.like instanceof Float64Array)?.like ?? new Float32Array();
  const stored = {
    scores: oneBelowTheOther(rows, async (label, start, into) => {
      const own = labels[label];
      if (own === undefined) return;
      const isAlike = own.like.BYTES_PER_ELEMENT === into.BYTES_PER_ELEMENT;
      const values = isAlike ? into : emptyScores(own.like, into.length, false);
      await own.scores.read(start, values);
      if (!isAlike) into.set(values);
    }),
    payloads: oneBelowTheOther(rows, async (label, start, into) => {
      await labels[label]?.payloads.read(start, into);
      // Class 0 is to have the label, class 1 not to.
      for (let row = 0; row < into.length; row += 1) into[row] = (into[row] ?? 0) ^ 1;
    }),
    weights: weights && oneBelowTheOther(rows, (_, start, into) => weights.read(start, into)),
  };
  const bits = { fields: [], groups: [], lowest: 0, highest: 1 };
  const form = { ...bits, rows: rows * labels.length, like, payloadBytes, range: rangeOf(labels, like) };
  const has = { slots: classSlots(2, groups), ranked: { index: 0, totals: undefined } };
  return await rankRanged({ stored, room, form }, has, rangedWork(ways));
}

type Read = (label: number, start: number, into: Parameters<StoredColumn["read"]>[1]) => Promise<void>;

function oneBelowTheOther(rows: number, read: Read): StoredColumn {
  return {
    async read(start, into) {
      for (let done = 0; done < into.length; ) {
        const first = (start + done) % rows;
        const count = Math.min(rows - first, into.length - done);
        await read(Math.floor((start + done) / rows), first, into.subarray(done, done + count));
        done += count;
      }
    },
  };
}

/** Of scores that may be of both widths. */
function rangeOf(labels: readonly StoredScores[], like: Scores): RowForm["range"] {
  const ranges = labels.map((one) => one.range);
  if (labels.every((one) => one.like.BYTES_PER_ELEMENT === like.BYTES_PER_ELEMENT))
    return joinedRange(ranges);
  const ends = labels.flatMap(({ lowest, highest }) => [lowest, highest]);
  // Zeros of either sign may be there where one score has a sign.
  if (ranges.some(({ highest }) => highest >= firstSigned)) ends.push(-0);
  return cellRange({ scores: Float64Array.from(ends), start: 0, end: ends.length });
}
