import type { Grouping } from "../metric-set.ts";
import type { BinaryInput } from "./binary-input.ts";
import {
  type Columns,
  emptyPayloads,
  emptyScores,
  type Payloads,
  partOf,
  type Scores,
  sameSize,
} from "./columns.ts";
import type { JobThread } from "./job-thread.ts";
import { sortDescending } from "./radix-sort.ts";

/** All rows that count, highest score first. */
export interface SortedRows {
  readonly scores: Scores;
  /** In the order of the scores; undefined without weights. */
  readonly weights: Float64Array | undefined;
  /** What each row is, for one grouping; without one all rows are in group 0. */
  readonly tags: (grouping: number | undefined) => Tags;
}

/** Bit 0 of a value is the label; `(value >>> shift) & mask` is the group. */
export interface Tags {
  readonly values: Payloads;
  readonly shift: number;
  readonly mask: number;
}

/**
 * Sorts once for all groupings. Labels and group codes travel with the scores as a few bits; with weights, or with more groups
 * than 31 bits tell apart, the row number travels in their place. With a thread it sorts the lower half, and the answer is in memory
 * that both share; but not where row numbers travel.
 */
export async function sortRows(
  input: BinaryInput,
  groupings: readonly Grouping[],
  thread: JobThread | undefined,
): Promise<SortedRows> {
  const widths = groupings.map(({ count }) => (count <= 1 ? 0 : 32 - Math.clz32(count - 1)));
  const bits = 1 + widths.reduce((sum, width) => sum + width, 0);
  if (input.weights !== undefined || bits > 32) return sortByRowNumber(input, groupings);
  const payloads = emptyPayloads(Math.ceil(bits / 8), input.labels.length, false);
  payloads.set(input.labels);
  const shifts: number[] = [];
  let shift = 1;
  for (const [index, { codes }] of groupings.entries()) {
    shifts.push(shift);
    for (let row = 0; row < codes.length; row += 1) {
      payloads[row] = (payloads[row] ?? 0) | ((codes[row] ?? 0) << shift);
    }
    shift += widths[index] ?? 0;
  }
  const { scores, payloads: values } =
    thread === undefined
      ? sortSigned({ scores: input.scores.slice(), payloads })
      : await sortInTwo({ scores: input.scores, payloads }, thread);
  return {
    scores,
    weights: undefined,
    tags: (grouping) =>
      grouping === undefined
        ? { values, shift: 0, mask: 0 }
        : { values, shift: shifts[grouping] ?? 0, mask: 2 ** (widths[grouping] ?? 0) - 1 },
  };
}

/** Rows of weight 0 are left out. */
function sortByRowNumber(input: BinaryInput, groupings: readonly Grouping[]): SortedRows {
  const { labels, weights } = input;
  const rows = Uint32Array.from(labels.keys());
  const counting = weights === undefined ? rows : rows.filter((row) => (weights[row] ?? 0) > 0);
  const scores = emptyScores(input.scores, counting.length, false);
  for (let place = 0; place < counting.length; place += 1) {
    scores[place] = input.scores[counting[place] ?? 0] ?? 0;
  }
  const sorted = sortSigned({ scores, payloads: counting });
  const order = sorted.payloads;
  const sortedWeights = weights === undefined ? undefined : new Float64Array(order.length);
  for (let place = 0; place < order.length && sortedWeights !== undefined; place += 1) {
    sortedWeights[place] = weights?.[order[place] ?? 0] ?? 0;
  }
  return {
    scores: sorted.scores,
    weights: sortedWeights,
    tags: (grouping) => {
      const codes = grouping === undefined ? undefined : groupings[grouping]?.codes;
      const values = new Uint32Array(order.length);
      for (let place = 0; place < order.length; place += 1) {
        const row = order[place] ?? 0;
        values[place] = (labels[row] ?? 0) | ((codes?.[row] ?? 0) << 1);
      }
      return { values, shift: 1, mask: codes === undefined ? 0 : 0x7fffffff };
    },
  };
}

/** The radix sort takes no sign: negative scores are sorted apart, by their size. -0 becomes 0. Uses the columns up. */
function sortSigned(rows: Columns): Columns {
  const { scores, payloads } = rows;
  let negatives = 0;
  for (let row = 0; row < scores.length; row += 1) {
    const score = (scores[row] ?? 0) + 0;
    scores[row] = score;
    if (score < 0) negatives += 1;
  }
  if (negatives === 0) return sortDescending(rows);
  const apart = sameSize(rows);
  let [upper, lower] = [0, scores.length - negatives];
  for (let row = 0; row < scores.length; row += 1) {
    const score = scores[row] ?? 0;
    const place = score < 0 ? lower++ : upper++;
    apart.scores[place] = Math.abs(score);
    apart.payloads[place] = payloads[row] ?? 0;
  }
  const positive = sortDescending(partOf(apart, 0, upper));
  const negative = sortDescending(partOf(apart, upper, scores.length));
  scores.set(positive.scores);
  payloads.set(positive.payloads);
  for (let place = 0; place < negatives; place += 1) {
    scores[scores.length - 1 - place] = -(negative.scores[place] ?? 0);
    payloads[scores.length - 1 - place] = negative.payloads[place] ?? 0;
  }
  return rows;
}

/** The higher scores here, the lower ones by the thread. */
async function sortInTwo(input: Columns, thread: JobThread): Promise<Columns> {
  const rows = {
    scores: emptyScores(input.scores, input.scores.length, true),
    payloads: emptyPayloads(input.payloads.BYTES_PER_ELEMENT, input.payloads.length, true),
  };
  const upper = splitAtMedian(input, rows);
  if (upper === undefined) {
    rows.scores.set(input.scores);
    rows.payloads.set(input.payloads);
    return sortSigned(rows);
  }
  const scratch = sameSize(rows);
  const lower = (columns: Columns) => partOf(columns, upper, rows.scores.length);
  const byThread = thread.run("sort", { rows: lower(rows), scratch: lower(scratch) });
  const here = partOf(rows, 0, upper);
  const isHereInScratch = sortDescending(here, partOf(scratch, 0, upper)) !== here;
  const { isInScratch } = await byThread;
  const [answer, other] = isHereInScratch ? [scratch, rows] : [rows, scratch];
  if (isInScratch !== isHereInScratch) {
    lower(answer).scores.set(lower(other).scores);
    lower(answer).payloads.set(lower(other).payloads);
  }
  return answer;
}

/** Copies the rows so that those around the median score and above come first; says how many. Undefined where a score is negative. */
function splitAtMedian({ scores, payloads }: Columns, to: Columns): number | undefined {
  const sampled = Float64Array.from({ length: 1001 }, (_, index) => {
    return scores[Math.floor((index / 1001) * scores.length)] ?? 0;
  }).sort();
  const median = sampled[500] ?? 0;
  let [upper, lower, lowest] = [0, scores.length, 0];
  for (let row = 0; row < scores.length; row += 1) {
    const score = (scores[row] ?? 0) + 0;
    const place = score >= median ? upper : lower - 1;
    if (score >= median) upper += 1;
    else lower -= 1;
    if (score < lowest) lowest = score;
    to.scores[place] = score;
    to.payloads[place] = payloads[row] ?? 0;
  }
  return lowest < 0 ? undefined : upper;
}
