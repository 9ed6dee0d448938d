import { ExactSum } from "../exact-sum.ts";

/** Rows of one value each: equal ones are one step, so that the order of the rows does not show. */
export interface Steps {
  readonly count: number;
  readonly values: Float64Array;
  readonly rows: Float64Array;
  /** Sums of the weights (exposure). */
  readonly weights: Float64Array;
  /** Sums of weight * truth (claims). */
  readonly amounts: Float64Array;
}

/** A step of which rows are still to come. */
interface OpenStep {
  rows: number;
  readonly weight: ExactSum;
  readonly amount: ExactSum;
}

/** Makes steps of rows that come in ascending order. */
export class StepMaker {
  #steps = emptySteps(0);
  #open: OpenStep | undefined;

  /** The steps that end with these rows, in memory that the next ones use again. */
  take(rows: {
    readonly values: Float64Array;
    readonly truths: Float64Array;
    readonly weights: Float64Array | undefined;
    readonly ahead: number;
  }): Steps {
    const { values, truths, weights, ahead } = rows;
    if (this.#steps.values.length < values.length) this.#steps = emptySteps(values.length);
    const steps = this.#steps;
    const amounts = weights === undefined ? truths : truths.map((truth, row) => (weights[row] ?? 0) * truth);
    let count = 0;
    for (let start = 0; start < values.length; ) {
      const value = values[start] ?? Number.NaN;
      let end = start + 1;
      while (end < values.length && values[end] === value) end += 1;
      const isOpen = end === values.length && ahead > 0;
      if (isOpen || this.#open !== undefined) {
        const open = this.#addToOpen({ amounts, weights, start, end });
        if (isOpen) break;
        steps.rows[count] = open.rows;
        steps.weights[count] = weights === undefined ? open.rows : open.weight.value;
        steps.amounts[count] = open.amount.value;
        this.#open = undefined;
      } else {
        steps.rows[count] = end - start;
        steps.weights[count] = weights === undefined ? end - start : sumOf(weights, start, end);
        steps.amounts[count] = sumOf(amounts, start, end);
      }
      steps.values[count] = value;
      count += 1;
      start = end;
    }
    return { ...steps, count };
  }

  #addToOpen({
    amounts,
    weights,
    start,
    end,
  }: {
    readonly amounts: Float64Array;
    readonly weights: Float64Array | undefined;
    readonly start: number;
    readonly end: number;
  }): OpenStep {
    this.#open ??= { rows: 0, weight: new ExactSum(), amount: new ExactSum() };
    this.#open.rows += end - start;
    if (weights !== undefined) this.#open.weight.addAll(weights.subarray(start, end));
    this.#open.amount.addAll(amounts.subarray(start, end));
    return this.#open;
  }
}

function emptySteps(rows: number): Omit<Steps, "count"> {
  const [values, counts, weights, amounts] = Array.from({ length: 4 }, () => new Float64Array(rows));
  const none = new Float64Array();
  return { values: values ?? none, rows: counts ?? none, weights: weights ?? none, amounts: amounts ?? none };
}

/** Rounded once. */
function sumOf(terms: Float64Array, start: number, end: number): number {
  const first = terms[start] ?? 0;
  if (end - start === 1) return first;
  if (end - start === 2) return first + (terms[start + 1] ?? 0);
  const sum = new ExactSum();
  sum.addAll(terms.subarray(start, end));
  return sum.value;
}
