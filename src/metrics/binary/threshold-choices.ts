import type { Confusion, ThresholdChoice } from "../details.ts";
import { metricSet } from "../metric-set.ts";
import type { BinaryOptions, CostMatrix } from "./binary-input.ts";
import { classOutcomes } from "./class-metrics.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import { confusionOf, type Span, type Totals } from "./totals.ts";

interface Rule {
  readonly name: string;
  /** The higher the better; NaN where the threshold may not be taken. */
  readonly worth: (truePositives: number, falsePositives: number) => number;
  /** Of a rule that weighs costs; predicting nothing may be best then. */
  readonly cost?: CostMatrix;
}

/** What a rule chooses. */
export interface Choice {
  readonly worth: number;
  /** Null: predict nothing. */
  readonly threshold: number | null;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** Looks for what each rule chooses, going down the blocks; undefined where it takes no threshold. */
export class ChoiceWalk {
  readonly #rules: readonly Rule[];
  readonly #best: (Choice | undefined)[];
  /** What each rule finds among some of all thresholds: what is worth less need not be looked at. */
  readonly #floors: readonly number[];

  /** `some`: what lies above some of the thresholds. */
  constructor(totals: Totals, options: BinaryOptions, some: readonly Totals[]) {
    this.#rules = rulesOf(totals, options);
    this.#floors = this.#rules.map(({ worth }) => {
      const worths = some.map(({ positives, negatives }) => worth(positives, negatives));
      return Math.max(Number.NEGATIVE_INFINITY, ...worths.filter((one) => !Number.isNaN(one)));
    });
    const nothing = { threshold: null, truePositives: 0, falsePositives: 0 };
    this.#best = this.#rules.map(({ cost, worth }) =>
      cost === undefined ? undefined : { worth: worth(0, 0), ...nothing },
    );
  }

  add(blocks: ScoreBlocks, { above, end }: Span): void {
    for (const [index, rule] of this.#rules.entries()) {
      const best = this.#best[index];
      // No threshold among the blocks can be better than one that had all their positives and none of their negatives.
      const most = rule.worth(end.positives, above.negatives);
      const isWorse =
        !(most > (best?.worth ?? Number.NEGATIVE_INFINITY)) || most < (this.#floors[index] ?? 0);
      if (rule.cost === undefined && isWorse) continue;
      this.#best[index] = better({ blocks, above }, rule, best);
    }
  }

  get choices(): readonly (Choice | undefined)[] {
    return this.#best;
  }
}

function better(
  { blocks, above }: { readonly blocks: ScoreBlocks; readonly above: Totals },
  { worth, cost }: Rule,
  known: Choice | undefined,
): Choice | undefined {
  const { scores, positives, negatives } = blocks;
  let best = known;
  let most = known?.worth ?? Number.NEGATIVE_INFINITY;
  let [truePositives, falsePositives] = [above.positives, above.negatives];
  for (let block = 0; block < scores.length; block += 1) {
    const up = positives[block] ?? 0;
    truePositives += up;
    falsePositives += negatives[block] ?? 0;
    // More false positives and nothing else are never better, but for costs that reward them.
    if (up === 0 && cost === undefined) continue;
    const found = worth(truePositives, falsePositives);
    if (!(found > most)) continue;
    most = found;
    best = { worth: found, threshold: scores[block] ?? 0, truePositives, falsePositives };
  }
  return best;
}

/**
 * The thresholds that rules pick from these rows: `max_f1`, `youden` (highest true minus false positive rate), `recall@precision>=x`
 * (highest recall), `precision@recall>=x` (highest precision), `fpr@tpr>=x` (lowest false positive rate), `cost{fp=1,fn=5}` (lowest
 * cost a row; null means that predicting nothing is cheapest). Of equally good ones the highest. Empty where a class is missing.
 * Chosen on the rows they are judged on: not to be compared with a threshold that was fixed before. `parts` are what `ChoiceWalk`
 * found in the parts of the rows, highest scores first.
 */
export function thresholdChoices(
  parts: readonly (readonly (Choice | undefined)[])[],
  totals: Totals,
  options: BinaryOptions,
): readonly ThresholdChoice[] {
  if (totals.positives === 0 || totals.negatives === 0) return [];
  return rulesOf(totals, options).map(({ name, cost }, index) => {
    let best: Choice | undefined;
    for (const part of parts) {
      const choice = part[index];
      if (choice !== undefined && (best === undefined || choice.worth > best.worth)) best = choice;
    }
    if (best === undefined) return { rule: name, threshold: null, metrics: {} };
    const cells = confusionOf(totals, best.truePositives, best.falsePositives);
    return { rule: name, threshold: best.threshold, metrics: outcomesOf(cells, cost) };
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
