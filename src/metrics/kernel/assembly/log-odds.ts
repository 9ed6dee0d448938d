/**
 * See `LogOddsWalk`. `state`: limit, then weights of the positives and of the negatives, scores, what is missing to 1, and both of the
 * positives only, of the cell that is open. Closed cells are written to `cells`, four doubles each; answers how many.
 */
export function addLogOdds(
  state: usize,
  cells: usize,
  scores: usize,
  positives: usize,
  negatives: usize,
  blocks: usize,
  clip: f64,
  width: f64,
): usize {
  const highest = 1 - clip;
  let limit = load<f64>(state);
  let up = load<f64>(state, 8);
  let down = load<f64>(state, 16);
  let share = load<f64>(state, 24);
  let missing = load<f64>(state, 32);
  let upShare = load<f64>(state, 40);
  let upMissing = load<f64>(state, 48);
  const end = scores + 8 * blocks;
  let cell = cells;
  while (scores < end) {
    const own = min(max(load<f64>(scores), clip), highest);
    const ownMissing = 1 - own;
    if (own < limit) {
      if (share !== 0) {
        writeCell(cell, up, down, share, missing, upShare, upMissing);
        cell += 32;
      }
      limit = max(own * (1 - width), 1 - ownMissing * (1 + width));
      up = 0;
      down = 0;
      share = 0;
      missing = 0;
      upShare = 0;
      upMissing = 0;
    }
    const ownUp = load<f64>(positives);
    const ownDown = load<f64>(negatives);
    const both = ownUp + ownDown;
    up += ownUp;
    down += ownDown;
    share += own * both;
    missing += ownMissing * both;
    upShare += own * ownUp;
    upMissing += ownMissing * ownUp;
    scores += 8;
    positives += 8;
    negatives += 8;
  }
  store<f64>(state, limit);
  store<f64>(state, up, 8);
  store<f64>(state, down, 16);
  store<f64>(state, share, 24);
  store<f64>(state, missing, 32);
  store<f64>(state, upShare, 40);
  store<f64>(state, upMissing, 48);
  return (cell - cells) / 32;
}

/** Closes the open cell; answers how many were written, 0 or 1. */
export function closeLogOdds(state: usize, cells: usize): usize {
  const share = load<f64>(state, 24);
  if (share === 0) return 0;
  const missing = load<f64>(state, 32);
  const up = load<f64>(state, 8);
  writeCell(cells, up, load<f64>(state, 16), share, missing, load<f64>(state, 40), load<f64>(state, 48));
  return 1;
}

/** Log-odds of the mean score, weights of both classes, log-odds of the positives' mean score times their weight. */
function writeCell(
  cell: usize,
  up: f64,
  down: f64,
  share: f64,
  missing: f64,
  upShare: f64,
  upMissing: f64,
): void {
  store<f64>(cell, NativeMath.log(share / missing));
  store<f64>(cell, up, 8);
  store<f64>(cell, down, 16);
  store<f64>(cell, up === 0 ? 0 : up * NativeMath.log(upShare / upMissing), 24);
}
