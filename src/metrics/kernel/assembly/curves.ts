/** The next place of the cuts that are taken. */
let end: usize = 0;

/** A cut is three doubles: true positives, false positives, threshold. */
function take(truePositives: f64, falsePositives: f64, threshold: f64): void {
  store<f64>(end, truePositives);
  store<f64>(end, falsePositives, 8);
  store<f64>(end, threshold, 16);
  end += 24;
}

/**
 * See `CutWalk`. `state`: what is above, the last threshold, the next way and the next recall, and of the lowest and of the highest
 * precision itself and its cut. Looks at every so many blocks (`step`). Answers how many cuts were written to `cuts`.
 */
export function takeCuts(
  state: usize,
  cuts: usize,
  scores: usize,
  positives: usize,
  negatives: usize,
  blocks: usize,
  step: usize,
  perPositive: f64,
  perNegative: f64,
  cells: f64,
): usize {
  let up = load<f64>(state);
  let down = load<f64>(state, 8);
  let before = load<f64>(state, 16);
  let nextWay = load<f64>(state, 24);
  let nextRecall = load<f64>(state, 32);
  let least = load<f64>(state, 40);
  let leastUp = load<f64>(state, 48);
  let leastDown = load<f64>(state, 56);
  let leastAt = load<f64>(state, 64);
  let most = load<f64>(state, 72);
  let mostUp = load<f64>(state, 80);
  let mostDown = load<f64>(state, 88);
  let mostAt = load<f64>(state, 96);
  let precision = up / (up + down);
  end = cuts;
  for (let start: usize = 0; start < blocks; start += step) {
    const endOfStep = min(blocks, start + step);
    const score = load<f64>(scores + 8 * (endOfStep - 1));
    const upBefore = up;
    const downBefore = down;
    for (let block = start; block < endOfStep; block += 1) {
      up += load<f64>(positives + 8 * block);
      down += load<f64>(negatives + 8 * block);
    }
    const more = up - upBefore;
    if (more !== 0 && precision < least) {
      least = precision;
      leastAt = before;
      leastUp = upBefore;
      leastDown = downBefore;
    }
    const recall = up * perPositive;
    const way = recall + down * perNegative;
    const isHigher = more !== 0 && recall >= nextRecall;
    if (way >= nextWay || isHigher) {
      take(upBefore, downBefore, before);
      take(up, down, score);
      if (way >= nextWay) nextWay = way + 2 / cells;
    }
    if (isHigher) {
      take(leastUp, leastDown, leastAt);
      take(mostUp, mostDown, mostAt);
      least = Infinity;
      most = 0;
      nextRecall = recall + 1 / cells;
    }
    precision = up / (up + down);
    if (more !== 0 && precision > most) {
      most = precision;
      mostAt = score;
      mostUp = up;
      mostDown = down;
    }
    before = score;
  }
  store<f64>(state, up);
  store<f64>(state, down, 8);
  store<f64>(state, before, 16);
  store<f64>(state, nextWay, 24);
  store<f64>(state, nextRecall, 32);
  store<f64>(state, least, 40);
  store<f64>(state, leastUp, 48);
  store<f64>(state, leastDown, 56);
  store<f64>(state, leastAt, 64);
  store<f64>(state, most, 72);
  store<f64>(state, mostUp, 80);
  store<f64>(state, mostDown, 88);
  store<f64>(state, mostAt, 96);
  return (end - cuts) / 24;
}
