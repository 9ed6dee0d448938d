import { setImmediate } from "node:timers/promises";
import { PoolMaker } from "../calibration/isotonic.ts";
import { type Columns, partOf } from "./columns.ts";
import { newBudget } from "./curves.ts";
import { type DetailFigures, type DetailTools, DetailWalk } from "./detail-figures.ts";
import { type GroupFigures, type GroupSettings, type GroupTotals, GroupWalk } from "./group-figures.ts";
import { LogLosses } from "./losses.ts";
import { RowSorter } from "./radix-sort.ts";
import { type Partition, tagsOf } from "./rows-by-score.ts";
import { BlockMaker, countRows, type PlacedBlocks } from "./score-blocks.ts";
import { noTotals, spanOf, type Totals } from "./totals.ts";

/** By slot and group. Slot 0 has one group, of all rows; slot `n` has those of the grouping `n - 1`. */
export type BySlot<T> = readonly (readonly T[])[];

export interface PartRequest {
  readonly partition: Partition;
  /** Groups of each slot. */
  readonly groups: readonly number[];
  /** The next part that nobody works at; threads share it. */
  readonly next: Int32Array;
  /** By slot: negative and positive rows of each group in turn, bucket by bucket. Threads share them; `countParts` fills them. */
  readonly tallies: readonly Uint32Array[];
}

/** The parts that nobody else takes, one by one; others have their turn between them. */
async function* partsLeft({ next, partition }: PartRequest): AsyncIterable<number> {
  const parts = partition.parts.length - 1;
  for (let part = Atomics.add(next, 0, 1); part < parts; part = Atomics.add(next, 0, 1)) {
    yield part;
    await setImmediate();
  }
}

/** Counts rows by label, part by part; answers when no part is left. */
export async function countParts(request: PartRequest): Promise<undefined> {
  const { partition, groups, tallies } = request;
  const { rows, buckets, parts, tagging } = partition;
  for await (const part of partsLeft(request)) {
    for (let bucket = parts[part] ?? 0; bucket < (parts[part + 1] ?? 0); bucket += 1) {
      const [start, end] = [buckets[bucket] ?? 0, buckets[bucket + 1] ?? 0];
      const own = partOf(rows, start, end);
      const scratch = new Uint32Array(tagging.fields === undefined ? end - start : 0);
      for (const [slot, count] of groups.entries()) {
        const tags = tagsOf(tagging, own, { grouping: groupingOf(slot), scratch });
        tallies[slot]?.set(countRows(tags, end - start, count), 2 * count * bucket);
      }
    }
  }
}

/** Undefined: all rows. */
function groupingOf(slot: number): number | undefined {
  return slot === 0 ? undefined : slot - 1;
}

export interface WalkRequest extends PartRequest {
  readonly totals: BySlot<GroupTotals>;
  /** By part: the rows, or sums of weights, above it. */
  readonly above: readonly BySlot<Totals>[];
  readonly settings: GroupSettings;
  /** Of the histogram of all rows; undefined: no details are wanted. */
  readonly edges: readonly number[] | undefined;
}

export interface PartFigures {
  readonly part: number;
  readonly groups: BySlot<GroupFigures>;
  readonly details: DetailFigures | undefined;
}

/** What is known before the parts are gone down. */
export type WalkFacts = Pick<WalkRequest, "totals" | "above" | "settings" | "edges">;

/** Memory of one thread that all its parts use, for buckets of so many distinct scores. */
export class WalkTools {
  readonly details: DetailTools | undefined;
  readonly logLosses: LogLosses;

  constructor({ above, edges }: WalkFacts, mostBlocks: number) {
    this.logLosses = new LogLosses(mostBlocks);
    this.details =
      edges === undefined
        ? undefined
        : {
            edges,
            budget: newBudget(),
            maker: new PoolMaker(mostBlocks),
            someAbove: above.flatMap((slots) => slots[0] ?? []),
          };
  }
}

/** Goes down one part. */
export class PartWalk {
  readonly #part: number;
  readonly #walks: BySlot<GroupWalk>;
  readonly #details: DetailWalk | undefined;
  readonly #isProbability: boolean;
  readonly #logLosses: LogLosses;

