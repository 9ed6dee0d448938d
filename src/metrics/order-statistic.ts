/** Fewer values are put in order one by one. */
const fewValues = 16;

/**
 * Puts the value that stands at `place` in ascending order there, smaller ones before it and larger ones behind. Values must not be NaN;
 * -0 and 0 are equal. Quickselect (Hoare 1961) by the median of nine, whose time is linear as a rule.
 */
export function selectPlace(values: Float64Array, place: number): number {
  let [start, end] = [0, values.length];
  while (end - start > fewValues) {
    const pivot = pivotOf(values, start, end);
    let [left, right] = [start, end - 1];
    while (left <= right) {
      while ((values[left] ?? 0) < pivot) left += 1;
      while ((values[right] ?? 0) > pivot) right -= 1;
      if (left > right) break;
      const value = values[left] ?? 0;
      values[left] = values[right] ?? 0;
      values[right] = value;
      left += 1;
      right -= 1;
    }
    if (place <= right) end = right + 1;
    else if (place >= left) start = left;
    else return values[place] ?? Number.NaN;
  }
  values.subarray(start, end).sort();
  return values[place] ?? Number.NaN;
}

function pivotOf(values: Float64Array, start: number, end: number): number {
  const step = (end - start - 1) / 8;
  const some = Float64Array.from({ length: 9 }, (_, index) => values[start + Math.floor(index * step)] ?? 0);
  return some.sort()[4] ?? Number.NaN;
}

/** The smallest of the values from `start` on; undefined without any. */
export function smallestFrom(values: Float64Array, start: number): number | undefined {
  if (start >= values.length) return undefined;
  let smallest = Number.POSITIVE_INFINITY;
  for (let index = start; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    if (value < smallest) smallest = value;
  }
  return smallest;
}
