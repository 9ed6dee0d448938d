import { RunningSum } from "../sums/running-sum.ts";
import type { LogOdds } from "./log-odds.ts";

/** `log-odds of a positive = intercept + slope * log-odds of the score`; a well calibrated model has 0 and 1. */
export interface LogisticRefit {
  readonly slope: number;
  readonly intercept: number;
}

/** What is fitted: the log-odds, and sums over the positives of their weights, and of their weights times log-odds. */
interface Fitted {
  readonly values: Float64Array;
  readonly weights: Float64Array;
  readonly positiveWeight: number;
  readonly positiveOdds: number;
}

const mostNewtonSteps = 50;
/** More log-odds than these are first put together to about so many, to find where to start. */
const mostInRough = 1000;
/**
 * The logistic regression of the labels on the log-odds of the scores, by Newton's method. A reason where
 * no finite estimate exists: one class only, one score only, or scores that tell the classes apart (Albert & Anderson 1984).
 */
export function logisticRefit(logOdds: LogOdds): LogisticRefit | { readonly undefined: string } {
  const reason = whyNone(logOdds);
  if (reason !== undefined) return { undefined: reason };
  const odds = fittedOf(logOdds);
  const roughly =
    odds.values.length > mostInRough ? newton(roughOf(odds), { intercept: 0, slope: 1 }) : undefined;
  const start = roughly !== undefined && "slope" in roughly ? roughly : { intercept: 0, slope: 1 };
  return newton(odds, start);
}

function newton(odds: Fitted, start: LogisticRefit): LogisticRefit | { readonly undefined: string } {
  let fit = start;
  let at = gradientAt(odds, fit);
  for (let step = 0; step < mostNewtonSteps; step += 1) {
    const move = newtonMove(at);
    if (move === undefined) break;
    const size =
      (Math.abs(move.slope) + Math.abs(move.intercept)) / (1 + Math.abs(fit.slope) + Math.abs(fit.intercept));
    let scale = 1;
    let next = fit;
    let nextAt = at;
    do {
      next = { intercept: fit.intercept + scale * move.intercept, slope: fit.slope + scale * move.slope };
      nextAt = gradientAt(odds, next);
      scale /= 2;
    } while (!(nextAt.deviance <= at.deviance) && scale > 1e-3);
    const isBetter = nextAt.deviance <= at.deviance;
    if (size < 1e-13 || (!isBetter && size < 1e-7)) return isBetter ? next : fit;
    if (!isBetter) break;
    [fit, at] = [next, nextAt];
  }
  return { undefined: `the logistic refit does not converge within ${mostNewtonSteps} steps` };
}

/** Undefined where the likelihood is flat. */
function newtonMove({ gradient, hessian }: ReturnType<typeof gradientAt>): LogisticRefit | undefined {
  const determinant = hessian[0] * hessian[2] - hessian[1] ** 2;
  if (!(determinant > 0)) return undefined;
  return {
    intercept: (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant,
    slope: (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant,
  };
}

function fittedOf({ values, positives, negatives, positiveOdds }: LogOdds): Fitted {
  const weight = new RunningSum();
  const odds = new RunningSum();
  for (const one of positives) weight.add(one);
  for (const one of positiveOdds) odds.add(one);
  const weights = positives.map((up, index) => up + (negatives[index] ?? 0));
  return { values, weights, positiveWeight: weight.value, positiveOdds: odds.value };
}

/** Neighbouring log-odds as their mean. */
function roughOf({ values, weights, ...positives }: Fitted): Fitted {
  const together = Math.ceil(values.length / mostInRough);
  const rough = {
    values: new Float64Array(Math.ceil(values.length / together)),
    weights: new Float64Array(Math.ceil(values.length / together)),
    ...positives,
  };
  for (let start = 0; start < values.length; start += together) {
    let [sum, weight] = [0, 0];
    for (let index = start; index < Math.min(values.length, start + together); index += 1) {
      sum += (values[index] ?? 0) * (weights[index] ?? 0);
      weight += weights[index] ?? 0;
    }
    rough.values[start / together] = sum / weight;
    rough.weights[start / together] = weight;
  }
  return rough;
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

/** Of the log-likelihood; `deviance` is the negative of that. */
function gradientAt(odds: Fitted, { intercept, slope }: LogisticRefit) {
  const { values, weights, positiveWeight, positiveOdds } = odds;
  let [share0, share1, curvature0, curvature1, curvature2, softplus] = [0, 0, 0, 0, 0, 0];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    const weight = weights[index] ?? 0;
    const linear = intercept + slope * value;
    // ln(1 + e^x) and 1 / (1 + e^-x) without overflow.
    const small = Math.exp(-Math.abs(linear));
    const share = weight * (linear >= 0 ? 1 / (1 + small) : small / (1 + small));
    const curvature = share / (linear >= 0 ? 1 + 1 / small : 1 + small);
    softplus += weight * (Math.max(linear, 0) + Math.log1p(small));
    share0 += share;
    share1 += share * value;
    curvature0 += curvature;
    curvature1 += curvature * value;
    curvature2 += curvature * value * value;
  }
  return {
    gradient: [positiveWeight - share0, positiveOdds - share1] as const,
    hessian: [curvature0, curvature1, curvature2] as const,
    deviance: softplus - intercept * positiveWeight - slope * positiveOdds,
  };
}
