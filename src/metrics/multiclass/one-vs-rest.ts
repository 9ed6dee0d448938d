import type { MetricOutcome } from "../metric-set.ts";
import type { ClassFigures } from "./class-figures.ts";

/** How well the probabilities of each class rank one group's rows: one class against the rest, and classes in pairs. Ties count half. */
export class OneVsRest {
  /** Sums of weights (numbers of rows) by truth. */
  readonly truths: Float64Array;
  readonly #classes: readonly ClassFigures[];

  /** By class. */
  constructor(classes: readonly ClassFigures[]) {
    this.#classes = classes;
    this.truths = Float64Array.from(classes, (one) => one.own);
  }

  auc(index: number): MetricOutcome {
    const own = this.truths[index] ?? 0;
    let [rest, doubled] = [0, 0];
    for (const [other, weight] of this.truths.entries()) {
      if (other === index) continue;
      rest += weight;
      doubled += this.#classes[index]?.doubled[other] ?? 0;
    }
    if (own === 0 || rest === 0)
      return { undefined: own === 0 ? "no row is of the class" : "every row is of the class" };
    return doubled / 2 / own / rest;
  }

  averagePrecision(index: number): MetricOutcome {
    const own = this.truths[index] ?? 0;
    const rest = this.truths.reduce((sum, weight) => sum + weight, 0) - own;
    if (own === 0 || !(rest > 0))
      return { undefined: own === 0 ? "no row is of the class" : "every row is of the class" };
    return (this.#classes[index]?.precisions ?? Number.NaN) / own;
  }

  /** Of rows of the classes `one` and `other` by the probability of `one`; NaN where one of them is missing. */
  pairAuc(one: number, other: number): number {
    const pairs = (this.truths[one] ?? 0) * (this.truths[other] ?? 0);
    return (this.#classes[one]?.doubled[other] ?? 0) / 2 / pairs;
  }
}

/**
 * `roc_auc_ovr` (mean over all classes), `roc_auc_ovr_weighted` (by their rows, of those that are there), `roc_auc_ovo` and
 * `_weighted` (Hand and Till 2001, over pairs of classes that are there; no weights), `average_precision_macro`.
 */
export function rankingOutcomes(
  ranking: OneVsRest,
  { classes, isWeighted }: { readonly classes: readonly string[]; readonly isWeighted: boolean },
): Record<string, MetricOutcome> {
  const noWeights = { undefined: "pairs of classes take no weights" };
  return {
    roc_auc_ovr: meanOver(classes, (index) => ranking.auc(index)),
    roc_auc_ovr_weighted: weightedOver(ranking),
    roc_auc_ovo: isWeighted ? noWeights : overPairs(ranking, () => 1),
    roc_auc_ovo_weighted: isWeighted ? noWeights : overPairs(ranking, (rows) => rows),
    average_precision_macro: meanOver(classes, (index) => ranking.averagePrecision(index)),
  };
}

function meanOver(classes: readonly string[], outcomeOf: (index: number) => MetricOutcome): MetricOutcome {
  let sum = 0;
  for (const [index, name] of classes.entries()) {
    const outcome = outcomeOf(index);
    if (typeof outcome !== "number") return { undefined: `class ${name}: ${outcome.undefined}` };
    sum += outcome;
  }
  return sum / classes.length;
}

function weightedOver(ranking: OneVsRest): MetricOutcome {
  let [sum, total] = [0, 0];
  for (const [index, weight] of ranking.truths.entries()) {
    if (weight === 0) continue;
    const outcome = ranking.auc(index);
    if (typeof outcome !== "number") return outcome;
    sum += weight * outcome;
    total += weight;
  }
  return sum / total;
}

function overPairs(ranking: OneVsRest, weightOf: (rows: number) => number): MetricOutcome {
  const present = [...ranking.truths.keys()].filter((index) => (ranking.truths[index] ?? 0) > 0);
  if (present.length < 2) return { undefined: "one class only" };
  let [sum, total] = [0, 0];
  for (const [place, one] of present.entries())
    for (const other of present.slice(place + 1)) {
      const weight = weightOf((ranking.truths[one] ?? 0) + (ranking.truths[other] ?? 0));
      sum += (weight * (ranking.pairAuc(one, other) + ranking.pairAuc(other, one))) / 2;
      total += weight;
    }
  return sum / total;
}
