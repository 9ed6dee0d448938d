import type { MeasurementDetails } from "../../details.ts";
import { middle, placeOf } from "../../weighted-quantile.ts";
import { definedPowers } from "../deviances.ts";
import { type FirstFigures, FirstSums } from "../first-sums.ts";
import { measureSample, type SampleFigures, type SampleWays } from "../measure-sample.ts";
import { PredictionWalk } from "../prediction-walk.ts";
import { ResidualCounts, residualShares } from "../regression-details.ts";
import type { RegressionRows } from "../regression-sample.ts";
import type { SortedRows } from "../sorted-rows.ts";
import { SpreadSums } from "../spread-sums.ts";
import { SortedMedian, TruthWalk } from "../truth-walk.ts";
import { KeySamples } from "./key-samples.ts";
import { collect, type RowStream, type SortWays, sortedSlices } from "./sorted-stream.ts";
import { RankParts, StoredInversions } from "./stored-inversions.ts";

/** Rows that can be read again and again. */
export interface StoredSample {
  /** So many at most. */
  readonly rows: number;
  readonly isWeighted: boolean;
  /** Those of a weight above 0, in arrays that the next block may use again. */
  blocks(): AsyncIterable<RegressionRows>;
}

type Ways = SortWays & SampleWays;

/** `measureSample` of rows that may be too many for memory: the figures are the same to the last bit. */
export async function measureStoredSample(sample: StoredSample, ways: Ways): Promise<SampleFigures> {
  const width = sample.isWeighted ? 3 : 2;
  if (sample.rows <= ways.sortRows) {
    const columns = await collect(columnsOf(sample), { rows: sample.rows, columns: width });
    const [truths = new Float64Array(), predictions = truths, weights] = columns;
    ways.onRows(roundsOf(ways) * sample.rows);
    return measureSample({ truths, predictions, weights }, ways);
  }
  const sums = new FirstSums(sample.isWeighted, ways.powers);
  const samples = new KeySamples(sample.rows);
  for await (const block of watched(sample, ways)) {
    sums.take(block);
    samples.take(block);
  }
  const first = sums.figures;
  const work = { sample, ways, first, samples };
  const medianError = await medianSize(work);
  const counts = ways.wantsDetails && first.count > 0 ? await residualCounts(work) : undefined;
  const walked = await walk(work);
  const spread = new SpreadSums(first, walked.median, definedPowers(first));
  for await (const block of watched(sample, ways)) {
    spread.take(block);
    counts?.take(block);
  }
  const { areas, ranks } = walked;
  const details: MeasurementDetails = counts === undefined ? {} : { ...walked.details, ...counts.details };
  return { first, spread: spread.figures, medianError, areas, ranks, details };
}

/** How often each row of a sample is read, about. */
export function roundsOf({ wantsDetails }: SampleWays): number {
  return wantsDetails ? 10 : 8;
}

interface Work {
  readonly sample: StoredSample;
  readonly ways: Ways;
  readonly first: FirstFigures;
  readonly samples: KeySamples;
}

async function* watched(sample: StoredSample, { signal, onRows }: Ways): AsyncIterable<RegressionRows> {
  for await (const block of sample.blocks()) {
    signal?.throwIfAborted();
    yield block;
    onRows(block.truths.length);
  }
}

async function* columnsOf(sample: StoredSample): AsyncIterable<readonly Float64Array[]> {
  for await (const { truths, predictions, weights } of sample.blocks())
    yield weights === undefined ? [truths, predictions] : [truths, predictions, weights];
}

