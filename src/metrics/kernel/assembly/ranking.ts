import { addPlainly, addTo, runLength } from "./sums";

/** See `RankingWalk`. `state`: pairs, precisions (running sums), distance, squares of the positives and of the negatives. */
export function rank(
  state: usize,
  positives: usize,
  negatives: usize,
  blocks: usize,
  aboveBefore: f64,
  falselyBefore: f64,
  allPositives: f64,
  allNegatives: f64,
): void {
  let above = aboveBefore;
  let falsely = falselyBefore;
  let distance = load<f64>(state, 32);
  const end = positives + 8 * blocks;
  while (positives < end) {
    const endOfRun = min(end, positives + 8 * runLength);
    let pairs: f64 = 0;
    let precisions: f64 = 0;
    let squaresUp: f64 = 0;
    let squaresDown: f64 = 0;
    while (positives < endOfRun) {
      const up = load<f64>(positives);
      const down = load<f64>(negatives);
      const negativesAbove = 2 * falsely + down;
      pairs += down * (2 * above + up);
      above += up;
      falsely += down;
      const positivesBelow = 2 * (allPositives - above) + up;
      // Without a branch for negatives, which no processor foresees.
      precisions += up * (above / (above + falsely));
      squaresUp += up * negativesAbove * negativesAbove;
      squaresDown += down * positivesBelow * positivesBelow;
      distance = max(distance, abs(above * allNegatives - falsely * allPositives));
      positives += 8;
      negatives += 8;
    }
    addTo(state, pairs);
    addTo(state + 16, precisions);
    addPlainly(state + 40, squaresUp);
    addPlainly(state + 48, squaresDown);
  }
  store<f64>(state, distance, 32);
}
