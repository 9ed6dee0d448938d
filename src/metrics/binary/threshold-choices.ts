import type { Confusion, ThresholdChoice } from "../details.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { metricSet } from "../metric-set.ts";
import type { BinaryOptions, CostMatrix } from "./binary-input.ts";
import { classOutcomes } from "./class-metrics.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import { confusionOf, type Span, type Totals } from "./totals.ts";

/** As the kernel numbers them. */
const ruleKinds = { maxF1: 0, youden: 1, recallAtPrecision: 2, precisionAtRecall: 3, fprAtTpr: 4, cost: 5 };

interface Rule {
  readonly name: string;
  readonly kind: number;
  /** Of a rule that asks for one: the least value. */
  readonly least?: number;
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
  readonly #rules: readonly WeighedRule[];
  readonly #best: (Choice | undefined)[];
  /** What each rule finds among some of all thresholds: what is worth less need not be looked at. */
  readonly #floors: readonly number[];

  /** `some`: what lies above some of the thresholds. */
  constructor(kernel: Kernel, totals: Totals, options: BinaryOptions, some: readonly Totals[]) {
    this.#rules = rulesOf(options).map((rule) => new WeighedRule(kernel, rule, totals));
    this.#floors = this.#rules.map((rule) => {
      const worths = some.map((above) => rule.worth(above.positives, above.negatives));
      return Math.max(Number.NEGATIVE_INFINITY, ...worths.filter((one) => !Number.isNaN(one)));
    });
    const nothing = { threshold: null, truePositives: 0, falsePositives: 0 };
    this.#best = this.#rules.map((rule) =>
      rule.isCost ? { worth: rule.worth(0, 0), ...nothing } : undefined,
    );
  }

  add(blocks: ScoreBlocks, { above, end }: Span): void {
    for (const [index, rule] of this.#rules.entries()) {
      const best = this.#best[index];
      // No threshold among the blocks can be better than one that had all their positives and none of their negatives.
      const most = rule.worth(end.positives, above.negatives);
      const isWorse =
        !(most > (best?.worth ?? Number.NEGATIVE_INFINITY)) || most < (this.#floors[index] ?? 0);
      if (!rule.isCost && isWorse) continue;
      this.#best[index] = rule.better(blocks, above, best);
    }
  }

  get choices(): readonly (Choice | undefined)[] {
    return this.#best;
  }
}

/** A rule for rows with so many of each class. */
class WeighedRule {
  readonly isCost: boolean;
  readonly #kernel: Kernel;
  readonly #kind: number;
  /** As `worth` in the kernel has it, and behind it the best so far, as `betterThreshold` has that. */
  readonly #state: Float64Array;

  constructor(kernel: Kernel, { kind, least = 0, cost }: Rule, { positives, negatives }: Totals) {
    this.isCost = cost !== undefined;
    this.#kernel = kernel;
    this.#kind = kind;
    const costs = cost === undefined ? [0, 0, 0, 0] : costsOf(cost);
    this.#state = Float64Array.of(positives, negatives, least, ...costs, 0, 0, 0);
  }

  worth(truePositives: number, falsePositives: number): number {
    const { loops } = this.#kernel;
    return this.#kernel.with(this.#state, (rule) =>
      loops.worth(this.#kind, rule, truePositives, falsePositives),
    );
  }

  /** The best of the blocks, where it is better than what is known. */
  better(
    { scores, positives, negatives }: ScoreBlocks,
    above: Totals,
    known: Choice | undefined,
  ): Choice | undefined {
    const kernel = this.#kernel;
    const state = this.#state;
    state[bestAt] = known?.worth ?? Number.NEGATIVE_INFINITY;
    const block = kernel.with(state, (rule) =>
      kernel.loops.betterThreshold(
        this.#kind,
        rule,
        rule + 8 * bestAt,
        kernel.at(positives),
        kernel.at(negatives),
        scores.length,
        above.positives,
        above.negatives,
        this.isCost ? 1 : 0,
      ),
    );
    if (block < 0) return known;
    const [worth = 0, truePositives = 0, falsePositives = 0] = state.subarray(bestAt);
    return { worth, threshold: scores[block] ?? 0, truePositives, falsePositives };
  }
}

const bestAt = 7;

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
  return rulesOf(options).map(({ name, cost }, index) => {
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

function rulesOf(options: BinaryOptions): readonly Rule[] {
  return [
    { name: "max_f1", kind: ruleKinds.maxF1 },
    { name: "youden", kind: ruleKinds.youden },
    ...(options.minPrecisions ?? []).map((least) => ({
      name: `recall@precision>=${least}`,
      kind: ruleKinds.recallAtPrecision,
      least,
    })),
    ...(options.minRecalls ?? []).map((least) => ({
      name: `precision@recall>=${least}`,
      kind: ruleKinds.precisionAtRecall,
      least,
    })),
    ...(options.minTprs ?? []).map((least) => ({
      name: `fpr@tpr>=${least}`,
      kind: ruleKinds.fprAtTpr,
      least,
    })),
    ...(options.costs ?? []).map((cost) => ({ name: costName(cost), kind: ruleKinds.cost, cost })),
  ];
}

function costName({ falsePositive, falseNegative, truePositive, trueNegative }: CostMatrix): string {
  const parts = [`fp=${falsePositive}`, `fn=${falseNegative}`];
  if (truePositive !== undefined) parts.push(`tp=${truePositive}`);
  if (trueNegative !== undefined) parts.push(`tn=${trueNegative}`);
  return `cost{${parts.join(",")}}`;
}

/** In the order of the kernel. */
function costsOf({ falsePositive, truePositive = 0, falseNegative, trueNegative = 0 }: CostMatrix): number[] {
  return [falsePositive, truePositive, falseNegative, trueNegative];
}

function costOf(cost: CostMatrix, cells: Confusion): number {
  const [falsePositive = 0, truePositive = 0, falseNegative = 0, trueNegative = 0] = costsOf(cost);
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
