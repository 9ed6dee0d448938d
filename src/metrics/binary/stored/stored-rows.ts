import { type Columns, emptyPayloads, emptyScores, partOf } from "../columns.ts";
import type { Tagging, Tags } from "../rows-by-score.ts";
import { type CellRange, type Cells, firstSigned } from "../score-cells.ts";

/** A column that lies elsewhere than in memory. */
export interface StoredColumn {
  /** Fills `into` with the values from a row on. */
  read(start: number, into: Columns["scores"] | Columns["payloads"]): Promise<void>;
}

export interface WritableColumn extends StoredColumn {
  write(start: number, from: Columns["scores"] | Columns["payloads"]): Promise<void>;
}

/** Scores, and label and groups as bits that travel with them. */
export interface StoredRows<Column extends StoredColumn = StoredColumn> {
  readonly scores: Column;
  readonly payloads: Column;
}

/** How the rows lie, and what is known of them as a whole. */
export interface RowForm {
  readonly rows: number;
  /** Scores of 64 bits or of 32. */
  readonly like: Columns["scores"];
  /** Of what travels with a score: 1, 2 or 4. */
  readonly payloadBytes: number;
  /** Where in it each grouping stands; bit 0 is the label. */
  readonly fields: readonly Omit<Tags, "values">[];
  /** Groups of each grouping. */
  readonly groups: readonly number[];
  readonly lowest: number;
  readonly highest: number;
  /** Of all scores; none of them is NaN or infinite. */
  readonly range: CellRange;
}

/** How scores become cells, and cells buckets and parts, as those of rows in memory do. */
export interface RowPlan {
  readonly form: RowForm;
  readonly cells: Cells;
  readonly bucketOf: Uint16Array;
  /** Where each bucket starts, and where the last one ends. */
  readonly buckets: Uint32Array;
  /** The first bucket of each part, and the end. */
  readonly parts: Uint32Array;
  readonly isSigned: boolean;
}

/** Rows of each block that is read at a time. */
const blockRows = 2 ** 18;

export function emptyRows({ like, payloadBytes }: RowForm, rows: number, isShared: boolean): Columns {
  return {
    scores: emptyScores(like, rows, isShared),
    payloads: emptyPayloads(payloadBytes, rows, isShared),
  };
}

export function isSigned({ range }: RowForm): boolean {
  return range.highest >= firstSigned;
}

/** Some of the rows, block by block, in memory that the next block uses again. -0 is read as 0, with which it is tied. */
export async function* blocksOf(
  stored: StoredRows,
  form: RowForm,
  {
    start,
    end,
    signal,
    size = blockRows,
  }: {
    readonly start: number;
    readonly end: number;
    readonly signal: AbortSignal | undefined;
    readonly size?: number;
  },
): AsyncIterable<Columns> {
  const memory = emptyRows(form, Math.min(size, end - start), false);
  for (let from = start; from < end; from += size) {
    signal?.throwIfAborted();
    const block = partOf(memory, 0, Math.min(size, end - from));
    await stored.scores.read(from, block.scores);
    await stored.payloads.read(from, block.payloads);
    if (isSigned(form)) {
      const { scores } = block;
      for (let row = 0; row < scores.length; row += 1) scores[row] = (scores[row] ?? 0) + 0;
    }
    yield block;
  }
}

/** Of rows with which label and groups travel as bits. */
export function taggingOf({ fields }: RowForm): Tagging {
  return { fields, labels: new Uint8Array(), codes: [], weights: undefined };
}
