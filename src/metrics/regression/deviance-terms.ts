/** What a Tweedie deviance of a power asks of truths and predictions. Source: scikit-learn, mean_tweedie_deviance. */
interface Domain {
  readonly truth: "any" | "not negative" | "positive";
  readonly isPredictionPositive: boolean;
}

/** Why a deviance is undefined where the smallest truth and the smallest prediction are these; undefined where it is defined. */
export function outsideDomain(
  power: number,
  smallestTruth: number,
  smallestPrediction: number,
): string | undefined {
  if (power > 0 && power < 1) return "there is no Tweedie distribution of a power between 0 and 1";
  const { truth, isPredictionPositive } = domainOf(power);
  if (isPredictionPositive && smallestPrediction <= 0)
    return `the smallest prediction is ${smallestPrediction}, and has to be positive`;
  if (truth === "positive" && smallestTruth <= 0)
    return `the smallest truth is ${smallestTruth}, and has to be positive`;
  return truth === "not negative" && smallestTruth < 0
    ? `the smallest truth is ${smallestTruth}, and must not be negative`
    : undefined;
}

export function isInDomain(power: number, smallestTruth: number, smallestPrediction: number): boolean {
  return outsideDomain(power, smallestTruth, smallestPrediction) === undefined;
}

function domainOf(power: number): Domain {
  if (power === 0) return { truth: "any", isPredictionPositive: false };
  if (power < 0) return { truth: "any", isPredictionPositive: true };
  return { truth: power < 2 ? "not negative" : "positive", isPredictionPositive: true };
}

/** Twice the difference of log-likelihoods, row by row. */
export class Deviance {
  readonly power: number;
  /** Exponents come from memory: a constant one might be worked out in another way, with other last bits. */
  readonly #exponents: Float64Array;

  constructor(power: number) {
    this.power = power;
    this.#exponents = Float64Array.of(2 - power, 1 - power);
  }

  /** `predictions`: of each row, or the same one for all. */
  fill(truths: Float64Array, predictions: Float64Array | number, terms: Float64Array): void {
    const constant = typeof predictions === "number" ? predictions : undefined;
    const many = typeof predictions === "number" ? truths : predictions;
    if (this.power === 0) fillSquares(truths, many, { constant, terms });
    else if (this.power === 1) fillPoisson(truths, many, { constant, terms });
    else if (this.power === 2) fillGamma(truths, many, { constant, terms });
    else this.#fillTweedie(truths, many, { constant, terms });
  }

  #fillTweedie(truths: Float64Array, predictions: Float64Array, { constant, terms }: To): void {
    const [two = 0, one = 0] = this.#exponents;
    const ofConstant = { one: (constant ?? 0) ** one, two: (constant ?? 0) ** two };
    for (let row = 0; row < terms.length; row += 1) {
      const truth = truths[row] ?? Number.NaN;
      const prediction = predictions[row] ?? Number.NaN;
      const toOne = constant === undefined ? prediction ** one : ofConstant.one;
      const toTwo = constant === undefined ? prediction ** two : ofConstant.two;
      terms[row] = 2 * (Math.max(truth, 0) ** two / (one * two) - (truth * toOne) / one + toTwo / two);
    }
  }
}

/** Twice the difference of log-likelihoods of one row. */
export function unitDeviance(power: number): (truth: number, prediction: number) => number {
  const deviance = new Deviance(power);
  const [truths, predictions, terms] = [new Float64Array(1), new Float64Array(1), new Float64Array(1)];
  return (truth, prediction) => {
    truths[0] = truth;
    predictions[0] = prediction;
    deviance.fill(truths, predictions, terms);
    return terms[0] ?? Number.NaN;
  };
}

interface To {
  readonly constant: number | undefined;
  readonly terms: Float64Array;
}

function fillSquares(truths: Float64Array, predictions: Float64Array, { constant, terms }: To): void {
  for (let row = 0; row < terms.length; row += 1) {
    const difference = (truths[row] ?? Number.NaN) - (constant ?? predictions[row] ?? Number.NaN);
    terms[row] = difference * difference;
  }
}

function fillPoisson(truths: Float64Array, predictions: Float64Array, { constant, terms }: To): void {
  for (let row = 0; row < terms.length; row += 1) {
    const truth = truths[row] ?? Number.NaN;
    const prediction = constant ?? predictions[row] ?? Number.NaN;
    terms[row] = 2 * ((truth === 0 ? 0 : truth * Math.log(truth / prediction)) - truth + prediction);
  }
}

function fillGamma(truths: Float64Array, predictions: Float64Array, { constant, terms }: To): void {
  for (let row = 0; row < terms.length; row += 1) {
    const truth = truths[row] ?? Number.NaN;
    const prediction = constant ?? predictions[row] ?? Number.NaN;
    terms[row] = 2 * (Math.log(prediction / truth) + truth / prediction - 1);
  }
}
