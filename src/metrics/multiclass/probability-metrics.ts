import { ExactSum } from "../exact-sum.ts";
import type { Grouping, MetricOutcome } from "../metric-set.ts";
import type { MulticlassInput } from "./multiclass-input.ts";

/** Half-machine-epsilon rule of scikit-learn: probabilities are clipped to [eps, 1 - eps] of their own type. */
const epsilons = { float32: 2 ** -23, float64: 2 ** -52 } as const;
const notProbabilities = { undefined: "scores outside [0, 1] are no probabilities" };

/**
 * `log_loss, brier` (sum over the classes, 0 to 2)`, top_k_accuracy@k` of each group; undefined without probabilities. A row is right
 * among k where fewer than k classes are more likely; of equally likely ones the later go first, as in scikit-learn.
 */
export function probabilityOutcomes(
  input: MulticlassInput,
  grouping: Grouping | undefined,
): Record<string, MetricOutcome>[] | undefined {
  const { probabilities, classes, labels, weights } = input;
  if (probabilities === undefined) return undefined;
  const ks = input.topK ?? (classes.length > 10 ? [2, 5] : [2]);
  const own = ks.filter((k) => k < classes.length);
  const isProbability = probabilities.every((column) => column.every((value) => value >= 0 && value <= 1));
  const epsilon = probabilities[0] instanceof Float32Array ? epsilons.float32 : epsilons.float64;
  const tallies = Array.from({ length: grouping?.count ?? 1 }, () => new ProbabilityTally(own));
  for (let row = 0; row < labels.length; row += 1) {
    const weight = weights?.[row] ?? 1;
    if (weight === 0) continue;
    const label = labels[row] ?? 0;
    const own = probabilities[label]?.[row] ?? Number.NaN;
    const clipped = Math.min(Math.max(own, epsilon), 1 - epsilon);
    tallies[grouping?.codes[row] ?? 0]?.add(weight, {
      logLoss: isProbability ? -Math.log(clipped) : 0,
      squaredError: squaredError(probabilities, { row, label }),
      before: classesBefore(probabilities, { row, label }),
    });
  }
  return tallies.map((tally) => tally.outcomes(isProbability));
}

interface At {
  readonly row: number;
  readonly label: number;
}

function squaredError(
  probabilities: NonNullable<MulticlassInput["probabilities"]>,
  { row, label }: At,
): number {
  const errors = probabilities.map(
    (column, index) => (column[row] ?? Number.NaN) - (index === label ? 1 : 0),
  );
  return errors.reduce((sum, error) => sum + error * error, 0);
}

function classesBefore(
  probabilities: NonNullable<MulticlassInput["probabilities"]>,
  { row, label }: At,
): number {
  const own = probabilities[label]?.[row] ?? Number.NaN;
  let before = 0;
  for (const [index, column] of probabilities.entries()) {
    const other = column[row] ?? Number.NaN;
    if (other > own || (other === own && index > label)) before += 1;
  }
  return before;
}

class ProbabilityTally {
  readonly #weight = new ExactSum();
  readonly #logLoss = new ExactSum();
  readonly #squaredError = new ExactSum();
  readonly #right: ReadonlyMap<number, ExactSum>;

  constructor(ks: readonly number[]) {
    this.#right = new Map(ks.map((k) => [k, new ExactSum()]));
  }

  add(
    weight: number,
    row: { readonly logLoss: number; readonly squaredError: number; readonly before: number },
  ): void {
    this.#weight.add(weight);
    this.#logLoss.add(weight * row.logLoss);
    this.#squaredError.add(weight * row.squaredError);
    for (const [k, sum] of this.#right) if (row.before < k) sum.add(weight);
  }

  outcomes(isProbability: boolean): Record<string, MetricOutcome> {
    const weight = this.#weight.value;
    return {
      log_loss: isProbability ? this.#logLoss.value / weight : notProbabilities,
      brier: isProbability ? this.#squaredError.value / weight : notProbabilities,
      ...Object.fromEntries([...this.#right].map(([k, sum]) => [`top_k_accuracy@${k}`, sum.value / weight])),
    };
  }
}
