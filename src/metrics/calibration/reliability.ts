import type { CalibrationBin } from "../details.ts";
import { clopperPearson } from "../intervals/proportion.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { RunningSum, runningValue } from "../sums/running-sum.ts";

/** Neighbouring rows by distinct score, highest first, in the kernel's memory; see ScoreBlocks. */
export interface CalibrationRows {
  /** In [0, 1]. */
  readonly scores: Float64Array;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  readonly rows: Uint32Array | undefined;
}

export interface Recipe {
  readonly bins: number;
  /** Of equal width, each (lower, upper], the first one closed; or of equal mass. */
  readonly strategy: "uniform" | "quantile";
  /** Of all rows. */
  readonly weight: number;
}

/** What fell into one bin. */
export interface Bar {
  readonly bin: number;
  readonly rows: number;
  /** Sums of weights, rows without weights. */
  readonly weight: number;
  readonly positives: number;
  readonly scoreSum: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Rows by bins of scores, highest first, empty bins left out; `above` is the weight of the rows of higher scores. Rows of equal score
 * are never split: in bins of equal mass a score belongs to the bin in which the middle of its weight falls.
 */
export function reliability(
  kernel: Kernel,
  rows: CalibrationRows,
  recipe: Recipe,
  above = 0,
): readonly Bar[] {
  const bars: Bar[] = [];
  let start = 0;
  let weightAbove = above;
  while (start < rows.scores.length) {
    const { bin, end } =
      recipe.strategy === "uniform"
        ? uniformBin(rows, start, recipe)
        : massBin(kernel, rows, { start, above: weightAbove }, recipe);
    const bar = barOf(kernel, rows, { bin, start, end });
    bars.push(bar);
    weightAbove += bar.weight;
    start = end;
  }
  return bars;
}

/** `reliability` by bins of equal width and of equal mass. Most neighbouring rows are in one bin of each: then both have one sum. */
export function bothReliabilities(
  kernel: Kernel,
  rows: CalibrationRows,
  recipe: Omit<Recipe, "strategy">,
  above: number,
): { readonly uniform: readonly Bar[]; readonly quantile: readonly Bar[] } {
  const uniform = reliability(kernel, rows, { ...recipe, strategy: "uniform" }, above);
  const [whole] = uniform;
  const lastStep = recipe.bins - 1;
  const firstWeight = (rows.positives[0] ?? 0) + (rows.negatives[0] ?? 0);
  const step = Math.min(lastStep, Math.floor((above + firstWeight / 2) * (recipe.bins / recipe.weight)));
  const isWithin =
    whole !== undefined &&
    (step === lastStep || (above + whole.weight) * (recipe.bins / recipe.weight) < step + 1);
  if (uniform.length === 1 && isWithin) return { uniform, quantile: [{ ...whole, bin: lastStep - step }] };
  return { uniform, quantile: reliability(kernel, rows, { ...recipe, strategy: "quantile" }, above) };
}

/** One bar a bin, of bars of neighbouring rows, highest first. */
export function joinBars(bars: readonly Bar[]): readonly Bar[] {
  const joined: Bar[] = [];
  for (let start = 0; start < bars.length; ) {
    const bin = bars[start]?.bin;
    let end = start;
    while (end < bars.length && bars[end]?.bin === bin) end += 1;
    joined.push(joinedBar(bars.slice(start, end)));
    start = end;
  }
  return joined;
}

function joinedBar(bars: readonly Bar[]): Bar {
  const [first] = bars;
  const last = bars.at(-1);
  if (first === undefined || last === undefined) throw new RangeError("no bars to join");
  const scoreSum = new RunningSum();
  for (const bar of bars) scoreSum.add(bar.scoreSum);
  const sum = (of: (bar: Bar) => number) => bars.reduce((all, bar) => all + of(bar), 0);
  return {
    ...first,
    rows: sum((bar) => bar.rows),
    weight: sum((bar) => bar.weight),
    positives: sum((bar) => bar.positives),
    scoreSum: scoreSum.value,
    lowest: last.lowest,
  };
}

interface Bin {
  readonly bin: number;
  /** The first block that is not of the bin. */
  readonly end: number;
}

/** Of bins [0, 1/n], (1/n, 2/n] ..., the one of the block. */
function uniformBin({ scores }: CalibrationRows, start: number, { bins }: Recipe): Bin {
  const score = scores[start] ?? 0;
  let bin = Math.min(bins - 1, Math.floor(score * bins));
  while (bin > 0 && score <= bin / bins) bin -= 1;
  while (bin < bins - 1 && score > (bin + 1) / bins) bin += 1;
  return { bin, end: bin === 0 ? scores.length : firstUpTo(scores, bin / bins) };
}

/** The first of descending scores that is not above `limit`. */
function firstUpTo(scores: CalibrationRows["scores"], limit: number): number {
  let [low, high] = [0, scores.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((scores[middle] ?? 0) > limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function massBin(
  kernel: Kernel,
  { positives, negatives }: CalibrationRows,
  from: { readonly start: number; readonly above: number },
  { bins, weight }: Recipe,
): Bin {
  const perWeight = bins / weight;
  const first = (positives[from.start] ?? 0) + (negatives[from.start] ?? 0);
  const step = Math.min(bins - 1, Math.floor((from.above + first / 2) * perWeight));
  if (step === bins - 1) return { bin: 0, end: positives.length };
  const [ups, downs] = [positives.subarray(from.start), negatives.subarray(from.start)];
  const blocks = kernel.loops.endOfMass(
    kernel.at(ups),
    kernel.at(downs),
    ups.length,
    from.above,
    perWeight,
    step + 1,
  );
  return { bin: bins - 1 - step, end: from.start + blocks };
}

function barOf(
  kernel: Kernel,
  { scores, positives, negatives, rows }: CalibrationRows,
  { bin, start, end }: Bin & { readonly start: number },
): Bar {
  // As `addToBar` in the kernel has it.
  const state = new Float64Array(4);
  kernel.with(state, (at) =>
    kernel.loops.addToBar(
      at,
      kernel.at(scores.subarray(start)),
      kernel.at(positives.subarray(start)),
      kernel.at(negatives.subarray(start)),
      end - start,
    ),
  );
  const weight = state[2] ?? 0;
  let count = weight;
  if (rows !== undefined) count = rows.subarray(start, end).reduce((all, some) => all + some, 0);
  const [highest, lowest] = [scores[start] ?? 0, scores[end - 1] ?? 0];
  const scoreSum = runningValue(state[0], state[1]);
  return { bin, rows: count, weight, positives: state[3] ?? 0, scoreSum, lowest, highest };
}

/** Bars of equal width as a table, lowest first, with the Clopper-Pearson interval of the observed rate; none with weights. */
export function calibrationTable(
  bars: readonly Bar[],
  { bins, isWeighted }: { readonly bins: number; readonly isWeighted: boolean },
): readonly CalibrationBin[] {
  return bars.toReversed().map(({ bin, rows: count, weight, positives, scoreSum }) => ({
    lower: bin / bins,
    upper: (bin + 1) / bins,
    count,
    weight,
    meanScore: scoreSum / weight,
    observedRate: positives / weight,
    ...(isWeighted ? { low: null, high: null } : clopperPearson(positives, count)),
  }));
}
