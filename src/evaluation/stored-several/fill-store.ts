import { emptyPayloads } from "../../metrics/binary/columns.ts";
import { joinedRange } from "../../metrics/binary/partition.ts";
import { type CellRange, cellRange } from "../../metrics/binary/score-cells.ts";
import type { WritableColumn } from "../../metrics/binary/stored/stored-rows.ts";
import type { NumberChunk } from "../read/number-chunks.ts";
import type { Sink } from "../read/sinks.ts";
import type { SeveralColumns } from "./table-columns.ts";

interface Filling {
  /** Of the columns of the chunks, in their order. */
  readonly sinks: readonly Sink[];
  readonly columns: SeveralColumns;
  /** Truths, predictions, scores. */
  readonly to: readonly WritableColumn[];
  /** Rows that the sinks have room for. */
  readonly stretchRows: number;
  /** More than these are not taken. */
  readonly mostRows: number;
  /** Told of each stretch before it is written: where it starts, and how many rows it has. */
  readonly onStretch?: (start: number, rows: number) => Promise<void>;
  /** Told how many rows were taken. */
  readonly onRows?: ((done: number) => void) | undefined;
}

export interface Filled {
  readonly rows: number;
  /** Of each column of scores. */
  readonly ranges: readonly CellRange[];
}

/** Writes the rows, stretch by stretch. */
export async function fillStore(chunks: AsyncIterable<NumberChunk>, filling: Filling): Promise<Filled> {
  const { sinks, columns, stretchRows, mostRows, onRows } = filling;
  const ranges: CellRange[][] = columns.scores.map(() => []);
  let [written, start] = [0, 0];
  const flush = async () => {
    await filling.onStretch?.(written, start);
    await writeStretch(filling, { written, rows: start, ranges });
    written += start;
    start = 0;
    for (const sink of sinks) sink.bad.from = written;
  };
  for await (const chunk of chunks) {
    // More than were counted: the file was changed meanwhile, which is found out at the end.
    if (written + start + chunk.rows > mostRows) break;
    if (start + chunk.rows > stretchRows) await flush();
    for (const [index, sink] of sinks.entries()) {
      const items = chunk.columns[index];
      if (items !== undefined) sink.take({ items, start, gaps: chunk.gaps[index] });
    }
    start += chunk.rows;
    onRows?.(written + start);
  }
  if (start > 0) await flush();
  return { rows: written, ranges: ranges.map((own) => joinedRange(own)) };
}

async function writeStretch(
  { columns, to }: Filling,
  stretch: { readonly written: number; readonly rows: number; readonly ranges: CellRange[][] },
): Promise<void> {
  const { written, rows, ranges } = stretch;
  const { truths, predictions, scores } = columns;
  const coded = [...truths, ...predictions];
  for (const [place, one] of coded.entries()) {
    const codes = one.codes();
    const narrow = emptyPayloads(one.bytesEach, rows, false);
    narrow.set(codes.subarray(0, rows));
    await to[place]?.write(written, narrow);
    // Of 0 and 1 only ones are written.
    codes.fill(0, 0, rows);
  }
  for (const [place, { sink }] of scores.entries()) {
    const own = sink.values.subarray(0, rows);
    ranges[place]?.push(cellRange({ scores: own, start: 0, end: rows }));
    await to[coded.length + place]?.write(written, own);
  }
}
