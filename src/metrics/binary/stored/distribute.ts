import { type Columns, partOf } from "../columns.ts";
import type { GroupTotals } from "../group-figures.ts";
import { totalsOf } from "../measure-parts.ts";
import { bucketsOf, cellsOf, countsOf, partsOf, startsOf } from "../partition.ts";
import { countRows } from "../score-blocks.ts";
import { countCells, firstSigned, scatterBlock } from "../score-cells.ts";
import type { Totals } from "../totals.ts";
import type { BySlot } from "../walk.ts";
import {
  blocksOf,
  emptyRows,
  isSigned,
  type RowForm,
  type RowPlan,
  type StoredRows,
  type WritableColumn,
} from "./stored-rows.ts";

/** Counts the rows by score, and says where buckets and parts end: where they do for rows in memory. */
export async function planRows(
  stored: StoredRows,
  form: RowForm,
  signal: AbortSignal | undefined,
): Promise<RowPlan> {
  const { rows } = form;
  const range = isSigned(form)
    ? { ...form.range, lowest: Math.min(form.range.lowest, firstSigned - 1) }
    : form.range;
  const cells = cellsOf(range, rows);
  const counts = countsOf(range, cells, false);
  for await (const { scores } of blocksOf(stored, form, { start: 0, end: rows, signal })) {
    countCells({ scores, cells, counts, start: 0, end: scores.length });
  }
  const { bucketOf, sizes } = bucketsOf([counts], rows, false);
  const buckets = startsOf(sizes.map(([size = 0]) => size));
  return { form, cells, bucketOf, buckets, parts: partsOf(buckets), isSigned: isSigned(form) };
}

/** Rows by label and group: of all parts, and above each. */
export interface PartTotals {
  readonly totals: BySlot<GroupTotals>;
  readonly above: readonly BySlot<Totals>[];
}

/** So many rows are put in order at once: each part then gets some thousand of them at a time. */
const blockRows = 2 ** 20;

/** Writes the rows part by part, in no order within one, and counts them. */
export async function distribute(
  stored: StoredRows,
  plan: RowPlan,
  { to, signal }: { readonly to: StoredRows<WritableColumn>; readonly signal: AbortSignal | undefined },
): Promise<PartTotals> {
  const { form, parts, buckets } = plan;
  const partOfCell = partsOfCells(plan);
  const places = parts.map((bucket) => buckets[bucket] ?? 0);
  const groups = [1, ...form.groups];
  const tallies = groups.map((count) => new Uint32Array(2 * count * (parts.length - 1)));
  const ordered = emptyRows(form, Math.min(blockRows, form.rows), false);
  const all = { start: 0, end: form.rows, signal, size: blockRows };
  for await (const block of blocksOf(stored, form, all)) {
    const starts = startsInBlock(plan, block, partOfCell);
    const next = starts.slice();
    scatterBlock({ cells: plan.cells, bucketOf: partOfCell, places: next }, block, ordered);
    for (let part = 0; part + 1 < parts.length; part += 1) {
      const own = partOf(ordered, starts[part] ?? 0, next[part] ?? 0);
      const rows = own.scores.length;
      if (rows === 0) continue;
      tally(tallies, { groups, part, form }, own);
      await to.scores.write(places[part] ?? 0, own.scores);
      await to.payloads.write(places[part] ?? 0, own.payloads);
      places[part] = (places[part] ?? 0) + rows;
    }
  }
  const ofParts = Uint32Array.from(parts, (_, part) => part);
  return totalsOf({ partition: { parts: ofParts }, groups, tallies });
}

function partsOfCells({ bucketOf, parts }: RowPlan): Uint16Array {
  const ofBucket = new Uint16Array(parts[parts.length - 1] ?? 0);
  for (let part = 0; part + 1 < parts.length; part += 1) ofBucket.fill(part, parts[part], parts[part + 1]);
  return bucketOf.map((bucket) => ofBucket[bucket] ?? 0);
}

/** Where the rows of each part start when those of a block are put in order. */
function startsInBlock(
  { form, cells, parts }: RowPlan,
  { scores }: Columns,
  partOfCell: Uint16Array,
): Uint32Array {
  const counts = new Uint32Array(partOfCell.length);
  countCells({ scores, cells, counts, start: 0, end: Math.min(scores.length, form.rows) });
  const sizes = Array.from({ length: parts.length - 1 }, () => 0);
  for (let cell = 0; cell < counts.length; cell += 1) {
    const part = partOfCell[cell] ?? 0;
    sizes[part] = (sizes[part] ?? 0) + (counts[cell] ?? 0);
  }
  return startsOf(sizes);
}

function tally(
  tallies: readonly Uint32Array[],
  to: { readonly groups: readonly number[]; readonly part: number; readonly form: RowForm },
  { payloads }: Columns,
): void {
  const { groups, part, form } = to;
  for (const [slot, count] of groups.entries()) {
    const field = slot === 0 ? undefined : form.fields[slot - 1];
    const tags = { values: payloads, shift: field?.shift ?? 0, mask: field?.mask ?? 0 };
    const own = tallies[slot]?.subarray(2 * count * part, 2 * count * (part + 1));
    if (own === undefined) continue;
    for (const [place, rows] of countRows(tags, payloads.length, count).entries()) {
      own[place] = (own[place] ?? 0) + rows;
    }
  }
}
