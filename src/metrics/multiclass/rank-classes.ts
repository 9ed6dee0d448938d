import { setImmediate } from "node:timers/promises";
import type { Crew } from "../binary/crew.ts";
import { partitionRows, partsOf } from "../binary/partition.ts";
import { payloadBytes, type Tagging, type Travel } from "../binary/rows-by-score.ts";
import type { SortRequest } from "../binary/sort-parts.ts";
import type { Totals } from "../binary/totals.ts";
import type { Grouping } from "../metric-set.ts";
import { type Columns, emptyScores, inSharedMemory, partOf } from "../score-columns.ts";
import type { ClassRanking } from "./class-figures.ts";
import { type ClassSlots, classSlots, packClasses } from "./class-slots.ts";
import { ClassWalk } from "./class-walk.ts";
import type { MulticlassInput } from "./multiclass-input.ts";
import type { NumberedRows } from "./numbered-rows.ts";
import { WeightedClass } from "./weighted-class.ts";

/** More curves nobody can tell apart in a drawing, and each makes the result file larger. */
const mostCurves = 10;

type Probabilities = NonNullable<MulticlassInput["probabilities"]>;

/**
 * Ranks the rows by the probability of each class; one sort a class serves its curve, all rows and all groups. `truths`: rows of each
 * class (sums of weights); undefined: no curves are drawn. Throws the reason of an aborted signal of the crew.
 */
export async function rankClasses(
  input: MulticlassInput & { readonly probabilities: Probabilities },
  groupings: readonly Grouping[],
  { crew, truths }: { readonly crew: Crew; readonly truths: Float64Array | undefined },
): Promise<readonly ClassRanking[]> {
  const { classes, labels, weights, probabilities } = input;
  const slots = classSlots(
    classes.length,
    groupings.map((grouping) => grouping.count),
  );
  const packed = slots.bits <= 32 ? packClasses(labels, groupings, slots) : undefined;
  const isCounted = weights === undefined && packed !== undefined;
  const travels = isCounted ? packedTravel(packed, slots) : numbered(input, crew.isShared);
  const known: NumberedRows = { weights, tags: packed === undefined ? { labels, groupings } : { packed } };
  const found: ClassRanking[] = [];
  for (const [index, scores] of probabilities.entries()) {
    const ranked = { index, totals: truths && drawnTotals(truths, index) };
    const partition = await partitionRows(travels(crew.isShared ? inSharedMemory(scores) : scores), crew);
    const walk = isCounted ? new ClassWalk(slots, ranked) : new WeightedClass(slots, ranked);
    await goDown(partition, (rows) => walk.add(rows, known), crew);
    found.push(walk.ranking);
  }
  return found;
}

/** Of the curves of one class, by the rows of each class (sums of weights); undefined: it has none. */
export function drawnTotals(truths: Float64Array, index: number): Totals | undefined {
  if (index >= mostCurves) return undefined;
  const negatives = truths.reduce((sum, one, other) => (other === index ? sum : sum + one), 0);
  return { positives: truths[index] ?? 0, negatives };
}

/** Sorts the rows of buckets, and goes down them: highest probabilities first, some at a time. */
export async function goDown(
  partition: Omit<SortRequest["partition"], "parts">,
  take: (rows: Columns) => void,
  crew: Crew,
): Promise<void> {
  const { rows, buckets } = partition;
  const parts = partsOf(buckets);
  await crew.runAll("sort", { partition: { ...partition, parts }, next: crew.counter() });
  for (let part = 0; part + 1 < parts.length; part += 1) {
    take(partOf(rows, buckets[parts[part] ?? 0] ?? 0, buckets[parts[part + 1] ?? 0] ?? 0));
    await setImmediate();
  }
}

type TravelOf = (scores: Probabilities[number]) => Travel;

function packedTravel(packed: Tagging["labels"], { bits }: ClassSlots): TravelOf {
  const tagging = { fields: [], labels: packed, codes: [], weights: undefined };
  return (scores) => ({ tagging, scores, bytesEach: payloadBytes(bits), rows: undefined });
}

/** Without rows of weight 0, which count nowhere. */
function numbered({ labels, weights }: MulticlassInput, isShared: boolean): TravelOf {
  const all = Uint32Array.from(labels, (_, row) => row);
  const kept = weights === undefined ? all : all.filter((row) => weights[row] !== 0);
  const rows = isShared ? inSharedMemory(kept) : kept;
  const tagging = { fields: undefined, labels: new Uint8Array(), codes: [], weights };
  return (scores) => {
    const own = emptyScores(scores, rows.length, isShared);
    for (let place = 0; place < own.length; place += 1) own[place] = scores[rows[place] ?? 0] ?? 0;
    return { tagging, scores: own, bytesEach: 4, rows };
  };
}
