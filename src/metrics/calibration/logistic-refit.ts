import type { CalibrationRows } from "./reliability.ts";

/** `log-odds of a positive = intercept + slope * log-odds of the score`; a well calibrated model has 0 and 1. */
export interface LogisticRefit {
  readonly slope: number;
  readonly intercept: number;
}

/** Distinct log-odds, highest first, with the sums of weights of each class. */
interface LogOdds {
  readonly values: Float64Array;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

const mostNewtonSteps = 50;
/** Above so many distinct scores their log-odds are put into cells, each at its mean: a slope moves by less than 1e-9. */
const mostExact = 100_000;
const cellsPerUnit = 4096;

/**
 * The logistic regression of the labels on the log-odds of the scores (clipped as for log-loss), by Newton's method. A reason where
 * no finite estimate exists: one class only, one score only, or scores that tell the classes apart (Albert & Anderson 1984).
 */
export function logisticRefit(rows: CalibrationRows, clip: number): LogisticRefit | { readonly undefined: string } {
  const odds = logOddsOf(rows, clip);
  const reason = whyNone(odds);
  if (reason !== undefined) return { undefined: reason };
  let fit = { intercept: 0, slope: 1 };
  let deviance = gradientAt(odds, fit).deviance;
  for (let step = 0; step < mostNewtonSteps; step += 1) {
    const { gradient, hessian } = gradientAt(odds, fit);
    const determinant = hessian[0] * hessian[2] - hessian[1] ** 2;
    if (!(determinant > 0)) break;
    const move = {
      intercept: (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant,
      slope: (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant,
    };
    let scale = 1;
    let next = fit;
    let nextDeviance = Number.NaN;
    do {
      next = { intercept: fit.intercept + scale * move.intercept, slope: fit.slope + scale * move.slope };
      nextDeviance = gradientAt(odds, next).deviance;
      scale /= 2;
    } while (!(nextDeviance <= deviance * (1 + 1e-12)) && scale > 1e-9);
    const moved = Math.abs(next.slope - fit.slope) + Math.abs(next.intercept - fit.intercept);
    [fit, deviance] = [next, nextDeviance];
    if (moved <= 1e-13 * (1 + Math.abs(fit.slope) + Math.abs(fit.intercept))) return fit;
    if (step > 8 && moved <= 1e-10 * (1 + Math.abs(fit.slope) + Math.abs(fit.intercept))) return fit;
  }
  return { undefined: `the logistic refit does not converge in ${mostNewtonSteps} steps` };
}

function logOddsOf({ scores, positives, negatives }: CalibrationRows, clip: number): LogOdds {
  const isExact = scores.length <= mostExact;
  const values: number[] = [];
  const ups: number[] = [];
  const downs: number[] = [];
  let [cell, sum, up, down] = [Number.NaN, 0, 0, 0];
  const close = () => {
    if (up + down === 0) return;
    values.push(sum / (up + down));
    ups.push(up);
    downs.push(down);
  };
  for (let block = 0; block < scores.length; block += 1) {
    const probability = Math.min(Math.max(scores[block] ?? 0, clip), 1 - clip);
    const value = Math.log(probability / (1 - probability));
    const own = isExact ? value : Math.floor(value * cellsPerUnit);
    if (own !== cell) {
      close();
      [cell, sum, up, down] = [own, 0, 0, 0];
    }
    const weight = (positives[block] ?? 0) + (negatives[block] ?? 0);
    sum += value * weight;
    up += positives[block] ?? 0;
    down += negatives[block] ?? 0;
  }
  close();
  return {
    values: Float64Array.from(values),
    positives: Float64Array.from(ups),
    negatives: Float64Array.from(downs),
  };
}

/** In one dimension the estimate is finite where the classes overlap from both sides. */
function whyNone({ values, positives, negatives }: LogOdds): string | undefined {
  const [highestUp, lowestUp] = [positives.findIndex(isSome), positives.findLastIndex(isSome)];
  const [highestDown, lowestDown] = [negatives.findIndex(isSome), negatives.findLastIndex(isSome)];
  if (highestUp < 0 || highestDown < 0) return "one class only";
  if (values.length === 1) return "all scores are equal";
  if (lowestUp <= highestDown || lowestDown <= highestUp) {
    return "the scores tell the classes apart, so that the logistic refit has no finite slope";
  }
  return undefined;
}

function isSome(weight: number): boolean {
  return weight > 0;
}

function gradientAt({ values, positives, negatives }: LogOdds, { intercept, slope }: LogisticRefit) {
  const gradient: [number, number] = [0, 0];
  const hessian: [number, number, number] = [0, 0, 0];
  let deviance = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    const up = positives[index] ?? 0;
    const down = negatives[index] ?? 0;
    const linear = intercept + slope * value;
    // ln(1 + e^x) and 1 / (1 + e^-x) without overflow.
    const small = Math.exp(-Math.abs(linear));
    const share = linear >= 0 ? 1 / (1 + small) : small / (1 + small);
    const softplus = Math.max(linear, 0) + Math.log1p(small);
    deviance += (up + down) * softplus - up * linear;
    const residual = up - (up + down) * share;
    const curvature = (up + down) * share * (1 - share);
    gradient[0] += residual;
    gradient[1] += residual * value;
    hessian[0] += curvature;
    hessian[1] += curvature * value;
    hessian[2] += curvature * value * value;
  }
  return { gradient, hessian, deviance };
}
