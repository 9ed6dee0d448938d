import { mostSortedAtOnce, type SortRoom, sortRoom } from "./kernel/sort-room.ts";

const like = { scores: new Float64Array(), payloads: new Uint32Array() };

/** Sorts columns by the first of them, lowest first; rows of equal values stay in their order. */
export class ColumnSorter {
  readonly #mostRows: number;
  readonly #mostAtOnce: number;
  /** Values and numbers of rows are sorted there. */
  readonly #room: SortRoom;
  /** For the answer and the one before it, column by column. */
  readonly #answers: [Float64Array[], Float64Array[]] = [[], []];

  /** For at most so many rows; more than `mostAtOnce` take longer, and the memory of their columns once more. */
  constructor(mostRows: number, mostAtOnce = mostSortedAtOnce) {
    this.#mostRows = mostRows;
    this.#mostAtOnce = mostAtOnce;
    this.#room = sortRoom(like, Math.min(mostRows, mostAtOnce));
  }

  /**
   * Finite values; a -0 among the first column becomes 0. The columns stay as they are. The answer stands in memory that the sort after the
   * next one uses again.
   */
  sort(columns: readonly Float64Array[]): Float64Array[] {
    const { length } = columns[0] ?? [];
    const own = this.#answers.reverse()[0] ?? [];
    const answer = columns.map((_, index) => {
      own[index] ??= new Float64Array(this.#mostRows);
      return own[index].subarray(0, length);
    });
    if (length > this.#mostAtOnce) this.#sortHalves(columns, answer);
    else this.#sortAtOnce(columns, answer);
    return answer;
  }

  #sortAtOnce(columns: readonly Float64Array[], answer: readonly Float64Array[]): void {
    const [first = new Float64Array(), ...others] = columns;
    const [values = new Float64Array(), ...gathered] = answer;
    const { length } = first;
    const { scores: keys, payloads: rows } = this.#room.rows(length);
    // The sorter puts the highest first, and takes no -0.
    for (let row = 0; row < length; row += 1) {
      keys[row] = 0 - (first[row] ?? 0);
      rows[row] = row;
    }
    const unsorted = { scores: keys, payloads: rows };
    const sorted = others.length === 0 ? this.#room.sort(unsorted) : this.#room.sortStable(unsorted);
    for (let place = 0; place < length; place += 1) values[place] = 0 - (sorted.scores[place] ?? 0);
    for (const [index, column] of others.entries()) gather(column, sorted.payloads, gathered[index]);
  }

  /** Each half by itself, then both together. */
  #sortHalves(columns: readonly Float64Array[], answer: readonly Float64Array[]): void {
    const { length } = columns[0] ?? [];
    const half = Math.ceil(length / 2);
    const sortPart = (start: number, end: number) =>
      new ColumnSorter(end - start, this.#mostAtOnce).sort(
        columns.map((column) => column.subarray(start, end)),
      );
    merge(sortPart(0, half), sortPart(half, length), answer);
  }
}

/** Sorted rows with those that came after them. */
function merge(
  before: readonly Float64Array[],
  after: readonly Float64Array[],
  answer: readonly Float64Array[],
): void {
  const [one = new Float64Array()] = before;
  const [other = new Float64Array()] = after;
  let [next, nextOther] = [0, 0];
  for (let place = 0; place < one.length + other.length; place += 1) {
    const isOther =
      next === one.length || (nextOther < other.length && (other[nextOther] ?? 0) < (one[next] ?? 0));
    const from = isOther ? after : before;
    const row = isOther ? nextOther++ : next++;
    for (let column = 0; column < answer.length; column += 1) {
      const to = answer[column];
      if (to !== undefined) to[place] = from[column]?.[row] ?? 0;
    }
  }
}

function gather(column: Float64Array, order: ArrayLike<number>, to: Float64Array | undefined): void {
  if (to === undefined) return;
  for (let place = 0; place < to.length; place += 1) to[place] = column[order[place] ?? 0] ?? 0;
}
