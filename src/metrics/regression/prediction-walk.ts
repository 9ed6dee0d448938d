import type { Decile, MeasurementDetails } from "../details.ts";
import type { SortedRows } from "../stored/sorted-rows.ts";
import type { FirstFigures } from "./first-sums.ts";
import { GiniArea, Lorenz, whyNoGini } from "./insurance-gini.ts";
import { type RankFigures, RankMoments } from "./rank-correlation.ts";
import { Ranking } from "./ranks.ts";
import { StepMaker, type Steps } from "./steps.ts";

/** Goes up the predictions. */
export class PredictionWalk {
  readonly #isWeighted: boolean;
  readonly #ranks: PairedRanks | undefined;
  readonly #area: GiniArea | undefined;
  readonly #lorenz: Lorenz | undefined;
  readonly #deciles: Deciles | undefined;
  readonly #maker = new StepMaker();

  /** `wantsDetails`: what a person looks at. */
  constructor(first: FirstFigures, wantsDetails: boolean) {
    const hasGini = whyNoGini(first.truth) === undefined;
    this.#isWeighted = first.isWeighted;
    this.#ranks = first.isWeighted ? undefined : new PairedRanks(first.count);
    this.#area = hasGini ? new GiniArea() : undefined;
    this.#lorenz = hasGini && wantsDetails ? new Lorenz(first.weight) : undefined;
    this.#deciles = wantsDetails ? new Deciles(first.weight) : undefined;
  }

  /** Columns: predictions, truths, and weights or the ranks of the truths, in which rows of one prediction ascend. */
  take({ columns, ahead }: SortedRows): void {
    const [predictions = new Float64Array(), truths = predictions, third = predictions] = columns;
    const weights = this.#isWeighted ? third : undefined;
    this.#ranks?.take(predictions, third, ahead);
    if (this.#area === undefined && this.#deciles === undefined) return;
    const steps = this.#maker.take({ values: predictions, truths, weights, ahead });
    this.#area?.take(steps);
    this.#lorenz?.take(steps);
    this.#deciles?.take(steps);
  }

  get area(): number {
    return this.#area?.value ?? Number.NaN;
  }

  /** Undefined with weights. */
  get ranks(): Omit<RankFigures, "tiedTruths" | "inversions"> | undefined {
    return this.#ranks?.figures;
  }

  get details(): Pick<MeasurementDetails, "deciles" | "lorenz"> {
    const lorenz = this.#lorenz?.curve;
    const deciles = this.#deciles?.found;
    return {
      ...(deciles === undefined ? {} : { deciles }),
      ...(lorenz === undefined ? {} : { lorenz }),
    };
  }
}

/** Ranks of truths beside those of predictions. */
class PairedRanks {
  readonly #ranking = new Ranking();
  readonly #moments: RankMoments;
  #tiedBoth = 0;
  #lastPrediction = Number.NaN;
  #lastTruth = Number.NaN;
  /** Rows before the next one that are tied with it by both, if it is tied with the last one. */
  #run = 0;

  constructor(count: number) {
    this.#moments = new RankMoments(count);
  }

  take(predictions: Float64Array, truthRanks: Float64Array, ahead: number): void {
    const ranks = new Float64Array(predictions.length);
    this.#ranking.take(predictions, ahead, ranks);
    this.#moments.take(truthRanks, ranks);
    for (let row = 0; row < ranks.length; row += 1) {
      const [prediction, truth] = [ranks[row] ?? 0, truthRanks[row] ?? 0];
      this.#run = prediction === this.#lastPrediction && truth === this.#lastTruth ? this.#run + 1 : 0;
      this.#tiedBoth += this.#run;
      this.#lastPrediction = prediction;
      this.#lastTruth = truth;
    }
  }

  get figures(): Omit<RankFigures, "tiedTruths" | "inversions"> {
    return {
      moments: this.#moments.moments,
      tiedPredictions: this.#ranking.ties,
      tiedBoth: this.#tiedBoth,
    };
  }
}

/** Tenths of the weight by prediction, lowest first; rows of one prediction stay together, where the middle of their weight lies. */
class Deciles {
  readonly #total: number;
  readonly #found = Array.from({ length: 10 }, () => ({ count: 0, weight: 0, prediction: 0, amount: 0 }));
  #below = 0;

  /** Of a total weight. */
  constructor(total: number) {
    this.#total = total;
  }

  take({ count, values, rows, weights, amounts }: Steps): void {
    for (let step = 0; step < count; step += 1) {
      const weight = weights[step] ?? 0;
      const place = Math.floor((10 * (this.#below + weight / 2)) / this.#total);
      const decile = this.#found[Math.min(9, place)];
      this.#below += weight;
      if (decile === undefined) continue;
      decile.count += rows[step] ?? 0;
      decile.weight += weight;
      decile.prediction += weight * (values[step] ?? 0);
      decile.amount += amounts[step] ?? 0;
    }
  }

  get found(): Decile[] {
    return this.#found.flatMap(({ count, weight, prediction, amount }, index) =>
      count === 0 || !Number.isFinite(prediction) || !Number.isFinite(amount)
        ? []
        : [
            {
              decile: index + 1,
              count,
              weight,
              meanPrediction: prediction / weight,
              meanTruth: amount / weight,
            },
          ],
    );
  }
}
