import type { WritableColumn } from "../../../metrics/binary/stored/stored-rows.ts";
import { emptyPayloads } from "../../../metrics/score-columns.ts";
import type { Block } from "../read-blocks.ts";
import { type ScoreSpan, ScoreSpanning } from "../score-spans.ts";
import { likeOf, type SeveralColumns } from "./several-columns.ts";

/** What writes the rows that were read last into a store. */
interface StoreFilling {
  /** `weights`: of these rows, where there are. */
  write(block: Block, weights?: Float64Array): Promise<void>;
  /** Of each column of scores, of the rows so far. */
  spans(): readonly ScoreSpan[];
}

/** `to`: truths, predictions, scores. */
export function storeFilling(columns: SeveralColumns, to: readonly WritableColumn[]): StoreFilling {
  const { truths, predictions, scores } = columns;
  const coded = [...truths, ...predictions];
  const spans = scores.map((one) => new ScoreSpanning(likeOf(one)));
  return {
    async write({ start, rows }, weights) {
      for (const [place, one] of coded.entries()) {
        const codes = one.codes();
        const narrow = emptyPayloads(one.bytesEach, rows, false);
        narrow.set(codes.subarray(0, rows));
        await to[place]?.write(start, narrow);
        // Of 0 and 1 only ones are written.
        codes.fill(0, 0, rows);
      }
      for (const [place, { sink }] of scores.entries()) {
        const own = sink.values.subarray(0, rows);
        spans[place]?.add(own, weights);
        await to[coded.length + place]?.write(start, own);
      }
    },
    spans: () => spans.map((one) => one.span),
  };
}
