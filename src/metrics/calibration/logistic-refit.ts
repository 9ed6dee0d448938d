import { inKernel, type Kernel } from "../kernel/kernel.ts";
import { runningValue } from "../sums/running-sum.ts";
import type { LogOdds } from "./log-odds.ts";

/** `log-odds of a positive = intercept + slope * log-odds of the score`; a well calibrated model has 0 and 1. */
export interface LogisticRefit {
  readonly slope: number;
  readonly intercept: number;
}

/** What is fitted: the log-odds, and sums over the positives of their weights, and of their weights times log-odds. */
interface Fitted {
  readonly kernel: Kernel;
  /** These two in its memory. */
  readonly values: Float64Array;
  readonly weights: Float64Array;
  readonly positiveWeight: number;
  readonly positiveOdds: number;
}

const mostNewtonSteps = 50;
/** More log-odds than these are first put together to about so many, to find where to start. */
const mostInRough = 1000;
/** A step of Newton's squares the error: behind a shorter one than this there is nothing left to gain. */
const shortStep = 1e-8;
/** Log-odds, weight, and one of both for the sums. */
const bytesEach = 24;

/**
 * The logistic regression of the labels on the log-odds of the scores, by Newton's method. A reason where
 * no finite estimate exists: one class only, one score only, or scores that tell the classes apart (Albert & Anderson 1984).
 */
export function logisticRefit(logOdds: LogOdds): LogisticRefit | { readonly undefined: string } {
  const reason = whyNone(logOdds);
  if (reason !== undefined) return { undefined: reason };
  return inKernel(bytesEach * logOdds.values.length + 2 ** 16, (kernel) => {
    const odds = fittedOf(kernel, logOdds);
    const roughly =
      odds.values.length > mostInRough ? newton(roughOf(odds), { intercept: 0, slope: 1 }) : undefined;
    const start = roughly !== undefined && "slope" in roughly ? roughly : { intercept: 0, slope: 1 };
    return newton(odds, start);
  });
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
    if (size < shortStep || (!isBetter && size < 1e-7)) return isBetter ? next : fit;
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

function fittedOf(kernel: Kernel, { values, positives, negatives, positiveOdds }: LogOdds): Fitted {
  const own = kernel.allot(Float64Array, values.length);
  const weights = kernel.allot(Float64Array, values.length);
  const scratch = kernel.allot(Float64Array, values.length);
  const sumOf = (terms: Float64Array) => {
    scratch.set(terms);
    // As `addAll` in the kernel has it.
    const sum = new Float64Array(2);
    kernel.with(sum, (at) => kernel.loops.addAll(at, kernel.at(scratch), terms.length));
    return runningValue(sum[0], sum[1]);
  };
  own.set(values);
  for (let index = 0; index < weights.length; index += 1)
    weights[index] = (positives[index] ?? 0) + (negatives[index] ?? 0);
  return {
    kernel,
    values: own,
    weights,
    positiveWeight: sumOf(positives),
    positiveOdds: sumOf(positiveOdds),
  };
}

/** Neighbouring log-odds as their mean. */
function roughOf({ kernel, values, weights, ...positives }: Fitted): Fitted {
  const together = Math.ceil(values.length / mostInRough);
  const rough = {
    kernel,
    values: kernel.allot(Float64Array, Math.ceil(values.length / together)),
    weights: kernel.allot(Float64Array, Math.ceil(values.length / together)),
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
  const { kernel, values, weights, positiveWeight, positiveOdds } = odds;
  // As `addLogistic` in the kernel has them.
  const sums = new Float64Array(6);
  kernel.with(sums, (at) =>
    kernel.loops.addLogistic(at, kernel.at(values), kernel.at(weights), values.length, intercept, slope),
  );
  const [share0 = 0, share1 = 0, curvature0 = 0, curvature1 = 0, curvature2 = 0, softplus = 0] = sums;
  return {
    gradient: [positiveWeight - share0, positiveOdds - share1] as const,
    hessian: [curvature0, curvature1, curvature2] as const,
    deviance: softplus - intercept * positiveWeight - slope * positiveOdds,
  };
}
