import type { SortedRows } from "../stored/sorted-rows.ts";
import { middle, placeOf, WeightedQuantile } from "../weighted-quantile.ts";
import type { FirstFigures } from "./first-sums.ts";
import { GiniArea, whyNoGini } from "./insurance-gini.ts";
import { Ranking } from "./ranks.ts";
import { StepMaker } from "./steps.ts";

/** The median of values that come in ascending order, some at a time. */
export class SortedMedian {
  readonly #weighted: WeightedQuantile | undefined;
  readonly #place: number;
  readonly #isMet: boolean;
  #done = 0;
  #value = Number.NaN;
  #next: number | undefined;

  constructor({ count, weight, isWeighted }: Pick<FirstFigures, "count" | "weight" | "isWeighted">) {
    this.#weighted = isWeighted ? new WeightedQuantile(weight, 0.5) : undefined;
    const { place, isMet } = placeOf(0.5, count);
    this.#place = place - 1;
    this.#isMet = isMet;
  }

  /** True: it is known, and no more is needed. */
  take(values: Float64Array, weights: Float64Array | undefined): boolean {
    if (this.#weighted !== undefined && weights !== undefined) return this.#weighted.take(values, weights);
    const at = this.#place - this.#done;
    if (at >= 0 && at < values.length) this.#value = values[at] ?? Number.NaN;
    if (at + 1 >= 0 && at + 1 < values.length) this.#next = values[at + 1];
    this.#done += values.length;
    return this.#done > this.#place + 1;
  }

  get value(): number {
    if (this.#weighted !== undefined) return this.#weighted.value;
    return this.#isMet && this.#next !== undefined ? middle(this.#value, this.#next) : this.#value;
  }
}

/** Goes up the truths: what their own order tells. */
export class TruthWalk {
  readonly #isWeighted: boolean;
  readonly #median: SortedMedian;
  readonly #ranking: Ranking | undefined;
  readonly #area: GiniArea | undefined;
  readonly #maker = new StepMaker();

  constructor(first: FirstFigures) {
    this.#isWeighted = first.isWeighted;
    this.#median = new SortedMedian(first);
    this.#ranking = first.isWeighted ? undefined : new Ranking();
    this.#area = whyNoGini(first.truth) === undefined ? new GiniArea() : undefined;
  }

  /** Columns: truths, predictions, and weights or room for the ranks of the truths, which are written there. */
  take({ columns, ahead }: SortedRows): void {
    const [truths = new Float64Array(), , third = truths] = columns;
    const weights = this.#isWeighted ? third : undefined;
    this.#median.take(truths, weights);
    this.#area?.take(this.#maker.take({ values: truths, truths, weights, ahead }));
    this.#ranking?.take(truths, ahead, third);
  }

  get figures(): { readonly median: number; readonly area: number; readonly ties: number } {
    return {
      median: this.#median.value,
      area: this.#area?.value ?? Number.NaN,
      ties: this.#ranking?.ties ?? 0,
    };
  }
}
