import type { MeasurementDetails } from "../../details.ts";
import type { SortedRows } from "../../stored/sorted-rows.ts";
import { collect, type RowStream, type SortWays, sortedSlices } from "../../stored/sorted-stream.ts";
import { storedQuantiles } from "../../stored/stored-quantiles.ts";
import type { StoredSample } from "../../stored/stored-table.ts";
import { definedPowers } from "../deviances.ts";
import { measureSample, type SampleFigures, type SampleWays } from "../measure-sample.ts";
import { PredictionWalk } from "../prediction-walk.ts";
import { ResidualCounts, residualShares } from "../regression-details.ts";
import { SpreadSums } from "../spread-sums.ts";
import { TruthWalk } from "../truth-walk.ts";
import {
  errorStream,
  lookFirst,
  medianSize,
  rowsOf,
  type StoredErrors,
  watchedRows,
} from "./stored-errors.ts";
import { RankParts, StoredInversions } from "./stored-inversions.ts";

type Ways = SortWays & SampleWays;

/** `measureSample` of rows that may be too many for memory: the figures are the same to the last bit. */
export async function measureStoredSample(sample: StoredSample, ways: Ways): Promise<SampleFigures> {
  if (sample.rows <= ways.sortRows) {
    const columns = await collect(sample.blocks(), sample);
    ways.onRows((ways.wantsDetails ? 10 : 8) * sample.rows);
    return measureSample(rowsOf(columns), ways);
  }
  const { first, samples } = await lookFirst(sample, ways, ways.powers);
  const work = { sample, ways, first, samples };
  const medianError = await medianSize(work);
  const counts = ways.wantsDetails && first.count > 0 ? await residualCounts(work) : undefined;
  const walked = await walk(work);
  const spread = new SpreadSums(first, walked.median, definedPowers(first));
  for await (const block of watchedRows(sample, ways)) {
    spread.take(block);
    counts?.take(block);
  }
  const { areas, ranks } = walked;
  const details: MeasurementDetails = counts === undefined ? {} : { ...walked.details, ...counts.details };
  return { first, spread: spread.figures, medianError, areas, ranks, details };
}

interface Work extends StoredErrors {
  readonly ways: Ways;
}

async function residualCounts(work: Work): Promise<ResidualCounts> {
  const { first, ways } = work;
  const { smallest, largest } = first.error;
  if (!Number.isFinite(smallest) || !Number.isFinite(largest)) return new ResidualCounts(first, undefined);
  const stream = errorStream(work, (error) => error, false);
  const how = { shares: residualShares, weight: undefined };
  const [low = Number.NaN, high = Number.NaN] = await storedQuantiles(stream, ways, how);
  return new ResidualCounts(first, [low, high]);
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
    ...{ rows: first.count, columns: sample.columns, sample: samples.truths.values },
    blocks: () => sample.blocks(),
  };
  const predictionStream: RowStream = {
    ...{ rows: first.count, columns: 3, sample: samples.predictions.values },
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
