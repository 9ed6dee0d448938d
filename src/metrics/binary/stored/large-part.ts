import { type Columns, partOf } from "../columns.ts";
import { startsOf } from "../partition.ts";
import { BucketBlocks, countParts, type PartFigures, PartWalk, type WalkFacts, WalkTools } from "../walk.ts";
import { CountedScores, mostCounted } from "./counted-scores.ts";
import { bucketRule, joinPieces, type PieceRule, type Pieces, piecesOf, widthRule } from "./pieces.ts";
import { blocksOf, emptyRows, type RowPlan, type StoredRows, taggingOf } from "./stored-rows.ts";

interface LargePart {
  readonly stored: StoredRows;
  readonly plan: RowPlan;
  readonly facts: WalkFacts;
  readonly part: number;
  /** So many rows are in memory at once. */
  readonly mostRows: number;
  /** So many rows are sorted and measured at once. */
  readonly mostBucket: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Measures a part that does not fit into memory, some buckets at a time. A bucket that is too large itself, since many scores are equal
 * or nearly so, is counted by score where its scores are few, without a change of any figure. Else it is cut into narrower ranges of
 * scores: sums are then added up in other runs, and may differ in their last digits from those of rows in memory.
 */
export async function measureLargePart(work: LargePart): Promise<PartFigures> {
  const { plan, facts, part, mostRows, mostBucket } = work;
  const walk = new PartWalk(facts, part, new WalkTools(facts, Math.max(mostBucket, mostCounted)));
  const rule = bucketRule(plan, plan.parts[part] ?? 0, plan.parts[part + 1] ?? 0);
  const range = { rule, lowest: Number.NEGATIVE_INFINITY, highest: Number.POSITIVE_INFINITY };
  await walkRange(work, walk, { ...range, mostRows, mostAlone: mostBucket, areBuckets: true });
  return walk.figures;
}

/** Scores of a part from `lowest` to `highest`. */
interface ScoreRange {
  readonly lowest: number;
  readonly highest: number;
}

/** How a range is cut. */
interface Cutting extends ScoreRange {
  readonly rule: PieceRule;
  readonly mostRows: number;
  readonly mostAlone: number;
  /** Whether each piece is measured by itself. */
  readonly areBuckets: boolean;
}

async function walkRange(work: LargePart, walk: PartWalk, cutting: Cutting): Promise<void> {
  const { rule, mostAlone, areBuckets } = cutting;
  const pieces = await piecesOf(rowsIn(work, cutting), rule);
  for (const joined of joinPieces(pieces, cutting)) {
    const { first, end, rows } = joined;
    if (end - first > 1 || rows <= mostAlone) {
      const own = pieces.filter((piece) => piece.first >= first && piece.end <= end);
      await walkRows(work, walk, { cutting, pieces: areBuckets ? own : [joined] });
      continue;
    }
    const counted = await countedScores(work, joined);
    if (counted !== undefined) {
      counted.each((slot, group, blocks) => walk.add(slot, group, blocks));
      continue;
    }
    const narrower = { rule: widthRule(joined.lowest, joined.highest), areBuckets: false };
    await walkRange(work, walk, { ...joined, ...narrower, mostRows: mostAlone, mostAlone });
  }
}

async function* rowsIn(
  { stored, plan, part, signal }: LargePart,
  { lowest, highest }: ScoreRange,
): AsyncIterable<Columns> {
  const start = plan.buckets[plan.parts[part] ?? 0] ?? 0;
  const end = plan.buckets[plan.parts[part + 1] ?? 0] ?? 0;
  for await (const block of blocksOf(stored, plan.form, { start, end, signal })) {
    const { scores, payloads } = block;
    let kept = 0;
    for (let row = 0; row < scores.length; row += 1) {
      const score = scores[row] ?? 0;
      scores[kept] = score;
      payloads[kept] = payloads[row] ?? 0;
      if (score >= lowest && score <= highest) kept += 1;
    }
    if (kept > 0) yield partOf(block, 0, kept);
  }
}

/** Undefined where the scores are too many. */
async function countedScores(work: LargePart, range: ScoreRange): Promise<CountedScores | undefined> {
  const counted = new CountedScores(work.plan.form);
  for await (const block of rowsIn(work, range)) if (!counted.add(block)) return undefined;
  return counted;
}

/** Reads some pieces, each as a bucket of its own, and goes down them. */
async function walkRows(
  work: LargePart,
  walk: PartWalk,
  { cutting, pieces }: { readonly cutting: Cutting; readonly pieces: readonly Pieces[] },
): Promise<void> {
  const { plan } = work;
  const { form, isSigned } = plan;
  const buckets = startsOf(pieces.map((piece) => piece.rows));
  const rows = await readPieces(work, { cutting, pieces, buckets });
  const partition = {
    rows,
    buckets,
    parts: Uint32Array.of(0, pieces.length),
    tagging: taggingOf(form),
    isSigned,
  };
  const groups = [1, ...form.groups];
  const tallies = groups.map((count) => new Uint32Array(2 * count * pieces.length));
  const request = { partition, groups, tallies, next: new Int32Array(1) };
  await countParts(request);
  const blocks = new BucketBlocks(request);
  for (let bucket = 0; bucket < pieces.length; bucket += 1) {
    blocks.each(bucket, (slot, group, one) => walk.add(slot, group, one));
  }
}

async function readPieces(
  work: LargePart,
  wanted: { readonly cutting: Cutting; readonly pieces: readonly Pieces[]; readonly buckets: Uint32Array },
): Promise<Columns> {
  const { cutting, pieces, buckets } = wanted;
  const { rule } = cutting;
  const rows = emptyRows(work.plan.form, buckets[pieces.length] ?? 0, false);
  const next = buckets.slice(0, -1);
  /** One more than the number of the bucket; 0: not wanted. */
  const bucketOf = new Uint32Array(rule.pieces);
  for (const [bucket, { first, end }] of pieces.entries()) bucketOf.fill(bucket + 1, first, end);
  let places = new Uint32Array();
  for await (const { scores, payloads } of rowsIn(work, cutting)) {
    if (places.length < scores.length) places = new Uint32Array(scores.length);
    rule.place(scores, places);
    for (let row = 0; row < scores.length; row += 1) {
      const bucket = (bucketOf[places[row] ?? 0] ?? 0) - 1;
      if (bucket < 0) continue;
      const place = next[bucket] ?? 0;
      next[bucket] = place + 1;
      rows.scores[place] = scores[row] ?? 0;
      rows.payloads[place] = payloads[row] ?? 0;
    }
  }
  return rows;
}
