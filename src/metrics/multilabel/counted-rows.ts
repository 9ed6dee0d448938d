import {
  type DecidedFigure,
  divisorOf,
  figureOf,
  type GroupRows,
  type RankedFigure,
  type RowFigure,
  type RowTriple,
} from "./group-rows.ts";
import { type FewValues, sumOver, Tally } from "./tally.ts";
import { ValueMean } from "./value-mean.ts";

/** The numbers of the values of figures that are no whole numbers. */
export interface RankedValues {
  readonly averagePrecision: FewValues;
  readonly loss: FewValues;
}

/** One row, as a key of its numbers of labels, and with the numbers of its values. */
export interface CountedRow {
  readonly averagePrecision: number;
  readonly coverage: number;
  readonly loss: number;
  readonly precisionPlace: number | undefined;
  readonly lossPlace: number | undefined;
}

/** The key of a row of so many labels. */
export function keyOf({ truth, given, both }: RowTriple, size: number): number {
  return (truth * (size + 1) + given) * (size + 1) + both;
}

/** Rows of one group without weights: those that are alike are counted. */
export class CountedRows implements GroupRows {
  readonly isWeighted = false;
  readonly #size: number;
  readonly #triples = new Tally();
  readonly #coverage = new Tally();
  readonly #averagePrecision: ValueMean;
  readonly #loss: ValueMean;
  #rows = 0;

  /** Of so many labels. */
  constructor(size: number, values: RankedValues) {
    this.#size = size;
    this.#averagePrecision = new ValueMean(values.averagePrecision);
    this.#loss = new ValueMean(values.loss);
  }

  add(key: number, ranked: CountedRow | undefined): void {
    this.#rows += 1;
    this.#triples.add(key);
    if (ranked === undefined) return;
    this.#coverage.add(ranked.coverage);
    this.#averagePrecision.add(ranked.precisionPlace, ranked.averagePrecision);
    this.#loss.add(ranked.lossPlace, ranked.loss);
  }

  /** The same rows once more. */
  addAgain({ precisionPlace, averagePrecision, lossPlace, loss }: CountedRow): void {
    if (precisionPlace === undefined)
      this.#averagePrecision.addAgain(precisionPlace, averagePrecision, this.#mean("averagePrecision"));
    if (lossPlace === undefined) this.#loss.addAgain(lossPlace, loss, this.#mean("loss"));
  }

  /** False: the rows must be gone along once more. */
  get isCounted(): boolean {
    return this.#averagePrecision.isCounted && this.#loss.isCounted;
  }

  get rows(): number {
    return this.#rows;
  }

  get measured(): number {
    return this.#rows;
  }

  get weight(): number {
    return this.#rows;
  }

  sum(figure: RowFigure): number {
    if (figure === "averagePrecision") return this.#averagePrecision.sum;
    if (figure === "loss") return this.#loss.sum;
    return this.#sumOf(figure, (value) => value);
  }

  squares(figure: RowFigure, mean: number): number {
    if (figure === "averagePrecision") return this.#averagePrecision.squares(mean);
    if (figure === "loss") return this.#loss.squares(mean);
    return this.#sumOf(figure, (value) => (value - mean) ** 2);
  }

  none(figure: DecidedFigure): number {
    return sumOver(this.#triples, (key) => (divisorOf(figure, this.#tripleOf(key)) === 0 ? 1 : 0));
  }

  #sumOf(figure: Exclude<RowFigure, "averagePrecision" | "loss">, term: (value: number) => number): number {
    if (figure === "coverage") return sumOver(this.#coverage, term);
    return sumOver(this.#triples, (key) => term(figureOf(figure, this.#tripleOf(key), this.#size)));
  }

  #mean(figure: RankedFigure): number {
    return this.sum(figure) / this.#rows;
  }

  #tripleOf(key: number): RowTriple {
    const base = this.#size + 1;
    return {
      truth: Math.floor(key / base / base),
      given: Math.floor(key / base) % base,
      both: key % base,
    };
  }
}
