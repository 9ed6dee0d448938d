import type { Scores } from "../../score-columns.ts";
import { type Cut, PieceCounts } from "../cut-buckets.ts";
import { bucketsOf } from "../join-cells.ts";
import { cellsOf, countsOf, mostInBucket, partsOf, startsOf } from "../partition.ts";
import { type Cells, countCells, firstSigned, placeInCells } from "../score-cells.ts";
import { countedBlocks, isSigned, type RowForm, type StoredRows } from "./stored-rows.ts";

/** How scores become buckets and parts, as those of rows in memory do. */
export interface RowPlan {
  readonly form: RowForm;
  /** Writes the bucket of each score. */
  place(scores: Scores, into: Uint32Array): void;
  /** Where each bucket starts, and where the last one ends. */
  readonly buckets: Uint32Array;
  /** The first bucket of each part, and the end. */
  readonly parts: Uint32Array;
  /** A bucket of more rows has one score only. */
  readonly mostRows: number;
}

/** Counts the rows by score, and says where buckets and parts end: where they do for rows in memory. */
export async function planRows(
  stored: StoredRows,
  form: RowForm,
  signal: AbortSignal | undefined,
): Promise<RowPlan> {
  const { rows, counted = rows } = form;
  const range = isSigned(form)
    ? { ...form.range, lowest: Math.min(form.range.lowest, firstSigned - 1) }
    : form.range;
  const cells = cellsOf(range, counted);
  const counts = countsOf(range, cells, false);
  const blocks = () => countedBlocks(stored, form, { signal });
  for await (const { scores } of blocks()) {
    countCells({ scores, cells, counts, start: 0, end: scores.length });
  }
  const mostRows = mostInBucket(counted);
  const { bucketOf, sizes } = bucketsOf([counts], mostRows, false);
  const tree = new BucketTree(
    cells,
    bucketOf,
    sizes.map(([size = 0]) => size),
  );
  while (tree.isTooLarge(mostRows)) {
    for await (const { scores } of blocks()) tree.span(scores);
    tree.startCounting();
    for await (const { scores } of blocks()) tree.count(scores);
    tree.cut(mostRows);
  }
  const buckets = startsOf(tree.numbered());
  const place = (scores: Scores, into: Uint32Array) => tree.place(scores, into);
  return { form, place, buckets, parts: partsOf(buckets), mostRows };
}

/** A bucket, or rows that are cut into such. */
interface Branch {
  readonly rows: number;
  bucket: number;
  cut: { readonly rule: Cut; readonly branches: readonly Branch[] } | undefined;
  /** Of one that is to be cut, until it is. */
  open: { lowest: number; highest: number; counts: PieceCounts | undefined } | undefined;
}

/** No number of a bucket. */
const isCut = 0xffff_ffff;

function branchOf(rows: number): Branch {
  return { rows, bucket: 0, cut: undefined, open: undefined };
}

/** The buckets of cells, of which those with too many rows are cut as `cutRows` does, all of them in one look at the rows. */
class BucketTree {
  readonly #cells: Cells;
  readonly #branchOf: Uint16Array;
  readonly #roots: readonly Branch[];
  #leaves: readonly Branch[];
  #open: readonly Branch[] = [];
  /** Of the roots, when all are counted through. */
  #numbers = new Uint32Array();
  #places = new Uint32Array();

  constructor(cells: Cells, bucketOf: Uint16Array, sizes: readonly number[]) {
    this.#cells = cells;
    this.#branchOf = bucketOf;
    this.#roots = sizes.map(branchOf);
    this.#leaves = this.#roots;
  }

  /** Opens the buckets that were made last and have too many rows. */
  isTooLarge(mostRows: number): boolean {
    this.#open = this.#leaves.filter((one) => one.rows > mostRows);
    for (const one of this.#open)
      one.open = {
        lowest: Number.POSITIVE_INFINITY,
        highest: Number.NEGATIVE_INFINITY,
        counts: undefined,
      };
    return this.#open.length > 0;
  }

  span(scores: Scores): void {
    this.#eachOpen(scores, (score, open) => {
      if (score < open.lowest) open.lowest = score;
      if (score > open.highest) open.highest = score;
    });
  }

  /** Those of one score stay as they are. */
  startCounting(): void {
    for (const one of this.#open) {
      const { open } = one;
      if (open === undefined) continue;
      if (open.lowest < open.highest) open.counts = new PieceCounts(open);
      else one.open = undefined;
    }
  }

  count(scores: Scores): void {
    this.#eachOpen(scores, (score, open) => open.counts?.add(score));
  }

  cut(mostRows: number): void {
    this.#leaves = this.#open.flatMap((one) => {
      const rule = one.open?.counts?.cut(mostRows);
      one.open = undefined;
      if (rule === undefined) return [];
      const branches = rule.sizes.map(branchOf);
      one.cut = { rule, branches };
      return branches;
    });
  }

  /** Counts the buckets through, highest scores first; their rows. */
  numbered(): number[] {
    const sizes: number[] = [];
    const number = (branches: readonly Branch[]) => {
      for (const one of branches) {
        if (one.cut === undefined) one.bucket = sizes.push(one.rows) - 1;
        else number(one.cut.branches);
      }
    };
    number(this.#roots);
    this.#numbers = Uint32Array.from(this.#roots, (one) => (one.cut === undefined ? one.bucket : isCut));
    return sizes;
  }

  place(scores: Scores, into: Uint32Array): void {
    placeInCells(scores, this.#cells, into);
    const [roots, numbers] = [this.#branchOf, this.#numbers];
    for (let row = 0; row < scores.length; row += 1) {
      const root = roots[into[row] ?? 0] ?? 0;
      const number = numbers[root] ?? 0;
      into[row] = number === isCut ? (leafOf(this.#roots[root], scores[row] ?? 0)?.bucket ?? 0) : number;
    }
  }

  #eachOpen(scores: Scores, take: (score: number, open: NonNullable<Branch["open"]>) => void): void {
    if (this.#places.length < scores.length) this.#places = new Uint32Array(scores.length);
    placeInCells(scores, this.#cells, this.#places);
    for (let row = 0; row < scores.length; row += 1) {
      const root = this.#roots[this.#branchOf[this.#places[row] ?? 0] ?? 0];
      const score = scores[row] ?? 0;
      const open = leafOf(root, score)?.open;
      if (open !== undefined) take(score, open);
    }
  }
}

function leafOf(root: Branch | undefined, score: number): Branch | undefined {
  let branch = root;
  while (branch?.cut !== undefined) branch = branch.cut.branches[branch.cut.rule.bucketOf(score)];
  return branch;
}
