import { RankTree } from "./rank-tree.ts";
import type { SurvivalSample } from "./survival-input.ts";
import { durationBlocks, ranksOf } from "./survival-sample.ts";

/** By row of a sample: weights (numbers) of the rows that it can be compared with, in one of the two roles of a pair. */
export interface PairFigures {
  readonly comparable: Float64Array;
  /** The one with the shorter duration has the higher risk. */
  readonly concordant: Float64Array;
  /** Equal risks. */
  readonly tied: Float64Array;
}

/**
 * Each event against the rows that outlived it: those with a longer duration, and those censored at the same one. Two events at one
 * time are no pair. Source: Harrell et al. (1982); as scikit-survival's concordance_index_censored and lifelines' concordance_index.
 */
export function pairsAsEarlier(sample: SurvivalSample): PairFigures {
  const { durations, events, risks, weights } = sample;
  const { ranks, count } = ranksOf(risks);
  const tree = new RankTree(count);
  const figures = emptyFigures(durations.length);
  const add = (row: number) => tree.add(ranks[row] ?? 0, weights?.[row] ?? 1);
  for (const { start, end } of durationBlocks(durations).reverse()) {
    for (let row = start; row < end; row += 1) if (events[row] === 0) add(row);
    for (let row = start; row < end; row += 1) {
      if (events[row] === 0) continue;
      const rank = ranks[row] ?? 0;
      figures.comparable[row] = tree.total;
      figures.concordant[row] = tree.below(rank);
      figures.tied[row] = tree.at(rank);
    }
    for (let row = start; row < end; row += 1) if (events[row] === 1) add(row);
  }
  return figures;
}

/** Each row against the events that it outlived: the same pairs, seen from the other side. */
export function pairsAsLater(sample: SurvivalSample): PairFigures {
  const { durations, events, risks, weights } = sample;
  const { ranks, count } = ranksOf(risks);
  const tree = new RankTree(count);
  const figures = emptyFigures(durations.length);
  const read = (row: number) => {
    const rank = ranks[row] ?? 0;
    const tied = tree.at(rank);
    figures.comparable[row] = tree.total;
    figures.concordant[row] = tree.total - tree.below(rank) - tied;
    figures.tied[row] = tied;
  };
  for (const { start, end } of durationBlocks(durations)) {
    for (let row = start; row < end; row += 1) if (events[row] === 1) read(row);
    for (let row = start; row < end; row += 1)
      if (events[row] === 1) tree.add(ranks[row] ?? 0, weights?.[row] ?? 1);
    for (let row = start; row < end; row += 1) if (events[row] === 0) read(row);
  }
  return figures;
}

function emptyFigures(rows: number): PairFigures {
  return {
    comparable: new Float64Array(rows),
    concordant: new Float64Array(rows),
    tied: new Float64Array(rows),
  };
}
