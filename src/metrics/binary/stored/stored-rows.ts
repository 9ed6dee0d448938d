import { type Columns, emptyPayloads, emptyScores, partOf } from "../../score-columns.ts";
import type { Tags } from "../rows-by-score.ts";
import { type CellRange, firstSigned } from "../score-cells.ts";

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
  /** Doubles; undefined: every row counts once. */
  readonly weights?: Column | undefined;
}

/** Some rows in memory. */
export interface StoredBlock extends Columns {
  readonly weights: Float64Array | undefined;
}

/** How the rows lie, and what is known of them as a whole. */
export interface RowForm {
  readonly rows: number;
  /** Those of a weight above 0, which alone are measured; undefined: all. */
  readonly counted?: number | undefined;
  /** Scores of 64 bits or of 32. */
  readonly like: Columns["scores"];
  /** Of what travels with a score: 1, 2 or 4. */
  readonly payloadBytes: number;
  /** Where in it each grouping stands; bit 0 is the label. */
  readonly fields: readonly Omit<Tags, "values">[];
  /** Groups of each grouping. */
  readonly groups: readonly number[];
  /** Of the scores that are measured, as the next two. */
  readonly lowest: number;
  readonly highest: number;
  /** None of all scores is NaN or infinite. */
  readonly range: CellRange;
}

/** Rows of each block that is read at a time. */
const blockRows = 2 ** 18;

/** Room for the rows of a block. */
export function emptyRows({ like, payloadBytes }: RowForm, rows: number): Columns {
  return { scores: emptyScores(like, rows, false), payloads: emptyPayloads(payloadBytes, rows, false) };
}

export function isSigned({ range }: RowForm): boolean {
  return range.highest >= firstSigned;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly signal: AbortSignal | undefined;
  readonly size?: number;
}

/** Some of the rows, block by block, in memory that the next block uses again. -0 is read as 0, with which it is tied. */
export async function* blocksOf(
  stored: StoredRows,
  form: RowForm,
  { start, end, signal, size = blockRows }: Stretch,
): AsyncIterable<StoredBlock> {
  const most = Math.min(size, end - start);
  const memory = emptyRows(form, most);
  const weights = stored.weights === undefined ? undefined : new Float64Array(most);
  for (let from = start; from < end; from += size) {
    signal?.throwIfAborted();
    const rows = Math.min(size, end - from);
    const block = { ...partOf(memory, 0, rows), weights: weights?.subarray(0, rows) };
    await stored.scores.read(from, block.scores);
    await stored.payloads.read(from, block.payloads);
    if (block.weights !== undefined) await stored.weights?.read(from, block.weights);
    if (isSigned(form)) {
      const { scores } = block;
      for (let row = 0; row < scores.length; row += 1) scores[row] = (scores[row] ?? 0) + 0;
    }
    yield block;
  }
}

/** All rows but those of weight 0, as `blocksOf`. */
export async function* countedBlocks(
  stored: StoredRows,
  form: RowForm,
  stretch: Pick<Stretch, "signal" | "size">,
): AsyncIterable<StoredBlock> {
  for await (const block of blocksOf(stored, form, { ...stretch, start: 0, end: form.rows })) {
    const { scores, payloads, weights } = block;
    if (weights?.includes(0) !== true) {
      yield block;
      continue;
    }
    let kept = 0;
    for (let row = 0; row < scores.length; row += 1) {
      const weight = weights[row] ?? 0;
      if (weight === 0) continue;
      scores[kept] = scores[row] ?? 0;
      payloads[kept] = payloads[row] ?? 0;
      weights[kept] = weight;
      kept += 1;
    }
    if (kept > 0) yield { ...partOf(block, 0, kept), weights: weights.subarray(0, kept) };
  }
}

/** The tags of a slot of rows with which label and groups travel as bits. */
export function slotTags({ fields }: RowForm, slot: number, values: Columns["payloads"]): Tags {
  const field = slot === 0 ? undefined : fields[slot - 1];
  return { values, shift: field?.shift ?? 0, mask: field?.mask ?? 0 };
}
