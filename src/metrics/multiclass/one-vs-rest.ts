import { ExactSum } from "../exact-sum.ts";
import type { Grouping, MetricOutcome } from "../metric-set.ts";
import { descendingOrder } from "../score-order.ts";
import type { MulticlassInput } from "./multiclass-input.ts";

/** How well the probabilities of each class rank one group's rows. */
export interface OneVsRest {
  /** Sums of weights (numbers of rows) by truth. */
  readonly truths: Float64Array;
  /** Of a class against the rest. */
  auc(index: number): MetricOutcome;
  averagePrecision(index: number): MetricOutcome;
  /** Of rows of the classes `one` and `other` by the probability of `one`; NaN where one of them is missing. */
  pairAuc(one: number, other: number): number;
}

/**
 * One sort a class serves all groups, the rest as a whole and class by class. Undefined without probabilities. Ties count half.
 * Equal scores with weights are taken in the order of their weights, so that the order of the rows does not show in the sums.
 */
export function oneVsRest(
  input: MulticlassInput,
  grouping: Grouping | undefined,
): readonly OneVsRest[] | undefined {
  const { probabilities, classes } = input;
  if (probabilities === undefined) return undefined;
  const groups = Array.from({ length: grouping?.count ?? 1 }, () => new GroupRanking(classes.length));
  for (const [index, scores] of probabilities.entries()) walk(input, { index, scores, grouping, groups });
  return groups;
}

interface Walk {
  readonly index: number;
  readonly scores: Float64Array | Float32Array;
  readonly grouping: Grouping | undefined;
  readonly groups: readonly GroupRanking[];
}

function walk({ labels, weights }: MulticlassInput, { index, scores, grouping, groups }: Walk): void {
  const order = descendingOrder(Float64Array.from(scores));
  const weightOf = (row: number) => weights?.[row] ?? 1;
  const groupOf = (row: number) => {
    const group = groups[grouping?.codes[row] ?? 0];
    if (group === undefined) throw new RangeError(`row ${row} has a group code beyond ${groups.length - 1}`);
    return group;
  };
  const pair = (row: number) => {
    const label = labels[row] ?? 0;
    if (label !== index) groupOf(row).pair(index, { label, weight: weightOf(row) });
  };
  const take = (row: number) => groupOf(row).take({ isOwn: labels[row] === index, weight: weightOf(row) });
  const one = (row: number) => {
    take(row);
    pair(row);
    groupOf(row).close(index);
  };
  const block = (rows: Uint32Array) => {
    if (weights !== undefined) rows.sort((a, b) => weightOf(a) - weightOf(b));
    for (const row of rows) take(row);
    for (const row of rows) pair(row);
    for (const group of new Set(Array.from(rows, groupOf))) group.close(index);
  };
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] ?? 0];
    let end = start + 1;
    while (end < order.length && scores[order[end] ?? 0] === score) end += 1;
    if (end === start + 1) one(order[start] ?? 0);
    else block(order.subarray(start, end));
    start = end;
  }
  for (const group of groups) group.finish(index);
}

class GroupRanking implements OneVsRest {
  readonly truths: Float64Array;
  readonly #size: number;
  /** Twice the weight of the pairs that stand rightly, ties half: `[class * size + other]`. */
  readonly #doubled: Float64Array;
  readonly #precisions: ExactSum[];
  #above = 0;
  #aboveAll = 0;
  #tied = 0;
  #tiedAll = 0;

  constructor(size: number) {
    this.#size = size;
    this.truths = new Float64Array(size);
    this.#doubled = new Float64Array(size * size);
    this.#precisions = Array.from({ length: size }, () => new ExactSum());
  }

  take({ isOwn, weight }: { readonly isOwn: boolean; readonly weight: number }): void {
    this.#tiedAll += weight;
    if (isOwn) this.#tied += weight;
  }

  pair(index: number, { label, weight }: { readonly label: number; readonly weight: number }): void {
    const place = index * this.#size + label;
    this.#doubled[place] = (this.#doubled[place] ?? 0) + weight * (2 * this.#above + this.#tied);
  }

  close(index: number): void {
    this.#above += this.#tied;
    this.#aboveAll += this.#tiedAll;
    if (this.#tied > 0) this.#precisions[index]?.add(this.#tied * (this.#above / this.#aboveAll));
    this.#tied = 0;
    this.#tiedAll = 0;
  }

  finish(index: number): void {
    this.truths[index] = this.#above;
    this.#above = 0;
    this.#aboveAll = 0;
  }

  auc(index: number): MetricOutcome {
    const own = this.truths[index] ?? 0;
    let [rest, doubled] = [0, 0];
    for (const [other, weight] of this.truths.entries()) {
      if (other === index) continue;
      rest += weight;
      doubled += this.#doubled[index * this.#size + other] ?? 0;
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
    return (this.#precisions[index]?.value ?? Number.NaN) / own;
  }

  pairAuc(one: number, other: number): number {
    const pairs = (this.truths[one] ?? 0) * (this.truths[other] ?? 0);
    return (this.#doubled[one * this.#size + other] ?? 0) / 2 / pairs;
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
