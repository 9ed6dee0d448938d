import type { Grouping } from "../metric-set.ts";
import type { BinaryInput } from "./binary-input.ts";
import type { PartRequest } from "./bucket-blocks.ts";
import type { Crew } from "./crew.ts";
import type { GroupSettings, GroupTotals } from "./group-figures.ts";
import { partitionRows } from "./partition.ts";
import { type Partition, travelOf } from "./rows-by-score.ts";
import { histogramEdges } from "./score-histogram.ts";
import type { Totals } from "./totals.ts";
import type { BySlot, PartFigures } from "./walk.ts";
import { WeightSums, weighParts } from "./weigh-parts.ts";

/** What was measured of each part of the rows, highest scores first. */
export interface MeasuredParts {
  readonly parts: readonly PartFigures[];
  readonly totals: BySlot<GroupTotals>;
  readonly settings: GroupSettings;
}

/** Sorts and measures. The input must have been checked. */
export async function measureParts(work: {
  readonly input: BinaryInput;
  readonly groupings: readonly Grouping[];
  readonly crew: Crew;
  /** False: the scores are predicted classes. */
  readonly isScored: boolean;
}): Promise<MeasuredParts> {
  const { input, groupings, crew, isScored } = work;
  const { threshold, options = {}, weights } = input;
  const found = await partitionRows(travelOf(input, groupings), crew);
  const groups = [1, ...groupings.map((grouping) => grouping.count)];
  const buckets = found.buckets.length - 1;
  const tallies = groups.map((count) => new Uint32Array(crew.memory(4 * 2 * count * buckets)));
  await crew.runAll("count", { partition: found, groups, next: crew.counter(), tallies });
  const partition = { ...found, isSorted: weights !== undefined };
  const request = { partition, groups, tallies };
  const { totals, above } = weights === undefined ? totalsOf(request) : await weighed(request, crew.signal);
  const { highest, lowest } = scoreRange(partition);
  const scoreKind = scoreKindOf(lowest, highest);
  const settings: GroupSettings = { threshold, kind: isScored ? scoreKind : "class", options };
  const edges = isScored ? histogramEdges(lowest, highest, scoreKind === "probability") : undefined;
  const walk = { ...request, next: crew.counter(), totals, above, settings, edges };
  const measured = await crew.runAll("walk", walk);
  const parts = measured.flat().sort((one, other) => one.part - other.part);
  return { parts, totals, settings };
}

async function weighed(
  request: Omit<PartRequest, "next">,
  signal: AbortSignal | undefined,
): Promise<{ readonly totals: BySlot<GroupTotals>; readonly above: readonly BySlot<Totals>[] }> {
  const sums = new WeightSums(request.groups);
  const above = await weighParts(request, sums, signal);
  return { totals: sums.totals, above };
}

/** What scores between these are. */
export function scoreKindOf(lowest: number, highest: number): "probability" | "score" {
  return highest <= 1 && lowest >= 0 ? "probability" : "score";
}

/** 0 and 0 without rows. */
function scoreRange({ rows, buckets }: Partition): { readonly highest: number; readonly lowest: number } {
  const last = buckets.length - 1;
  if (rows.scores.length === 0) return { highest: 0, lowest: 0 };
  let [highest, lowest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const score of rows.scores.subarray(0, buckets[1])) highest = Math.max(highest, score);
  for (const score of rows.scores.subarray(buckets[last - 1])) lowest = Math.min(lowest, score);
  return { highest, lowest };
}

/** Rows of all groups, and of those above each part. */
export function totalsOf({
  partition,
  groups,
  tallies,
}: Pick<PartRequest, "groups" | "tallies"> & { readonly partition: Pick<Partition, "parts"> }): {
  readonly totals: BySlot<GroupTotals>;
  readonly above: readonly BySlot<Totals>[];
} {
  const sums = groups.map((count) => Array.from({ length: count }, () => ({ positives: 0, negatives: 0 })));
  const above: BySlot<Totals>[] = [];
  for (let part = 0; part + 1 < partition.parts.length; part += 1) {
    above.push(sums.map((slot) => slot.map((sum) => ({ ...sum }))));
    for (let bucket = partition.parts[part] ?? 0; bucket < (partition.parts[part + 1] ?? 0); bucket += 1) {
      for (const [slot, own] of sums.entries()) {
        for (const [group, sum] of own.entries()) {
          const place = 2 * (own.length * bucket + group);
          sum.negatives += tallies[slot]?.[place] ?? 0;
          sum.positives += tallies[slot]?.[place + 1] ?? 0;
        }
      }
    }
  }
  const totals = sums.map((slot) =>
    slot.map((sum) => ({
      totals: sum,
      positiveRows: sum.positives,
      negativeRows: sum.negatives,
      isWeighted: false,
    })),
  );
  return { totals, above };
}
