import type { Curve } from "../details.ts";
import type { MetricOutcome } from "../metric-set.ts";
import type { Range } from "./first-sums.ts";
import type { Steps } from "./steps.ts";

/** Why there is no Gini; undefined where there is one. */
export function whyNoGini(truth: Range): string | undefined {
  if (truth.smallest < 0) return `the smallest truth is ${truth.smallest}, and must not be negative`;
  return truth.largest === 0 ? "zero division: every truth is 0" : undefined;
}

/**
 * `gini` = 1 - 2 * area under the curve of cumulative claims over cumulative exposure, rows by ascending prediction, and
 * `gini_normalized`, its share of the Gini of the truth's own order. Ties are averaged. Source: the Tweedie example of
 * scikit-learn; Frees, Meyers and Cummings (2011).
 */
export function giniOutcomes(
  truth: Range,
  areas: { readonly byPrediction: number; readonly byTruth: number },
): Record<string, MetricOutcome> {
  const reason = whyNoGini(truth);
  if (reason !== undefined) return { gini: { undefined: reason }, gini_normalized: { undefined: reason } };
  const gini = 1 - 2 * areas.byPrediction;
  const best = 1 - 2 * areas.byTruth;
  return {
    gini,
    gini_normalized:
      best === 0 ? { undefined: "zero division: the truth is the same in every row" } : gini / best,
  };
}

/** The area under the curve of cumulative amounts over cumulative weights. */
export class GiniArea {
  #weight = 0;
  #amount = 0;
  #doubled = 0;

  take({ count, weights, amounts }: Steps): void {
    let [weight, amount, doubled] = [this.#weight, this.#amount, this.#doubled];
    for (let step = 0; step < count; step += 1) {
      const more = amounts[step] ?? 0;
      const wider = weights[step] ?? 0;
      doubled += wider * (2 * amount + more);
      weight += wider;
      amount += more;
    }
    [this.#weight, this.#amount, this.#doubled] = [weight, amount, doubled];
  }

  get value(): number {
    return this.#doubled / 2 / this.#weight / this.#amount;
  }
}

const mostPoints = 200;

/** x: cumulative share of the weight by ascending prediction, y: of the truth. */
export class Lorenz {
  readonly #total: number;
  readonly #points = [{ x: 0, y: 0 }];
  #weight = 0;
  #amount = 0;

  /** Of a total weight. */
  constructor(total: number) {
    this.#total = total;
  }

  take({ count, weights, amounts }: Steps): void {
    const total = this.#total;
    for (let step = 0; step < count; step += 1) {
      this.#weight += weights[step] ?? 0;
      this.#amount += amounts[step] ?? 0;
      const last = this.#points[this.#points.length - 1];
      const x = this.#weight / total;
      if (last === undefined || x - last.x >= 1 / mostPoints || this.#weight >= total)
        this.#points.push({ x, y: this.#amount });
    }
  }

  /** When all steps were taken. */
  get curve(): Curve {
    const points = [...this.#points];
    const amount = this.#amount;
    if (points.at(-1)?.y !== amount) points.push({ x: 1, y: amount });
    return {
      x: points.map((point) => Math.min(1, point.x)),
      y: points.map((point) => point.y / amount),
      thresholds: points.map(() => null),
    };
  }
}
