import { type BinaryMetrics, describeParts } from "../binary.ts";
import type { BinaryOptions } from "../binary-input.ts";
import { Crew } from "../crew.ts";
import type { GroupSettings } from "../group-figures.ts";
import type { JobThread } from "../job-thread.ts";
import { scoreKindOf } from "../measure-parts.ts";
import type { Partition } from "../rows-by-score.ts";
import { histogramEdges } from "../score-histogram.ts";
import type { Totals } from "../totals.ts";
import { type BySlot, type PartFigures, PartWalk, type WalkFacts, WalkTools } from "../walk.ts";
import { WeightSums, weighParts } from "../weigh-parts.ts";
import { distribute } from "./distribute.ts";
import { eachOfLargePart, inBlockRoom } from "./large-part.ts";
import { planRows, type RowPlan } from "./plan-rows.ts";
import { BucketMemory, readBuckets } from "./read-buckets.ts";
import type { RowForm, StoredRows, WritableColumn } from "./stored-rows.ts";

export interface StoredInput {
  /** In the order of the table. */
  readonly stored: StoredRows;
  /** Room for as many rows of the same form, which are written and read again. */
  readonly room: StoredRows<WritableColumn>;
  readonly form: RowForm;
  /** See `BinaryInput`. */
  readonly threshold: number | null;
  readonly options: BinaryOptions;
  /** False: the scores are predicted classes. Default true. */
  readonly isScored?: boolean;
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

/**
 * `binaryMetrics` of rows that do not fit into memory: they are written part by part, highest scores first, and read and measured some
 * parts at a time. Parts, and the buckets that they are measured in, are those of rows in memory, and so the figures are theirs to the
 * last bit. There must be rows, and one of a weight above 0. Throws the reason of `signal` soon after it is aborted.
 */
export async function storedMetrics(input: StoredInput, ways: StoredWays): Promise<BinaryMetrics> {
  const { stored, room, form, threshold, options, isScored = true } = input;
  const { signal } = ways;
  const plan = await planRows(stored, form, signal);
  const counted = await distribute(stored, plan, { to: room, signal });
  const crew = new Crew(ways.helper === undefined ? [] : [ways.helper], signal);
  const { mostRows } = ways;
  const batches = batchesOf(plan, mostRows);
  const work: Work = { room, plan, crew, mostRows, batches, memory: new BucketMemory(crew) };
  const passes = room.weights === undefined ? 1 : 2;
  const onBatch = (pass: number) => (rows: number) =>
    ways.onRows?.((form.rows * pass) / passes + rows / passes);
  const { totals, above } = room.weights === undefined ? counted : await weigh(work, onBatch(0));
  const scoreKind = scoreKindOf(form.lowest, form.highest);
  const settings: GroupSettings = { threshold, kind: isScored ? scoreKind : "class", options };
  const edges = isScored ? histogramEdges(form.lowest, form.highest, scoreKind === "probability") : undefined;
  const parts = await measure(work, { totals, above, settings, edges }, onBatch(passes - 1));
  return await describeParts({ parts, totals, settings }, crew);
}

interface Work {
  readonly room: StoredRows;
  readonly plan: RowPlan;
  readonly crew: Crew;
  readonly mostRows: number;
  readonly memory: BucketMemory;
  readonly batches: readonly Batch[];
}

/** Neighbouring parts that are in memory at once; a large one is by itself, and does not fit. */
interface Batch {
  readonly first: number;
  readonly end: number;
  readonly isLarge: boolean;
}

function batchesOf(plan: RowPlan, mostRows: number): Batch[] {
  const batches: Batch[] = [];
  const last = plan.parts.length - 1;
  const rowsTo = (first: number, end: number) => rowsBefore(plan, end) - rowsBefore(plan, first);
  for (let first = 0; first < last; ) {
    let end = first + 1;
    const isLarge = rowsTo(first, end) > mostRows;
    while (!isLarge && end < last && rowsTo(first, end + 1) <= mostRows) end += 1;
    batches.push({ first, end, isLarge });
    first = end;
  }
  return batches;
}

/** Of the parts before one. */
function rowsBefore({ parts, buckets }: RowPlan, part: number): number {
  return buckets[parts[part] ?? 0] ?? 0;
}

/** Adds the weights up, as `weighParts` does, from the first part to the last. */
async function weigh(work: Work, onRows: (done: number) => void) {
  const { plan, batches, crew } = work;
  const sums = new WeightSums([1, ...plan.form.groups]);
  const above: BySlot<Totals>[] = [];
  for (const batch of batches) {
    if (batch.isLarge) {
      above.push(sums.above);
      const own = { ...work, part: batch.first, signal: crew.signal };
      await inBlockRoom(own, (blockRoom) =>
        eachOfLargePart({ ...own, blockRoom }, (slot, group, blocks) => sums.add(slot, group, blocks)),
      );
    } else above.push(...(await weighParts(await countedBatch(work, batch), sums, crew.signal)));
    onRows(rowsBefore(plan, batch.end));
  }
  return { totals: sums.totals, above };
}

async function measure(work: Work, facts: WalkFacts, onRows: (done: number) => void): Promise<PartFigures[]> {
  const { plan, batches } = work;
  const parts: PartFigures[] = [];
  for (const batch of batches) {
    if (batch.isLarge) parts.push(await measureLarge(work, facts, batch.first));
    else parts.push(...(await measureBatch(work, facts, batch)));
    onRows(rowsBefore(plan, batch.end));
  }
  return parts;
}

async function measureLarge(work: Work, facts: WalkFacts, part: number): Promise<PartFigures> {
  const own = { ...work, part, signal: work.crew.signal };
  return await inBlockRoom(own, async (blockRoom) => {
    const walk = new PartWalk(facts, part, new WalkTools(facts, blockRoom, work.plan.form.like));
    await eachOfLargePart({ ...own, blockRoom }, (slot, group, blocks) => walk.add(slot, group, blocks));
    return walk.figures;
  });
}

async function measureBatch(work: Work, facts: WalkFacts, batch: Batch): Promise<PartFigures[]> {
  const { crew } = work;
  const above = facts.above.slice(batch.first, batch.end);
  const request = { ...(await countedBatch(work, batch)), ...facts, above, next: crew.counter() };
  const measured = await crew.runAll("walk", request);
  return measured
    .flat()
    .sort((one, other) => one.part - other.part)
    .map((one) => ({ ...one, part: one.part + batch.first }));
}

/** Reads the rows of some parts, and counts them by label; those with weights are put in order. */
async function countedBatch(work: Work, { first, end }: Batch) {
  const { room, plan, crew, memory } = work;
  const [firstBucket, endBucket] = [plan.parts[first] ?? 0, plan.parts[end] ?? 0];
  const found: Partition = await readBuckets({
    ...{ room, plan, memory, signal: crew.signal, firstBucket, endBucket },
    ...{ start: rowsBefore(plan, first), end: rowsBefore(plan, end) },
    parts: plan.parts.subarray(first, end + 1).map((bucket) => bucket - firstBucket),
  });
  const groups = [1, ...plan.form.groups];
  const count = endBucket - firstBucket;
  const tallies = groups.map((own, slot) => memory.tallies(slot, 2 * own * count));
  await crew.runAll("count", { partition: found, groups, tallies, next: crew.counter() });
  return { partition: { ...found, isSorted: room.weights !== undefined }, groups, tallies };
}
