/**
 * See `PoolMaker`. A pool is three doubles: the number of its block of the highest score, weights of the positives and of all. Answers how
 * many pools there are, lowest first.
 */
export function poolBlocks(pools: usize, positives: usize, negatives: usize, blocks: usize): usize {
  let next = pools;
  for (let left = blocks; left > 0; left -= 1) {
    const block = left - 1;
    let up = load<f64>(positives + 8 * block);
    let weight = up + load<f64>(negatives + 8 * block);
    let first = <f64>block;
    while (next > pools) {
      const upBefore = load<f64>(next - 16);
      const weightBefore = load<f64>(next - 8);
      if (upBefore * weight < up * weightBefore) break;
      up += upBefore;
      weight += weightBefore;
      next -= 24;
      first = load<f64>(next);
    }
    store<f64>(next, first);
    store<f64>(next, up, 8);
    store<f64>(next, weight, 16);
    next += 24;
  }
  return (next - pools) / 24;
}
