import { addPlainly, addTo, runLength } from "./sums";

/** See `LogLosses`: two values a block. */
export function fillLogLosses(
  values: usize,
  scores: usize,
  positives: usize,
  negatives: usize,
  blocks: usize,
  lowest: f64,
): void {
  const highest = 1 - lowest;
  const end = scores + 8 * blocks;
  while (scores < end) {
    const score = load<f64>(scores);
    const up = load<f64>(positives);
    const side: usize = up === 0 ? 1 : 0;
    // The share that is given to the class of the block: without a branch for each row, which no processor foresees.
    const share = abs(<f64>side - score);
    store<f64>(values + 8 * side, -NativeMath.log(min(max(share, lowest), highest)));
    if (up !== 0 && load<f64>(negatives) !== 0) {
      store<f64>(values, -NativeMath.log(min(max(1 - score, lowest), highest)), 8);
    }
    values += 16;
    scores += 8;
    positives += 8;
    negatives += 8;
  }
}

/**
 * See `LossWalk`. `state`: log-losses, squared errors (running sums), weight, squares of the log-losses' and of the errors' differences
 * from the origins, which come after them.
 */
export function addLosses(
  state: usize,
  scores: usize,
  positives: usize,
  negatives: usize,
  places: usize,
  blocks: usize,
  values: usize,
): void {
  const logOrigin = load<f64>(state, 56);
  const errorOrigin = load<f64>(state, 64);
  const end = scores + 8 * blocks;
  while (scores < end) {
    const endOfRun = min(end, scores + 8 * runLength);
    let logRun: f64 = 0;
    let logSquares: f64 = 0;
    let errorRun: f64 = 0;
    let errorSquares: f64 = 0;
    let weights: f64 = 0;
    while (scores < endOfRun) {
      const score = load<f64>(scores);
      const up = load<f64>(positives);
      const down = load<f64>(negatives);
      const losses = values + 16 * <usize>load<u32>(places);
      const isUp = up !== 0;
      const side: usize = isUp ? 0 : 1;
      const weight = isUp ? up : down;
      const loss = load<f64>(losses + 8 * side);
      const miss = abs(1 - <f64>side - score);
      const error = miss * miss;
      logRun += loss * weight;
      logSquares += (loss - logOrigin) * (loss - logOrigin) * weight;
      errorRun += error * weight;
      errorSquares += (error - errorOrigin) * (error - errorOrigin) * weight;
      weights += up + down;
      if (isUp && down !== 0) {
        const other = load<f64>(losses, 8);
        const square = score * score;
        logRun += other * down;
        logSquares += (other - logOrigin) * (other - logOrigin) * down;
        errorRun += square * down;
        errorSquares += (square - errorOrigin) * (square - errorOrigin) * down;
      }
      scores += 8;
      positives += 8;
      negatives += 8;
      places += 4;
    }
    addTo(state, logRun);
    addTo(state + 16, errorRun);
    addPlainly(state + 32, weights);
    addPlainly(state + 40, logSquares);
    addPlainly(state + 48, errorSquares);
  }
}
