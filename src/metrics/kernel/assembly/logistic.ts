import { addTo } from "./sums";

/** Log-odds, weights of the positives and of the negatives, and of the positives times their log-odds: doubles. */
const cellBytes: usize = 32;

/** Adds one of the doubles of each cell, which stands at `first` of the first cell, to a running sum. */
export function addCells(sum: usize, first: usize, cells: usize): void {
  const end = first + cellBytes * cells;
  for (let place = first; place < end; place += cellBytes) addTo(sum, load<f64>(place));
}

/** Puts so many neighbouring cells together into one at their mean; answers how many these are. */
export function joinCells(joined: usize, first: usize, cells: usize, together: usize): usize {
  const end = first + cellBytes * cells;
  let next = joined;
  let cell = first;
  while (cell < end) {
    const last = min(end, cell + cellBytes * together);
    let sum: f64 = 0;
    let weight: f64 = 0;
    while (cell < last) {
      const own = load<f64>(cell, 8) + load<f64>(cell, 16);
      sum += load<f64>(cell) * own;
      weight += own;
      cell += cellBytes;
    }
    store<f64>(next, sum / weight);
    store<f64>(next, weight, 8);
    store<f64>(next, 0, 16);
    next += cellBytes;
  }
  return (next - joined) / cellBytes;
}

/**
 * See `gradientAt` in logistic-refit.ts. `sums`: of the shares and of the shares times log-odds, of the curvatures, those times log-odds and
 * times squared log-odds, and of the soft maxima.
 */
export function addLogistic(sums: usize, first: usize, cells: usize, intercept: f64, slope: f64): void {
  let share0: f64 = 0;
  let share1: f64 = 0;
  let curvature0: f64 = 0;
  let curvature1: f64 = 0;
  let curvature2: f64 = 0;
  let softplus: f64 = 0;
  const end = first + cellBytes * cells;
  for (let cell = first; cell < end; cell += cellBytes) {
    const value = load<f64>(cell);
    const weight = load<f64>(cell, 8) + load<f64>(cell, 16);
    const linear = intercept + slope * value;
    // ln(1 + e^x) and 1 / (1 + e^-x) without overflow.
    const small = NativeMath.exp(-abs(linear));
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
  return one === 1 ? small : (NativeMath.log(one) * small) / (one - 1);
}
