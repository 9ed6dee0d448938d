import { exp, log } from "./host";
import { addTo } from "./sums";

/** Adds doubles to a running sum, each by itself. */
export function addAll(sum: usize, values: usize, count: usize): void {
  const end = values + 8 * count;
  for (let place = values; place < end; place += 8) addTo(sum, load<f64>(place));
}

/**
 * See `gradientAt` in logistic-refit.ts. `sums`: of the shares and of the shares times values, of the curvatures, those times values and
 * times squared values, and of the soft maxima.
 */
export function addLogistic(
  sums: usize,
  values: usize,
  weights: usize,
  count: usize,
  intercept: f64,
  slope: f64,
): void {
  let share0: f64 = 0;
  let share1: f64 = 0;
  let curvature0: f64 = 0;
  let curvature1: f64 = 0;
  let curvature2: f64 = 0;
  let softplus: f64 = 0;
  const end = values + 8 * count;
  while (values < end) {
    const value = load<f64>(values);
    const weight = load<f64>(weights);
    const linear = intercept + slope * value;
    // ln(1 + e^x) and 1 / (1 + e^-x) without overflow.
    const small = exp(-abs(linear));
    const one = 1 + small;
    const isUp = linear >= 0;
    const share = weight * ((isUp ? 1 : small) / one);
    const curvature = share * ((isUp ? small : 1) / one);
    softplus += weight * (max(linear, 0) + logOfOnePlus(small, one));
    share0 += share;
    share1 += share * value;
    curvature0 += curvature;
    curvature1 += curvature * value;
    curvature2 += curvature * value * value;
    values += 8;
    weights += 8;
  }
  store<f64>(sums, share0);
  store<f64>(sums, share1, 8);
  store<f64>(sums, curvature0, 16);
  store<f64>(sums, curvature1, 24);
  store<f64>(sums, curvature2, 32);
  store<f64>(sums, softplus, 40);
}

/** Of a small number and of one more, without losing its digits (Kahan; see Goldberg 1991, theorem 4). */
function logOfOnePlus(small: f64, one: f64): f64 {
  return one === 1 ? small : (log(one) * small) / (one - 1);
}
