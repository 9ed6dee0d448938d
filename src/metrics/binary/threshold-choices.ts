import type { Confusion, ThresholdChoice } from "../details.ts";
import { metricSet } from "../metric-set.ts";
import type { BinaryOptions, CostMatrix } from "./binary-input.ts";
import { classOutcomes } from "./class-metrics.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import { confusionOf, type Totals } from "./totals.ts";

interface Rule {
  readonly name: string;
  /** The higher the better; NaN where the threshold may not be taken. */
  readonly worth: (truePositives: number, falsePositives: number) => number;
  /** Of a rule that weighs costs; predicting nothing may be best then. */
  readonly cost?: CostMatrix;
}

/**
 * The thresholds that rules pick from these rows: `max_f1`, `youden` (highest true minus false positive rate), `recall@precision>=x`
 * (highest recall), `precision@recall>=x` (highest precision), `fpr@tpr>=x` (lowest false positive rate), `cost{fp=1,fn=5}` (lowest
 * cost a row; null means that predicting nothing is cheapest). Of equally good ones the highest. Empty where a class is missing.
 * Chosen on the rows they are judged on: not to be compared with a threshold that was fixed before.
 */
export function thresholdChoices(
  blocks: ScoreBlocks,
  totals: Totals,
  options: BinaryOptions,
): readonly ThresholdChoice[] {
  if (totals.positives === 0 || totals.negatives === 0) return [];
  const rules = rulesOf(totals, options);
  return choose(blocks, rules).map((choice, index) => {
    const [name = "", cost] = [rules[index]?.name, rules[index]?.cost];
    if (choice === undefined) return { rule: name, threshold: null, metrics: {} };
    const { threshold, tp, fp } = choice;
    return { rule: name, threshold, metrics: outcomesOf(confusionOf(totals, tp, fp), cost) };
  });
}

function rulesOf({ positives, negatives }: Totals, options: BinaryOptions): readonly Rule[] {
  return [
    { name: "max_f1", worth: (tp, fp) => (2 * tp) / (tp + fp + positives) },
    { name: "youden", worth: (tp, fp) => tp / positives - fp / negatives },
    ...(options.minPrecisions ?? []).map((least) => ({
      name: `recall@precision>=${least}`,
      worth: (tp: number, fp: number) => (tp / (tp + fp) >= least ? tp / positives : Number.NaN),
    })),
    ...(options.minRecalls ?? []).map((least) => ({
      name: `precision@recall>=${least}`,
      worth: (tp: number, fp: number) => (tp / positives >= least ? tp / (tp + fp) : Number.NaN),
    })),
    ...(options.minTprs ?? []).map((least) => ({
      name: `fpr@tpr>=${least}`,
      worth: (tp: number, fp: number) => (tp / positives >= least ? -fp / negatives : Number.NaN),
    })),
    ...(options.costs ?? []).map((cost) => ({
      name: costName(cost),
      worth: (tp: number, fp: number) => -costOf(cost, confusionOf({ positives, negatives }, tp, fp)),
      cost,
    })),
  ];
}

function costName({ falsePositive, falseNegative, truePositive, trueNegative }: CostMatrix): string {
  const parts = [`fp=${falsePositive}`, `fn=${falseNegative}`];
  if (truePositive !== undefined) parts.push(`tp=${truePositive}`);
  if (trueNegative !== undefined) parts.push(`tn=${trueNegative}`);
  return `cost{${parts.join(",")}}`;
}

function costOf(
  { falsePositive, falseNegative, truePositive = 0, trueNegative = 0 }: CostMatrix,
  cells: Confusion,
): number {
  return (
    falsePositive * cells.falsePositives +
    falseNegative * cells.falseNegatives +
    truePositive * cells.truePositives +
    trueNegative * cells.trueNegatives
  );
}

interface Choice {
  readonly worth: number;
  readonly threshold: number | null;
  readonly tp: number;
  readonly fp: number;
}

/** What each rule chooses; undefined where it takes no threshold. */
function choose(
  { scores, positives, negatives }: ScoreBlocks,
  rules: readonly Rule[],
): readonly (Choice | undefined)[] {
  const nothing = { threshold: null, tp: 0, fp: 0 };
  const best = rules.map((rule): Choice | undefined =>
    rule.cost === undefined ? undefined : { worth: rule.worth(0, 0), ...nothing },
  );
  const hasCosts = rules.some((rule) => rule.cost !== undefined);
  let [tp, fp] = [0, 0];
  for (let block = 0; block < scores.length; block += 1) {
    const up = positives[block] ?? 0;
    tp += up;
    fp += negatives[block] ?? 0;
    // More false positives and nothing else are never better, but for costs that reward them.
    if (up === 0 && !hasCosts) continue;
    for (let index = 0; index < rules.length; index += 1) {
      const worth = rules[index]?.worth(tp, fp) ?? Number.NaN;
      if (worth > (best[index]?.worth ?? Number.NEGATIVE_INFINITY)) {
        best[index] = { worth, threshold: scores[block] ?? 0, tp, fp };
      }
    }
  }
  return best;
}

function outcomesOf(cells: Confusion, cost: CostMatrix | undefined): ThresholdChoice["metrics"] {
  const { precision, recall, specificity, fpr, f1, accuracy } = metricSet(classOutcomes(cells)).metrics;
  const shown = { accuracy, precision, recall, specificity, fpr, f1 };
  const named = Object.entries(shown).map(([name, value]): [string, number | null] => [name, value ?? null]);
  const weight = cells.truePositives + cells.falsePositives + cells.falseNegatives + cells.trueNegatives;
  return {
    ...Object.fromEntries(named),
    ...(cost === undefined ? {} : { expected_cost: costOf(cost, cells) / weight }),
  };
}