/** Of the absolute errors the median. */
async function medianSize({ sample, ways, first, samples }: Work): Promise<number> {
  const { isWeighted } = sample;
  const stream: RowStream = {
    ...{ rows: first.count, columns: isWeighted ? 2 : 1, sample: samples.errors.map(Math.abs) },
    blocks: async function* () {
      for await (const { truths, predictions, weights } of sample.blocks()) {
        const sizes = truths.map((truth, row) => Math.abs((predictions[row] ?? Number.NaN) - truth));
        yield weights === undefined ? [sizes] : [sizes, weights];
      }
    },
  };
  if (!isWeighted) return (await quantiles(stream, ways, [0.5]))[0] ?? Number.NaN;
  const median = new SortedMedian(first);
  for await (const { columns } of sortedSlices(stream, ways)) {
    const [sizes = new Float64Array(), weights] = columns;
    if (median.take(sizes, weights)) break;
  }
  return median.value;
}

async function residualCounts({ sample, ways, first, samples }: Work): Promise<ResidualCounts> {
  const { smallest, largest } = first.error;
  if (!Number.isFinite(smallest) || !Number.isFinite(largest)) return new ResidualCounts(first, undefined);
  const stream: RowStream = {
    ...{ rows: first.count, columns: 1, sample: samples.errors },
    blocks: async function* () {
      for await (const { truths, predictions } of sample.blocks())
        yield [truths.map((truth, row) => (predictions[row] ?? Number.NaN) - truth)];
    },
  };
  const [low = Number.NaN, high = Number.NaN] = await quantiles(stream, ways, residualShares);
  return new ResidualCounts(first, [low, high]);
}

/** `plainQuantile` of each share. */
async function quantiles(stream: RowStream, ways: Ways, shares: readonly number[]): Promise<number[]> {
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

/** Up the truths, then, in their order, up the predictions. */
async function walk({
  sample,
  ways,
  first,
  samples,
}: Work): Promise<Pick<SampleFigures, "areas" | "ranks" | "details"> & { readonly median: number }> {
  const byTruth = new TruthWalk(first);
  const byPrediction = new PredictionWalk(first, ways.wantsDetails);
  const parts = new RankParts(ways.sortRows);
  const truthStream: RowStream = {
    ...{ rows: first.count, columns: sample.isWeighted ? 3 : 2, sample: samples.truths },
    blocks: () => columnsOf(sample),
  };
  const predictionStream: RowStream = {
    ...{ rows: first.count, columns: 3, sample: samples.predictions },
    blocks: async function* () {
      for await (const slice of sortedSlices(truthStream, ways)) {
        const [truths = new Float64Array(), predictions = truths, weights] = slice.columns;
        const third = weights ?? new Float64Array(truths.length);
        byTruth.take({ ...slice, columns: [truths, predictions, third] });
        if (weights === undefined) parts.take(third);
        yield [predictions, truths, third];
      }
    },
  };
  const sorted = sortedSlices(predictionStream, ways);
  const inversions = await goUp(sorted, byPrediction, { isWeighted: sample.isWeighted, parts, ways });
  const { median, area, ties } = byTruth.figures;
  const { ranks } = byPrediction;
  return {
    median,
    areas: { byPrediction: byPrediction.area, byTruth: area },
    ranks: ranks === undefined ? undefined : { ...ranks, tiedTruths: ties, inversions },
    details: byPrediction.details,
  };
}

/** Answers the inversions of the ranks of the truths; 0 with weights. `parts` are known when the first row has come. */
async function goUp(
  sorted: AsyncIterable<SortedRows>,
  byPrediction: PredictionWalk,
  known: { readonly isWeighted: boolean; readonly parts: RankParts; readonly ways: Ways },
): Promise<number> {
  const { isWeighted, parts, ways } = known;
  if (isWeighted) {
    for await (const slice of sorted) byPrediction.take(slice);
    return 0;
  }
  const file = await ways.room.file();
  try {
    let counting: StoredInversions | undefined;
    for await (const slice of sorted) {
      byPrediction.take(slice);
      counting ??= new StoredInversions(file, parts.starts, ways);
      const [, , ranks] = slice.columns;
      if (ranks !== undefined) await counting.add(ranks);
    }
    return (await counting?.finish()) ?? 0;
  } finally {
    await file.remove();
  }
}
