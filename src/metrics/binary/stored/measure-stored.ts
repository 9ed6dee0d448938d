import { type BinaryMetrics, describeParts } from "../binary.ts";
import type { BinaryOptions } from "../binary-input.ts";
import { Crew } from "../crew.ts";
import type { GroupSettings } from "../group-figures.ts";
import type { JobThread } from "../job-thread.ts";
import { scoreKindOf } from "../measure-parts.ts";
import type { Partition } from "../rows-by-score.ts";
import { scatterBlock } from "../score-cells.ts";
import { histogramEdges } from "../score-histogram.ts";
import type { PartFigures, WalkFacts } from "../walk.ts";
import { distribute, planRows } from "./distribute.ts";
import { measureLargePart } from "./large-part.ts";
import {
  blocksOf,
  emptyRows,
  type RowForm,
  type RowPlan,
  type StoredRows,
  taggingOf,
  type WritableColumn,
} from "./stored-rows.ts";

export interface StoredInput {
  /** In the order of the table. */
  readonly stored: StoredRows;
  /** Room for as many rows of the same form, which are written and read again. */
  readonly room: StoredRows<WritableColumn>;
  readonly form: RowForm;
  /** See `BinaryInput`. */
  readonly threshold: number | null;
  readonly options: BinaryOptions;
}

/** How the work is done. */
export interface StoredWays {
  /** So many rows are in memory at once. */
  readonly mostRows: number;
  readonly helper: JobThread | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told how many of the rows are done. */
  readonly onRows?: (done: number) => void;
}

/** Of rows that are measured at once a bucket has at most this share: it takes memory several times. */
const bucketShare = 16;

/**
 * `binaryMetrics`, without weights, of rows that do not fit into memory: they are written part by part, highest scores first, and read
 * and measured some parts at a time. Parts, and the buckets that they are measured in, are those of rows in memory, and so the figures are
 * theirs to the last bit, unless a bucket is too large for memory and has more than some thousand distinct scores: see
 * `measureLargePart`. There must be rows. Throws the reason of `signal` soon after it is aborted.
 */
export async function storedMetrics(input: StoredInput, ways: StoredWays): Promise<BinaryMetrics> {
  const { stored, room, form, threshold, options } = input;
  const { signal } = ways;
  const plan = await planRows(stored, form, signal);
  const { totals, above } = await distribute(stored, plan, { to: room, signal });
  const kind = scoreKindOf(form.lowest, form.highest);
  const settings: GroupSettings = { threshold, kind, options };
  const edges = histogramEdges(form.lowest, form.highest, kind === "probability");
  const facts = { totals, above, settings, edges };
  const crew = new Crew(ways.helper === undefined ? [] : [ways.helper], signal);
  const parts: PartFigures[] = [];
  for (const batch of batchesOf(plan, ways.mostRows)) {
    const large = { stored: room, plan, facts, part: batch.first, signal };
    const limits = { mostRows: ways.mostRows, mostBucket: bucketLimit(ways.mostRows) };
    const found = batch.isLarge
      ? [await measureLargePart({ ...large, ...limits })]
      : await measureBatch({ input, plan, facts, batch, crew, signal });
    parts.push(...found);
    ways.onRows?.(plan.buckets[plan.parts[batch.end] ?? 0] ?? 0);
  }
  return describeParts({ parts, totals, settings });
}

/** Neighbouring parts that are in memory at once; a large one is by itself, and does not fit. */
interface Batch {
  readonly first: number;
  readonly end: number;
  readonly isLarge: boolean;
}

function batchesOf({ parts, buckets }: RowPlan, mostRows: number): Batch[] {
  const batches: Batch[] = [];
  const startOf = (part: number) => buckets[parts[part] ?? 0] ?? 0;
  const isLarge = (part: number) => {
    const own = buckets.subarray(parts[part] ?? 0, (parts[part + 1] ?? 0) + 1);
    const hasLarge = own.some((start, bucket) => start - (own[bucket - 1] ?? start) > bucketLimit(mostRows));
    return hasLarge || startOf(part + 1) - startOf(part) > mostRows;
  };
  for (let first = 0; first + 1 < parts.length; ) {
    let end = first + 1;
    const large = isLarge(first);
    while (!large && end + 1 < parts.length && !isLarge(end) && startOf(end + 1) - startOf(first) <= mostRows)
      end += 1;
    batches.push({ first, end, isLarge: large });
    first = end;
  }
  return batches;
}

/** A bucket of few rows is never too large. */
function bucketLimit(mostRows: number): number {
  return Math.max(Math.ceil(mostRows / bucketShare), Math.min(mostRows, 2 ** 17));
}

async function measureBatch(work: {
  readonly input: StoredInput;
  readonly plan: RowPlan;
  readonly facts: WalkFacts;
  readonly batch: Batch;
  readonly crew: Crew;
  readonly signal: AbortSignal | undefined;
}): Promise<PartFigures[]> {
  const { plan, facts, batch, crew } = work;
  const { form } = plan;
  const partition = await readBatch(work);
  const groups = [1, ...form.groups];
  const buckets = partition.buckets.length - 1;
  const tallies = groups.map((count) => new Uint32Array(crew.memory(4 * 2 * count * buckets)));
  const request = { partition, groups, next: crew.counter(), tallies };
  await crew.runAll("count", request);
  const above = facts.above.slice(batch.first, batch.end);
  const measured = await crew.runAll("walk", { ...request, ...facts, above, next: crew.counter() });
  return measured
    .flat()
    .sort((one, other) => one.part - other.part)
    .map((one) => ({ ...one, part: one.part + batch.first }));
}

async function readBatch(work: {
  readonly input: StoredInput;
  readonly plan: RowPlan;
  readonly batch: Batch;
  readonly crew: Crew;
  readonly signal: AbortSignal | undefined;
}): Promise<Partition> {
  const { input, plan, batch, crew, signal } = work;
  const { form, cells, bucketOf, isSigned } = plan;
  const [first, last] = [plan.parts[batch.first] ?? 0, plan.parts[batch.end] ?? 0];
  const start = plan.buckets[first] ?? 0;
  const end = plan.buckets[last] ?? 0;
  const rows = emptyRows(form, end - start, crew.isShared);
  const places = plan.buckets.map((bucket) => bucket - start);
  for await (const block of blocksOf(input.room, form, { start, end, signal })) {
    scatterBlock({ cells, bucketOf, places }, block, rows);
  }
  const buckets = plan.buckets.subarray(first, last + 1).map((bucket) => bucket - start);
  const parts = plan.parts.subarray(batch.first, batch.end + 1).map((bucket) => bucket - first);
  return { rows, buckets, parts, tagging: taggingOf(form), isSigned };
}
