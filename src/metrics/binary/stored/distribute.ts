import type { GroupTotals } from "../group-figures.ts";
import { totalsOf } from "../measure-parts.ts";
import { startsOf } from "../partition.ts";
import { countRows } from "../score-blocks.ts";
import type { Totals } from "../totals.ts";
import type { BySlot } from "../walk.ts";
import type { RowPlan } from "./plan-rows.ts";
import {
  countedBlocks,
  emptyRows,
  type RowForm,
  type StoredBlock,
  type StoredRows,
  slotTags,
  type WritableColumn,
} from "./stored-rows.ts";

/** Rows by label and group: of all parts, and above each. */
interface PartTotals {
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
  const partOfBucket = partsOfBuckets(plan);
  const next = parts.map((bucket) => buckets[bucket] ?? 0);
  const groups = [1, ...form.groups];
  const tallies = groups.map((count) => new Uint32Array(2 * count * (parts.length - 1)));
  const most = Math.min(blockRows, form.rows);
  const ordered = { ...emptyRows(form, most), weights: stored.weights && new Float64Array(most) };
  const places = new Uint32Array(most);
  for await (const block of countedBlocks(stored, form, { signal, size: blockRows })) {
    const own = places.subarray(0, block.scores.length);
    plan.place(block.scores, own);
    const starts = targetsOf(own, partOfBucket, parts.length - 1);
    order(block, own, ordered);
    for (let part = 0; part + 1 < parts.length; part += 1) {
      const [start, end] = [starts[part] ?? 0, starts[part + 1] ?? 0];
      if (start === end) continue;
      const at = next[part] ?? 0;
      const payloads = ordered.payloads.subarray(start, end);
      tally(tallies, { groups, part, form }, payloads);
      await to.scores.write(at, ordered.scores.subarray(start, end));
      await to.payloads.write(at, payloads);
      if (ordered.weights !== undefined) await to.weights?.write(at, ordered.weights.subarray(start, end));
      next[part] = at + end - start;
    }
  }
  const ofParts = Uint32Array.from(parts, (_, part) => part);
  return totalsOf({ partition: { parts: ofParts }, groups, tallies });
}

function partsOfBuckets({ parts }: RowPlan): Uint32Array {
  const ofBucket = new Uint32Array(parts[parts.length - 1] ?? 0);
  for (let part = 0; part + 1 < parts.length; part += 1) ofBucket.fill(part, parts[part], parts[part + 1]);
  return ofBucket;
}

/** Buckets become places among the rows of a block by part. Where the rows of each part start, and where the last ones end. */
function targetsOf(places: Uint32Array, partOfBucket: Uint32Array, parts: number): Uint32Array {
  const sizes = Array.from({ length: parts }, () => 0);
  for (let row = 0; row < places.length; row += 1) {
    const part = partOfBucket[places[row] ?? 0] ?? 0;
    places[row] = part;
    sizes[part] = (sizes[part] ?? 0) + 1;
  }
  const starts = startsOf(sizes);
  const next = starts.slice();
  for (let row = 0; row < places.length; row += 1) {
    const part = places[row] ?? 0;
    const place = next[part] ?? 0;
    next[part] = place + 1;
    places[row] = place;
  }
  return starts;
}

function order({ scores, payloads, weights }: StoredBlock, places: Uint32Array, to: StoredBlock): void {
  for (let row = 0; row < places.length; row += 1) {
    const place = places[row] ?? 0;
    to.scores[place] = scores[row] ?? 0;
    to.payloads[place] = payloads[row] ?? 0;
  }
  if (weights === undefined || to.weights === undefined) return;
  for (let row = 0; row < places.length; row += 1) to.weights[places[row] ?? 0] = weights[row] ?? 0;
}

function tally(
  tallies: readonly Uint32Array[],
  to: { readonly groups: readonly number[]; readonly part: number; readonly form: RowForm },
  payloads: StoredBlock["payloads"],
): void {
  const { groups, part, form } = to;
  for (const [slot, count] of groups.entries()) {
    const own = tallies[slot]?.subarray(2 * count * part, 2 * count * (part + 1));
    if (own === undefined) continue;
    const tags = slotTags(form, slot, payloads);
    for (const [place, rows] of countRows(tags, payloads.length, count).entries()) {
      own[place] = (own[place] ?? 0) + rows;
    }
  }
}
