import { type Columns, partOf } from "../score-columns.ts";
import { Kernel } from "./kernel.ts";
import { allotColumns, type ColumnTypes, RowSorter, rowSorterBytes, typesOf } from "./row-sorter.ts";

/** A kernel has room for so many rows: 26 bytes each at most, of 4 GiB. */
export const mostSortedAtOnce = 2 ** 27;
/** So many rows are sorted in memory that stays; it is not taken from the system before it is written. */
const keptRows = 2 ** 20;

/** Columns in the memory of a kernel, and what sorts them there. */
export class SortRoom {
  readonly mostRows: number;
  readonly #rows: Columns;
  readonly #sorter: RowSorter;

  /** For columns of the types of `like`. */
  constructor(like: Columns, mostRows: number) {
    const kernel = new Kernel(rowSorterBytes(like, mostRows));
    this.mostRows = mostRows;
    this.#rows = allotColumns(kernel, like, mostRows);
    this.#sorter = new RowSorter(kernel, this.#rows);
  }

  /** Room for so many rows, to be filled and sorted at once: the next user has it too. Throws a RangeError for too many. */
  rows(count: number): Columns {
    if (count > this.mostRows) throw new RangeError(`${count} rows in a room for ${this.mostRows}`);
    return partOf(this.#rows, 0, count);
  }

  /** Such rows, highest scores first, which must be finite and no -0; good until the room is used again. */
  sort(rows: Columns): Columns {
    return this.#sorter.sort(rows);
  }

  /** The same, those of equal score by payload: in their order where payloads are their numbers. */
  sortStable(rows: Columns): Columns {
    const sorted = this.sort(rows);
    orderTies(sorted);
    return sorted;
  }
}

function orderTies({ scores, payloads }: Columns): void {
  for (let start = 0; start < scores.length; ) {
    const score = scores[start];
    let end = start + 1;
    let isRising = true;
    for (; end < scores.length && scores[end] === score; end += 1)
      isRising &&= (payloads[end - 1] ?? 0) < (payloads[end] ?? 0);
    if (!isRising) payloads.subarray(start, end).sort();
    start = end;
  }
}

const kept = new Map<ColumnTypes, SortRoom>();
const large = new Map<ColumnTypes, WeakRef<SortRoom>>();

/**
 * The room of this thread for columns of the types of `like`, of so many rows at least: all that sort there have their turns. A kernel for
 * each of thousands of groups would need terabytes of addresses. A large one is there as long as somebody holds it.
 */
export function sortRoom(like: Columns, rows: number): SortRoom {
  const types = typesOf(like);
  const known = rows <= keptRows ? kept.get(types) : large.get(types)?.deref();
  if (known !== undefined && known.mostRows >= rows) return known;
  const room = new SortRoom(like, Math.max(rows, keptRows));
  if (rows <= keptRows) kept.set(types, room);
  else large.set(types, new WeakRef(room));
  return room;
}

/**
 * Puts rows in order where they lie, highest scores first, which must be finite and no -0; rows of equal score in no promised order. More
 * than `mostAtOnce` are divided first, so that no more memory is needed for them.
 */
export function sortInPlace(rows: Columns, mostAtOnce = keptRows): void {
  const { scores, payloads } = rows;
  const [first] = scores;
  if (scores.every((score) => score === first)) return;
  if (scores.length > mostAtOnce) {
    const { upper, lower } = divide(rows);
    sortInPlace(partOf(rows, 0, upper), mostAtOnce);
    sortInPlace(partOf(rows, lower, scores.length), mostAtOnce);
    return;
  }
  const room = sortRoom(rows, scores.length);
  const copy = room.rows(scores.length);
  copy.scores.set(scores);
  copy.payloads.set(payloads);
  const sorted = room.sort(copy);
  scores.set(sorted.scores);
  payloads.set(sorted.payloads);
}

/** Puts higher scores before `upper` and lower ones from `lower` on; what is between them, or equal on either side, is in its place. */
function divide({ scores, payloads }: Columns): { readonly upper: number; readonly lower: number } {
  const pivot = middleOf(scores);
  let [left, right] = [0, scores.length - 1];
  while (left <= right) {
    while ((scores[left] ?? 0) > pivot) left += 1;
    while ((scores[right] ?? 0) < pivot) right -= 1;
    if (left > right) break;
    const [score, payload] = [scores[left] ?? 0, payloads[left] ?? 0];
    scores[left] = scores[right] ?? 0;
    payloads[left] = payloads[right] ?? 0;
    scores[right] = score;
    payloads[right] = payload;
    left += 1;
    right -= 1;
  }
  return { upper: right + 1, lower: left };
}

const sampled = 255;

/** The middle one of some scores from all over the rows. */
function middleOf(scores: Columns["scores"]): number {
  const step = (scores.length - 1) / (sampled - 1);
  const some = Float64Array.from(
    { length: sampled },
    (_, index) => scores[Math.floor(index * step)] ?? Number.NaN,
  );
  return some.sort()[(sampled - 1) / 2] ?? Number.NaN;
}
