import type { ScoreHistogram } from "../details.ts";
import type { ScoreBlocks } from "./score-blocks.ts";

const bins = 50;

/**
 * Rows (sums of weights) of each class by score, in 50 bins of equal width, [lower, upper), the last one closed: from 0 to 1 for
 * probabilities, else from the lowest to the highest score. Null without rows.
 */
export function scoreHistogram(blocks: ScoreBlocks, isProbability: boolean): ScoreHistogram | null {
  const { scores } = blocks;
  const [highest, lowest] = [scores[0], scores[scores.length - 1]];
  if (highest === undefined || lowest === undefined) return null;
  const [start, end] = rangeOf(lowest, highest, isProbability);
  const positives = Array.from({ length: bins }, () => 0);
  const negatives = Array.from({ length: bins }, () => 0);
  for (let block = 0; block < scores.length; block += 1) {
    // Halves, since the whole range may be more than a double holds.
    const share = ((scores[block] ?? 0) / 2 - start / 2) / (end / 2 - start / 2);
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(share * bins)));
    positives[bin] = (positives[bin] ?? 0) + (blocks.positives[block] ?? 0);
    negatives[bin] = (negatives[bin] ?? 0) + (blocks.negatives[block] ?? 0);
  }
  const edges = Array.from(
    { length: bins + 1 },
    (_, edge) => start * (1 - edge / bins) + end * (edge / bins),
  );
  return { edges, positives, negatives };
}

function rangeOf(lowest: number, highest: number, isProbability: boolean): readonly [number, number] {
  if (isProbability) return [0, 1];
  // Scores that are all equal stand in the middle of a range of some width.
  const half = Math.abs(lowest) / 2 || 0.5;
  return lowest === highest ? [lowest - half, lowest + half] : [lowest, highest];
}
