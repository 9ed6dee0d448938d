import { setImmediate } from "node:timers/promises";
import { Crew } from "../../binary/crew.ts";
import type { JobThread } from "../../binary/job-thread.ts";
import type { RowForm, StoredColumn, StoredRows, WritableColumn } from "../../binary/stored/stored-rows.ts";
import type { Columns } from "../../score-columns.ts";
import type { ClassRanking, RankedClass } from "../class-figures.ts";
import type { ClassSlots } from "../class-slots.ts";
import { ClassWalk } from "../class-walk.ts";
import { describeClasses, type MulticlassMetrics } from "../describe-classes.ts";
import { topOf } from "../probability-tally.ts";
import { drawnTotals, goDown } from "../rank-classes.ts";
import { type ClassRows, RowWalk } from "../row-walk.ts";
import { WeightedClass } from "../weighted-class.ts";
import { batchRowBytes, RangedMemory } from "./batch-memory.ts";
import type { RangedRows } from "./distribute-ranges.ts";
import { rangedRows } from "./ranged-rows.ts";

/** The probabilities of one class, in a file. */
interface StoredProbabilities {
  readonly scores: StoredColumn;
  readonly like: Columns["scores"];
  /** None of them is NaN or infinite. */
  readonly range: RowForm["range"];
}

export interface StoredClasses {
  readonly rows: number;
  readonly classes: readonly string[];
  /** Groups of each grouping. */
  readonly groups: readonly number[];
  /** All rows, some at a time. */
  stretches(): AsyncIterable<ClassRows>;
  /** One a class; undefined: classes only. All lie in [0, 1]. */
  readonly probabilities: readonly StoredProbabilities[] | undefined;
  /** Class and groups as bits. */
  readonly payloads: StoredColumn;
  readonly payloadBytes: number;
  /** At least 0, not all 0; undefined: every row counts once. */
  readonly weights: StoredColumn | undefined;
  readonly slots: ClassSlots;
  /** Room for the rows of one class in another order. */
  readonly room: StoredRows<WritableColumn>;
}

/** How the work is done. */
export interface StoredClassesWays {
  /** So many bytes of rows are in memory at once. */
  readonly rowBytes: number;
  readonly helper: JobThread | undefined;
  readonly signal: AbortSignal;
  /** Told which share of the work is done, 0..1. */
  readonly onDone?: ((share: number) => void) | undefined;
}

/**
 * `multiclassMetrics` of rows that do not fit into memory, to the last bit: one way along all rows, then one class
 * after the other, whose rows are put in order range by range. There must be rows. Throws the reason of `signal` soon after it is
 * aborted.
 */
export async function storedMulticlass(
  stored: StoredClasses,
  ways: StoredClassesWays,
): Promise<MulticlassMetrics> {
  const { classes, probabilities } = stored;
  const passes = 1 + 2 * (probabilities?.length ?? 0);
  const ks = probabilities && topOf(classes.length, undefined);
  const walk = new RowWalk(classes.length, stored.groups, ks);
  let done = 0;
  for await (const rows of stored.stretches()) {
    ways.signal.throwIfAborted();
    walk.add(rows);
    done += rows.labels.length;
    ways.onDone?.(done / stored.rows / passes);
    await setImmediate();
  }
  const rows = walk.groups;
  const truths = rows[0]?.[0]?.table.truths ?? new Float64Array();
  const rankings: ClassRanking[] = [];
  const work = rangedWork(ways);
  for (const [index, own] of (probabilities ?? []).entries()) {
    const onDone = (share: number) => ways.onDone?.((1 + 2 * (index + share)) / passes);
    const ranked = { index, totals: drawnTotals(truths, index) };
    rankings.push(await rankStored(stored, { ranked, own }, { ...work, onDone }));
  }
  return describeClasses({
    ...{ classes, rows, isProbability: true, isWeighted: stored.weights !== undefined },
    rankings: probabilities && rankings,
  });
}

async function rankStored(
  { rows, payloads, payloadBytes, weights, slots, room }: StoredClasses,
  of: { readonly ranked: RankedClass; readonly own: StoredProbabilities },
  work: RangedWork,
): Promise<ClassRanking> {
  const { scores, like, range } = of.own;
  const bits = { fields: [], groups: [], lowest: 0, highest: 1 };
  const form = { ...bits, rows, like, payloadBytes, range };
  const ranged = { stored: { scores, payloads, weights }, room, form };
  return await rankRanged(ranged, { slots, ranked: of.ranked }, work);
}

/** How several columns are gone down, one after the other. */
interface RangedWork extends Pick<StoredClassesWays, "rowBytes" | "onDone"> {
  readonly crew: Crew;
  readonly memory: RangedMemory;
}

export function rangedWork({ rowBytes, helper, signal, onDone }: StoredClassesWays): RangedWork {
  const crew = new Crew(helper === undefined ? [] : [helper], signal);
  return { rowBytes, onDone, crew, memory: new RangedMemory(crew) };
}

/** Goes down all rows, highest scores first. */
export async function rankRanged(
  rows: RangedRows,
  { slots, ranked }: { readonly slots: ClassSlots; readonly ranked: RankedClass },
  { rowBytes, crew, memory, onDone }: RangedWork,
): Promise<ClassRanking> {
  const { form, room } = rows;
  const isWeighted = room.weights !== undefined;
  const mostRows = Math.floor(rowBytes / batchRowBytes(form, isWeighted));
  const walk = isWeighted ? new WeightedClass(slots, ranked) : new ClassWalk(slots, ranked);
  let done = 0;
  for await (const batch of rangedRows(rows, { mostRows, memory, signal: crew.signal })) {
    await goDown(batch, (columns) => walk.add(columns, batch.known), crew);
    done += batch.rows.scores.length;
    onDone?.(done / form.rows);
  }
  return walk.ranking;
}
