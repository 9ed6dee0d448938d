import { inKernel, type Kernel } from "../kernel/kernel.ts";
import { runningValue } from "../sums/running-sum.ts";
import { doublesOfOdds, type LogOdds } from "./log-odds.ts";

/** `log-odds of a positive = intercept + slope * log-odds of the score`; a well calibrated model has 0 and 1. */
export interface LogisticRefit {
  readonly slope: number;
  readonly intercept: number;
}

/** What is fitted, in the kernel's memory: log-odds, and sums over the positives of their weights, and of their weights times log-odds. */
interface Fitted {
  readonly kernel: Kernel;
  readonly cells: LogOdds;
  readonly positiveWeight: number;
  readonly positiveOdds: number;
}

const mostNewtonSteps = 50;
/** More log-odds than these are first put together to about so many, to find where to start. */
const mostInRough = 1000;
/** A step of Newton's squares the error: behind a shorter one than this there is nothing left to gain. */
const shortStep = 1e-8;

/**
 * The logistic regression of the labels on the log-odds of the scores, by Newton's method. A reason where
 * no finite estimate exists: one class only, one score only, or scores that tell the classes apart (Albert & Anderson 1984).
 */
export function logisticRefit(logOdds: LogOdds): LogisticRefit | { readonly undefined: string } {
  const reason = whyNone(logOdds);
  if (reason !== undefined) return { undefined: reason };
  return inKernel(logOdds.byteLength + 2 ** 16, (kernel) => {
    const odds = fittedOf(kernel, logOdds);
    const roughly =
      countOf(logOdds) > mostInRough ? newton(roughOf(odds), { intercept: 0, slope: 1 }) : undefined;
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

function fittedOf(kernel: Kernel, logOdds: LogOdds): Fitted {
  const cells = kernel.allot(Float64Array, logOdds.length);
  cells.set(logOdds);
  const sumOf = (place: number) => {
    // As `addCells` in the kernel has it.
    const sum = new Float64Array(2);
    const first = kernel.at(cells) + place * cells.BYTES_PER_ELEMENT;
    kernel.with(sum, (at) => kernel.loops.addCells(at, first, countOf(logOdds)));
    return runningValue(sum[0], sum[1]);
  };
  return { kernel, cells, positiveWeight: sumOf(1), positiveOdds: sumOf(3) };
}

function countOf(logOdds: LogOdds): number {
  return logOdds.length / doublesOfOdds;
}

/** Neighbouring log-odds as their mean. */
function roughOf({ kernel, cells, ...positives }: Fitted): Fitted {
  const count = countOf(cells);
  const together = Math.ceil(count / mostInRough);
  const rough = kernel.allot(Float64Array, doublesOfOdds * Math.ceil(count / together));
  kernel.loops.joinCells(kernel.at(rough), kernel.at(cells), count, together);
  return { kernel, cells: rough, ...positives };
}

/** In one dimension the estimate is finite where the classes overlap from both sides. */
function whyNone(logOdds: LogOdds): string | undefined {
  const count = countOf(logOdds);
  const isSome = (cell: number, place: number) => (logOdds[doublesOfOdds * cell + place] ?? 0) > 0;
  const firstOf = (place: number) => {
    for (let cell = 0; cell < count; cell += 1) if (isSome(cell, place)) return cell;
    return undefined;
  };
  const lastOf = (place: number) => {
    for (let cell = count - 1; cell > 0; cell -= 1) if (isSome(cell, place)) return cell;
    return 0;
  };
  const [highestUp, highestDown] = [firstOf(1), firstOf(2)];
  if (highestUp === undefined || highestDown === undefined) return "one class only";
  if (count === 1) return "all scores are equal";
  if (lastOf(1) <= highestDown || lastOf(2) <= highestUp) {
    return "the scores tell the classes apart, so that the logistic refit has no finite slope";
  }
  return undefined;
}

/** Of the log-likelihood; `deviance` is the negative of that. */
function gradientAt(odds: Fitted, { intercept, slope }: LogisticRefit) {
  const { kernel, cells, positiveWeight, positiveOdds } = odds;
  // As `addLogistic` in the kernel has them.
  const sums = new Float64Array(6);
  kernel.with(sums, (at) => kernel.loops.addLogistic(at, kernel.at(cells), countOf(cells), intercept, slope));
  const [share0 = 0, share1 = 0, curvature0 = 0, curvature1 = 0, curvature2 = 0, softplus = 0] = sums;
  return {
    gradient: [positiveWeight - share0, positiveOdds - share1] as const,
    hessian: [curvature0, curvature1, curvature2] as const,
    deviance: softplus - intercept * positiveWeight - slope * positiveOdds,
  };
}
