import type { Grouping } from "../metric-set.ts";
import type { BinaryInput } from "./binary-input.ts";
import {
  type Columns,
  emptyPayloads,
  emptyScores,
  partOf,
  type Scores,
  sameSize,
  wordsOf,
} from "./columns.ts";
import type { JobThread } from "./job-thread.ts";
import { sortDescending } from "./radix-sort.ts";
import type { SortedRows } from "./rows-by-score.ts";

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
  const {
    scores,
    payloads: values,
    spare,
  } = thread === undefined
    ? sortSigned({ scores: input.scores.slice(), payloads })
    : await sortInTwo({ scores: input.scores, payloads }, thread);
  return {
    scores,
    weights: undefined,
    spare,
    mostTied: mostTiedIn(scores),
    tags: (grouping) =>
      grouping === undefined
        ? { values, shift: 0, mask: 0 }
        : { values, shift: shifts[grouping] ?? 0, mask: 2 ** (widths[grouping] ?? 0) - 1 },
  };
}

/** Rows of weight 0 are left out. */
function sortByRowNumber(input: BinaryInput, groupings: readonly Grouping[]): SortedRows {
  const { labels, weights } = input;
  const rows = new Uint32Array(labels.length);
  let kept = 0;
  for (let row = 0; row < labels.length; row += 1) {
    rows[kept] = row;
    if (weights === undefined || (weights[row] ?? 0) > 0) kept += 1;
  }
  const counting = rows.subarray(0, kept);
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
    spare: sorted.spare,
    mostTied: mostTiedIn(sorted.scores),
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

interface SortedColumns extends Columns {
  readonly spare: Scores;
}

/** The radix sort takes no sign: negative scores are sorted apart, by their size. -0 becomes 0. Uses the columns up. */
function sortSigned(rows: Columns): SortedColumns {
  const { scores, payloads } = rows;
  let negatives = 0;
  for (let row = 0; row < scores.length; row += 1) {
    const score = (scores[row] ?? 0) + 0;
    scores[row] = score;
    if (score < 0) negatives += 1;
  }
  const apart = sameSize(rows);
  if (negatives === 0) {
    const sorted = sortDescending(rows, apart);
    return { ...sorted, spare: (sorted === rows ? apart : rows).scores };
  }
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
  return { ...rows, spare: apart.scores };
}

/** The higher scores here, the lower ones by the thread. */
async function sortInTwo(input: Columns, thread: JobThread): Promise<SortedColumns> {
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
  return { ...answer, spare: other.scores };
}

/**
 * Copies the rows so that those around the median score and above come first; says how many. Undefined where a score is negative or -0.
 * Without a branch for each row, which no processor foresees: by the sign of a difference of the scores' upper words.
 */
function splitAtMedian({ scores, payloads }: Columns, to: Columns): number | undefined {
  const words = wordsOf(scores);
  const perScore = scores.BYTES_PER_ELEMENT / 4;
  const sampled = Uint32Array.from({ length: 1001 }, (_, index) => {
    return words[(Math.floor((index / 1001) * scores.length) + 1) * perScore - 1] ?? 0;
  }).sort();
  const median = sampled[500] ?? 0;
  let [upper, lower, signs] = [0, scores.length, 0];
  for (let row = 0; row < scores.length; row += 1) {
    const word = words[row * perScore + perScore - 1] ?? 0;
    signs |= word;
    // -1 below the median, else 0.
    const below = (word - median) >> 31;
    const place = (upper & ~below) | ((lower - 1) & below);
    upper += 1 + below;
    lower += below;
    to.scores[place] = scores[row] ?? 0;
    to.payloads[place] = payloads[row] ?? 0;
  }
  return signs < 0 ? undefined : upper;
}

/**
 * An upper bound of how many rows share a score: 255, 65,535 or all. Of 256 equal scores in order two are those of places that are
 * 128 apart and multiples of it, so that few need to be looked at.
 */
function mostTiedIn(scores: Scores): number {
  const isTiedOver = (step: number) => {
    for (let place = step; place < scores.length; place += step) {
      if (scores[place] === scores[place - step]) return true;
    }
    return false;
  };
  if (!isTiedOver(2 ** 7)) return 2 ** 8 - 1;
  return isTiedOver(2 ** 15) ? scores.length : 2 ** 16 - 1;
}
