import { ExactSum } from "../exact-sum.ts";
import {
  type DecidedFigure,
  divisorOf,
  figureOf,
  type GroupRows,
  type RankedFigure,
  type RowFigure,
  type RowTriple,
} from "./group-rows.ts";

const decided = ["right", "hamming", "f1", "precision", "recall", "jaccard"] as const;
const ranked = ["averagePrecision", "coverage", "loss"] as const;

/** Rows of one group with weights. */
export class WeightedRows implements GroupRows {
  readonly isWeighted = true;
  readonly #size: number;
  readonly #sums = new Map<RowFigure, ExactSum>([...decided, ...ranked].map((one) => [one, new ExactSum()]));
  readonly #none = new Map<DecidedFigure, number>();
  readonly #weight = new ExactSum();
  #rows = 0;
  #measured = 0;

  /** Of so many labels. */
  constructor(size: number) {
    this.#size = size;
  }

  add(weight: number, triple: RowTriple, figures: Readonly<Record<RankedFigure, number>> | undefined): void {
    this.#rows += 1;
    if (weight === 0) return;
    this.#measured += 1;
    this.#weight.add(weight);
    for (const figure of decided) {
      this.#sums.get(figure)?.add(weight * figureOf(figure, triple, this.#size));
      if (divisorOf(figure, triple) === 0) this.#none.set(figure, this.none(figure) + 1);
    }
    if (figures === undefined) return;
    for (const figure of ranked) this.#sums.get(figure)?.add(weight * figures[figure]);
  }

  get rows(): number {
    return this.#rows;
  }

  get measured(): number {
    return this.#measured;
  }

  get weight(): number {
    return this.#weight.value;
  }

  sum(figure: RowFigure): number {
    return this.#sums.get(figure)?.value ?? Number.NaN;
  }

  squares(): number {
    return Number.NaN;
  }

  none(figure: DecidedFigure): number {
    return this.#none.get(figure) ?? 0;
  }
}
