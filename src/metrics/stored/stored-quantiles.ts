import { middle, placeOf, WeightedQuantile } from "../weighted-quantile.ts";
import { type RowStream, type SortWays, sortedSlices } from "./sorted-stream.ts";

/**
 * `quantileOf` of each share, of rows that may be too many for memory: `stream` has values and, where `weight` is their sum, weights;
 * without weights `stream.rows` must be exact.
 */
export async function storedQuantiles(
  stream: RowStream,
  ways: SortWays,
  { shares, weight }: { readonly shares: readonly number[]; readonly weight: number | undefined },
): Promise<number[]> {
  if (weight === undefined) return await plainQuantiles(stream, ways, shares);
  const found = shares.map((share) => new WeightedQuantile(weight, share));
  for await (const { columns } of sortedSlices(stream, ways)) {
    const [values = new Float64Array(), weights = values] = columns;
    const areKnown = found.map((one) => one.take(values, weights));
    if (areKnown.every((isKnown) => isKnown)) break;
  }
  return found.map((one) => one.value);
}

async function plainQuantiles(
  stream: RowStream,
  ways: SortWays,
  shares: readonly number[],
): Promise<number[]> {
  const places = shares.map((share) => placeOf(share, stream.rows));
  const wanted = places.flatMap(({ place, isMet }) => (isMet ? [place - 1, place] : [place - 1]));
  const isWanted = (start: number, end: number) => wanted.some((place) => place >= start && place < end);
  const found = new Map<number, number>();
  for await (const { columns, start } of sortedSlices(stream, ways, { isWanted })) {
    for (const place of wanted) {
      const value = columns[0]?.[place - start];
      if (value !== undefined) found.set(place, value);
    }
  }
  return places.map(({ place, isMet }) => {
    const value = found.get(place - 1) ?? Number.NaN;
    const next = isMet ? found.get(place) : undefined;
    return next === undefined ? value : middle(value, next);
  });
}
