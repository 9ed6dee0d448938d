import { addPlainly, addTo, runLength } from "./sums";

/** Adds blocks to a bar. `state`: score times weight (running sum), weight, positives. */
export function addToBar(
  state: usize,
  scores: usize,
  positives: usize,
  negatives: usize,
  blocks: usize,
): void {
  const end = scores + 8 * blocks;
  while (scores < end) {
    const endOfRun = min(end, scores + 8 * runLength);
    let sum: f64 = 0;
    let hits: f64 = 0;
    let weight: f64 = 0;
    while (scores < endOfRun) {
      const up = load<f64>(positives);
      const both = up + load<f64>(negatives);
      sum += load<f64>(scores) * both;
      hits += up;
      weight += both;
      scores += 8;
      positives += 8;
      negatives += 8;
    }
    addTo(state, sum);
    addPlainly(state + 16, weight);
    addPlainly(state + 24, hits);
  }
}

/** The first of the blocks whose middle lies at `nextStep` or above, in units of `1 / perWeight`; `blocks` where there is none. */
export function endOfMass(
  positives: usize,
  negatives: usize,
  blocks: usize,
  aboveBefore: f64,
  perWeight: f64,
  nextStep: f64,
): usize {
  let above = aboveBefore;
  for (let block: usize = 0; block < blocks; block += 1) {
    const both = load<f64>(positives + 8 * block) + load<f64>(negatives + 8 * block);
    if ((above + both / 2) * perWeight >= nextStep) return block;
    above += both;
  }
  return blocks;
}
