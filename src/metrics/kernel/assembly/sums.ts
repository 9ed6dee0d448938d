/** So many terms may be added up plainly before their sum goes into a running sum; see `RunningSum` in metrics/sums. */
export const runLength: usize = 256;

/** Adds a term to the running sum (Neumaier 1974) whose sum and error stand at `sum`. */
export function addTo(sum: usize, term: f64): void {
  const before = load<f64>(sum);
  const after = before + term;
  const added = after - before;
  store<f64>(sum, load<f64>(sum, 8) + (before - (after - added) + (term - added)), 8);
  store<f64>(sum, after);
}

/** Adds a term to the double at `place`. */
export function addPlainly(place: usize, term: f64): void {
  store<f64>(place, load<f64>(place) + term);
}

/** Adds the positives and the negatives of blocks to two doubles. */
export function addBlocks(state: usize, positives: usize, negatives: usize, blocks: usize): void {
  let up = load<f64>(state);
  let down = load<f64>(state, 8);
  const end = positives + 8 * blocks;
  while (positives < end) {
    up += load<f64>(positives);
    down += load<f64>(negatives);
    positives += 8;
    negatives += 8;
  }
  store<f64>(state, up);
  store<f64>(state, down, 8);
}
