import { mostSortedAtOnce, sortRoom } from "./kernel/sort-room.ts";

const like = { scores: new Float64Array(), payloads: new Uint32Array() };

/**
 * Row numbers by score, highest first; -0 equals 0. Scores must be finite. Equal scores stay in row order. More than `mostAtOnce` take
 * longer.
 */
export function descendingOrder(scores: Float64Array, mostAtOnce = mostSortedAtOnce): Uint32Array {
  const { length } = scores;
  if (length > mostAtOnce) return orderOfHalves(scores, mostAtOnce);
  const room = sortRoom(like, length);
  const rows = room.rows(length);
  for (let row = 0; row < length; row += 1) {
    rows.scores[row] = (scores[row] ?? 0) + 0;
    rows.payloads[row] = row;
  }
  return new Uint32Array(room.sortStable(rows).payloads);
}

/** Each half by itself, then both together. */
function orderOfHalves(scores: Float64Array, mostAtOnce: number): Uint32Array {
  const half = Math.ceil(scores.length / 2);
  const before = descendingOrder(scores.subarray(0, half), mostAtOnce);
  const after = descendingOrder(scores.subarray(half), mostAtOnce);
  const order = new Uint32Array(scores.length);
  let [next, nextAfter] = [0, 0];
  for (let place = 0; place < order.length; place += 1) {
    const row = before[next] ?? 0;
    const other = half + (after[nextAfter] ?? 0);
    const isOther =
      next === before.length || (nextAfter < after.length && (scores[other] ?? 0) > (scores[row] ?? 0));
    order[place] = isOther ? other : row;
    if (isOther) nextAfter += 1;
    else next += 1;
  }
  return order;
}

/** Row numbers by value, lowest first; -0 equals 0. Values must be finite. */
export function ascendingOrder(values: Float64Array): Uint32Array {
  return descendingOrder(values).reverse();
}
