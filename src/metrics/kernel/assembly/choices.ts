/** Rules by which thresholds are chosen; their numbers are those of `ruleKinds` in threshold-choices.ts. */
const maxF1 = 0;
const youden = 1;
const recallAtPrecision = 2;
const precisionAtRecall = 3;
const fprAtTpr = 4;

/**
 * What a threshold is worth, the higher the better; NaN where it may not be taken. `rule`: positives and negatives of all rows, the least
 * value that is asked for, then what false and true positives, false and true negatives cost.
 */
export function worth(kind: i32, rule: usize, truePositives: f64, falsePositives: f64): f64 {
  const positives = load<f64>(rule);
  const negatives = load<f64>(rule, 8);
  const least = load<f64>(rule, 16);
  switch (kind) {
    case maxF1:
      return (2 * truePositives) / (truePositives + falsePositives + positives);
    case youden:
      return truePositives / positives - falsePositives / negatives;
    case recallAtPrecision: {
      const precision = truePositives / (truePositives + falsePositives);
      return precision >= least ? truePositives / positives : NaN;
    }
    case precisionAtRecall: {
      const precision = truePositives / (truePositives + falsePositives);
      return truePositives / positives >= least ? precision : NaN;
    }
    case fprAtTpr:
      return truePositives / positives >= least ? -falsePositives / negatives : NaN;
    default:
      return -(
        load<f64>(rule, 24) * falsePositives +
        load<f64>(rule, 40) * (positives - truePositives) +
        load<f64>(rule, 32) * truePositives +
        load<f64>(rule, 48) * (negatives - falsePositives)
      );
  }
}

/**
 * Looks for a threshold that is worth more than the best so far. `best`: its worth, true and false positives. Answers the number of the
 * block whose score it is, or -1. `takesAll`: a block without positives may be better too.
 */
export function betterThreshold(
  kind: i32,
  rule: usize,
  best: usize,
  positives: usize,
  negatives: usize,
  blocks: usize,
  above: f64,
  falsely: f64,
  takesAll: bool,
): i32 {
  let found: i32 = -1;
  let most = load<f64>(best);
  let truePositives = above;
  let falsePositives = falsely;
  for (let block: usize = 0; block < blocks; block += 1) {
    const up = load<f64>(positives + 8 * block);
    truePositives += up;
    falsePositives += load<f64>(negatives + 8 * block);
    // More false positives and nothing else are never better, but for costs that reward them.
    if (up === 0 && !takesAll) continue;
    const own = worth(kind, rule, truePositives, falsePositives);
    if (!(own > most)) continue;
    most = own;
    found = <i32>block;
    store<f64>(best, truePositives, 8);
    store<f64>(best, falsePositives, 16);
  }
  store<f64>(best, most);
  return found;
}
