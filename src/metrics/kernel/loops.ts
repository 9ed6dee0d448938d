/** Where numbers begin in the kernel's memory, in bytes. */
type At = number;

type Sort = (
  scores: At,
  payloads: At,
  scratchScores: At,
  scratchPayloads: At,
  rows: number,
  room: At,
) => number;

type CountBlocks = (
  columns: At,
  groups: At,
  blockOf: At,
  scores: At,
  tags: At,
  rows: number,
  shift: number,
  mask: number,
) => void;

type NumberBlocks = (blockOf: At, scores: At, rows: number) => void;

/** What `assembly/` exports; each is described there. */
export interface Loops {
  readonly sortF32U8: Sort;
  readonly sortF32U16: Sort;
  readonly sortF32U32: Sort;
  readonly sortF64U8: Sort;
  readonly sortF64U16: Sort;
  readonly sortF64U32: Sort;
  readonly numberBlocksF32: NumberBlocks;
  readonly numberBlocksF64: NumberBlocks;
  readonly countBlocksF32U8: CountBlocks;
  readonly countBlocksF32U16: CountBlocks;
  readonly countBlocksF32U32: CountBlocks;
  readonly countBlocksF64U8: CountBlocks;
  readonly countBlocksF64U16: CountBlocks;
  readonly countBlocksF64U32: CountBlocks;
  rank(
    state: At,
    positives: At,
    negatives: At,
    blocks: number,
    aboveBefore: number,
    falselyBefore: number,
    allPositives: number,
    allNegatives: number,
  ): void;
  fillLogLosses(values: At, scores: At, positives: At, negatives: At, blocks: number, lowest: number): void;
  addLosses(
    state: At,
    scores: At,
    positives: At,
    negatives: At,
    places: At,
    blocks: number,
    values: At,
  ): void;
  addToBar(state: At, scores: At, positives: At, negatives: At, blocks: number): void;
  endOfMass(
    positives: At,
    negatives: At,
    blocks: number,
    aboveBefore: number,
    perWeight: number,
    nextStep: number,
  ): number;
  addLogOdds(
    state: At,
    cells: At,
    scores: At,
    positives: At,
    negatives: At,
    blocks: number,
    clip: number,
    width: number,
  ): number;
  closeLogOdds(state: At, cells: At): number;
  poolBlocks(pools: At, positives: At, negatives: At, blocks: number): number;
  addCells(sum: At, first: At, cells: number): void;
  joinCells(joined: At, first: At, cells: number, together: number): number;
  addLogistic(sums: At, first: At, cells: number, intercept: number, slope: number): void;
  markPoints(marks: At, gaps: At, xs: At, ys: At, points: number, most: number): void;
  addBlocks(state: At, positives: At, negatives: At, blocks: number): void;
  freeFrom(): At;
  worth(kind: number, rule: At, truePositives: number, falsePositives: number): number;
  betterThreshold(
    kind: number,
    rule: At,
    best: At,
    positives: At,
    negatives: At,
    blocks: number,
    above: number,
    falsely: number,
    takesAll: number,
  ): number;
  takeCuts(
    state: At,
    cuts: At,
    scores: At,
    positives: At,
    negatives: At,
    blocks: number,
    step: number,
    perPositive: number,
    perNegative: number,
    cells: number,
  ): number;
}