  constructor({ totals, above, settings }: WalkFacts, part: number, { details, logLosses }: WalkTools) {
    const known = totals[0]?.[0];
    this.#part = part;
    this.#walks = totals.map((groups, slot) =>
      groups.map((one, group) => new GroupWalk(one, above[part]?.[slot]?.[group] ?? noTotals, settings)),
    );
    this.#details =
      details === undefined || known === undefined ? undefined : new DetailWalk(known, settings, details);
    this.#isProbability = settings.kind === "probability";
    this.#logLosses = logLosses;
  }

  /** The next blocks of a group; those of all rows, slot 0, before those of their groups. */
  add(slot: number, group: number, blocks: PlacedBlocks): void {
    if (slot === 0 && this.#isProbability) this.#logLosses.fill(blocks);
    const span = this.#walks[slot]?.[group]?.add(blocks, this.#logLosses);
    if (slot === 0 && span !== undefined) this.#details?.add(blocks, span);
  }

  /** To be asked for once. */
  get figures(): PartFigures {
    const groups = this.#walks.map((slot) => slot.map((walk) => walk.figures));
    return { part: this.#part, groups, details: this.#details?.figures };
  }
}

/** Measures part by part. */
export async function walkParts(request: WalkRequest): Promise<readonly PartFigures[]> {
  const { partition } = request;
  const blocksOf = new BucketBlocks(request);
  const tools = new WalkTools(request, blocksOf.mostRows);
  const found: PartFigures[] = [];
  for await (const part of partsLeft(request)) {
    const walk = new PartWalk(request, part, tools);
    const end = partition.parts[part + 1] ?? 0;
    for (let bucket = partition.parts[part] ?? 0; bucket < end; bucket += 1) {
      blocksOf.each(bucket, (slot, group, blocks) => walk.add(slot, group, blocks));
    }
    found.push(walk.figures);
  }
  return found;
}

/** Sums of weights of all groups, added up block by block as every metric does. */
export function weighGroups(request: PartRequest): BySlot<GroupTotals> {
  const { partition, groups } = request;
  const sums = groups.map((count) =>
    Array.from({ length: count }, () => ({ totals: noTotals, positiveRows: 0, negativeRows: 0 })),
  );
  const blocksOf = new BucketBlocks(request);
  for (let bucket = 0; bucket + 1 < partition.buckets.length; bucket += 1) {
    blocksOf.each(bucket, (slot, group, blocks) => {
      const sum = sums[slot]?.[group];
      if (sum === undefined) return;
      sum.totals = spanOf(blocks, sum.totals).end;
      sum.positiveRows += blocks.positiveRows;
      sum.negativeRows += blocks.negativeRows;
    });
  }
  return sums.map((slot) => slot.map((sum) => ({ ...sum, isWeighted: true })));
}

/** Sorts buckets and makes blocks of them, in memory that is used again for the next one. */
export class BucketBlocks {
  /** Of a bucket. */
  readonly mostRows: number;
  readonly #partition: Partition;
  readonly #groups: readonly number[];
  readonly #tallies: readonly Uint32Array[];
  readonly #sorter: RowSorter;
  readonly #maker: BlockMaker;
  readonly #scratch: Uint32Array;
  readonly #weights: Float64Array | undefined;

  constructor({ partition, groups, tallies }: Omit<PartRequest, "next">) {
    const { rows, buckets, tagging } = partition;
    let most = 0;
    for (let bucket = 0; bucket + 1 < buckets.length; bucket += 1) {
      most = Math.max(most, (buckets[bucket + 1] ?? 0) - (buckets[bucket] ?? 0));
    }
    this.mostRows = most;
    this.#partition = partition;
    this.#groups = groups;
    this.#tallies = tallies;
    this.#sorter = new RowSorter(rows, most);
    this.#maker = new BlockMaker(rows, most, tagging.weights !== undefined);
    this.#scratch = new Uint32Array(tagging.fields === undefined ? most : 0);
    this.#weights = tagging.weights === undefined ? undefined : new Float64Array(most);
  }

  /** What `take` gets is good until it returns. */
  each(bucket: number, take: (slot: number, group: number, blocks: PlacedBlocks) => void): void {
    const { rows, buckets, tagging, isSigned } = this.#partition;
    const own = partOf(rows, buckets[bucket] ?? 0, buckets[bucket + 1] ?? 0);
    const sorted = this.#sorter.sort(own, isSigned);
    // The sort has used the rows up, and a bucket is walked more than once.
    if (sorted !== own) {
      own.scores.set(sorted.scores);
      own.payloads.set(sorted.payloads);
    }
    const weights = this.#weightsOf(sorted);
    for (const [slot, count] of this.#groups.entries()) {
      const tags = tagsOf(tagging, sorted, { grouping: groupingOf(slot), scratch: this.#scratch });
      const own = { scores: sorted.scores, tags, weights };
      const counts =
        this.#tallies[slot]?.subarray(2 * count * bucket, 2 * count * (bucket + 1)) ?? new Uint32Array();
      const blocks = slot === 0 ? [this.#maker.all(own, counts)] : this.#maker.groups(own, counts);
      for (const [group, one] of blocks.entries()) if (one !== undefined) take(slot, group, one);
    }
  }

  #weightsOf({ payloads }: Columns): Float64Array | undefined {
    const { weights } = this.#partition.tagging;
    const sorted = this.#weights;
    if (weights === undefined || sorted === undefined) return undefined;
    for (let place = 0; place < payloads.length; place += 1)
      sorted[place] = weights[payloads[place] ?? 0] ?? 0;
    return sorted;
  }
}
