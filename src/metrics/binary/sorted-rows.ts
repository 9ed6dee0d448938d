import type { Grouping } from "../metric-set.ts";
import type { BinaryInput } from "./binary-input.ts";
import { type Columns, type Payloads, type Scores, sortDescending } from "./radix-sort.ts";

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
 * than 31 bits tell apart, the row number travels in their place.
 */
export function sortRows(input: BinaryInput, groupings: readonly Grouping[]): SortedRows {
  const widths = groupings.map(({ count }) => (count <= 1 ? 0 : 32 - Math.clz32(count - 1)));
  const bits = 1 + widths.reduce((sum, width) => sum + width, 0);
  if (input.weights !== undefined || bits > 32) return sortByRowNumber(input, groupings);
  const payloads = emptyPayloads(bits, input.labels.length);
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
  const { scores, payloads: values } = sortSigned({ scores: input.scores.slice(), payloads });
  return {
    scores,
    weights: undefined,
    tags: (grouping) =>
      grouping === undefined
        ? { values, shift: 0, mask: 0 }
        : { values, shift: shifts[grouping] ?? 0, mask: 2 ** (widths[grouping] ?? 0) - 1 },
  };
}

function emptyPayloads(bits: number, rows: number): Payloads {
  if (bits <= 8) return new Uint8Array(rows);
  return bits <= 16 ? new Uint16Array(rows) : new Uint32Array(rows);
}

/** Rows of weight 0 are left out. */
function sortByRowNumber(input: BinaryInput, groupings: readonly Grouping[]): SortedRows {
  const { labels, weights } = input;
  const rows = Uint32Array.from(labels.keys());
  const counting = weights === undefined ? rows : rows.filter((row) => (weights[row] ?? 0) > 0);
  const scores =
    input.scores instanceof Float64Array
      ? new Float64Array(counting.length)
      : new Float32Array(counting.length);
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

/** The radix sort takes no sign: negative scores are sorted apart, by their size. -0 becomes 0. */
function sortSigned(rows: Columns): Columns {
  const { scores, payloads } = rows;
  let negatives = 0;
  for (let row = 0; row < scores.length; row += 1) {
    const score = (scores[row] ?? 0) + 0;
    scores[row] = score;
    if (score < 0) negatives += 1;
  }
  if (negatives === 0) return sortDescending(rows);
  const apart = { scores: scores.slice(), payloads: payloads.slice() };
  let [upper, lower] = [0, scores.length - negatives];
  for (let row = 0; row < scores.length; row += 1) {
    const score = scores[row] ?? 0;
    const place = score < 0 ? lower++ : upper++;
    apart.scores[place] = Math.abs(score);
    apart.payloads[place] = payloads[row] ?? 0;
  }
  const part = (start: number, end: number) =>
    sortDescending({
      scores: apart.scores.subarray(start, end),
      payloads: apart.payloads.subarray(start, end),
    });
  const positive = part(0, upper);
  const negative = part(upper, scores.length);
  scores.set(positive.scores);
  payloads.set(positive.payloads);
  for (let place = 0; place < negatives; place += 1) {
    scores[scores.length - 1 - place] = -(negative.scores[place] ?? 0);
    payloads[scores.length - 1 - place] = negative.payloads[place] ?? 0;
  }
  return rows;
}
