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
  const edges = Array.from(
    { length: bins + 1 },
    (_, edge) => start * (1 - edge / bins) + end * (edge / bins),
  );
  const positives = Array.from({ length: bins }, () => 0);
  const negatives = Array.from({ length: bins }, () => 0);
  let block = 0;
  for (let bin = bins - 1; bin >= 0; bin -= 1) {
    const lower = bin === 0 ? Number.NEGATIVE_INFINITY : (edges[bin] ?? 0);
    let [up, down] = [0, 0];
    for (; block < scores.length && (scores[block] ?? 0) >= lower; block += 1) {
      up += blocks.positives[block] ?? 0;
      down += blocks.negatives[block] ?? 0;
    }
    positives[bin] = up;
    negatives[bin] = down;
  }
  return { edges, positives, negatives };
}

function rangeOf(lowest: number, highest: number, isProbability: boolean): readonly [number, number] {
  if (isProbability) return [0, 1];
  // Scores that are all equal stand in the middle of a range of some width.
  const half = Math.abs(lowest) / 2 || 0.5;
  if (lowest < highest) return [lowest, highest];
  return [Math.max(-Number.MAX_VALUE, lowest - half), Math.min(Number.MAX_VALUE, lowest + half)];
}
