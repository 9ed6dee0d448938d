import { binaryMetrics } from "../binary/binary.ts";
import type { JobThread } from "../binary/job-thread.ts";
import type { Grouping } from "../metric-set.ts";
import { checkWeights } from "../sample.ts";
import { describeLabels, type LabelMeasured, type MultilabelMetrics } from "./describe-labels.ts";
import { LabelCounts } from "./label-counts.ts";
import { decide, type LabelRows } from "./label-rows.ts";
import { measureRows } from "./measure-rows.ts";
import type { MultilabelInput } from "./multilabel-input.ts";
import { pooledRanking } from "./pooled-ranking.ts";

/** How the work is done; nothing of it shows in the figures. */
interface Threads {
  /** A second thread, which is left open. */
  readonly helper?: JobThread | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The metrics of rows that may have several labels, or none, by scikit-learn's definitions (1.9.1): averages over the labels
 * (`labelAverages`) and over all their scores (`pooledOutcomes`), means over the rows (`rowOutcomes`), and each label as a binary task
 * in `perClass`. Where scikit-learn falls back on a convention a metric is undefined with the reason. The order of rows changes
 * nothing, not even the last bit. Throws a RangeError for input that the caller should have refused, and the reason of `signal` soon
 * after it is aborted.
 */
export async function multilabelMetrics(
  input: MultilabelInput,
  groupings: readonly Grouping[] = [],
  threads: Threads = {},
): Promise<MultilabelMetrics> {
  checkInput(input, groupings);
  const decisions = decisionsOf(input);
  const labels: LabelMeasured[] = [];
  for (const index of input.labels.keys()) {
    threads.signal?.throwIfAborted();
    labels.push(await measureLabel(input, { index, decisions, groupings, threads }));
  }
  const stretched = {
    ...{ size: input.labels.length, isWeighted: input.weights !== undefined },
    groups: groupings.map((grouping) => grouping.count),
    stretches: () => stretchesOf(input, { decisions, groupings }),
  };
  const rows = await measureRows(stretched, { signal: threads.signal });
  const pooled = await pooledRanking(input, groupings, threads);
  const isRanked = input.labels.every((one) => one.scores !== undefined);
  return describeLabels({ labels, pooled, rows, isDecided: decisions !== undefined, isRanked });
}

interface Known {
  readonly decisions: readonly Uint8Array[] | undefined;
  readonly groupings: readonly Grouping[];
}

/** One sort serves the ranking of a label, the classes at the threshold and all groups. */
async function measureLabel(
  { labels, weights, threshold }: MultilabelInput,
  how: Known & { readonly index: number; readonly threads: Threads },
): Promise<LabelMeasured> {
  const { index, decisions, groupings, threads } = how;
  const { name, truths, scores, predictions } = labels[index] ?? {};
  if (name === undefined || truths === undefined) throw new RangeError(`no label ${index}`);
  const own = predictions === undefined ? threshold : null;
  // To start a thread for each label would take longer than it helps.
  const alone = threads.helper === undefined ? { twoThreadsFrom: Number.POSITIVE_INFINITY } : {};
  const input = scores && { labels: truths, scores, weights, threshold: own };
  const ranking = input && (await binaryMetrics(input, groupings, { ...threads, ...alone }));
  if (own !== null && ranking !== undefined) return { name, ranking, deciding: ranking };
  const given = decisions?.[index];
  if (given === undefined) return { name, ranking, deciding: undefined };
  const groups = groupings.map((grouping) => grouping.count);
  const counts = new LabelCounts(groups, weights !== undefined);
  const codes = groupings.map((grouping) => grouping.codes);
  counts.add(truths, given, { codes, weights });
  return { name, ranking, deciding: counts.metrics };
}

/** 1 where a label is predicted; undefined where scores are all there is and no threshold divides them. */
export function decisionsOf({ labels, threshold }: MultilabelInput): readonly Uint8Array[] | undefined {
  const found = labels.map(({ predictions, scores }) => {
    if (predictions !== undefined) return predictions;
    return threshold === null || scores === undefined ? undefined : decide(scores, threshold);
  });
  const known = found.filter((one) => one !== undefined);
  return known.length === labels.length ? known : undefined;
}

/** Rows of each stretch that is looked at at once. */
const stretchRows = 2 ** 15;

function* stretchesOf(input: MultilabelInput, known: Known): Iterable<LabelRows> {
  const all = input.labels[0]?.truths.length ?? 0;
  for (let start = 0; start < all; start += stretchRows)
    yield stretchOf(input, known, { start, end: start + stretchRows });
}

/** Some neighbouring rows, or all of them. */
export function stretchOf(
  { labels, weights }: MultilabelInput,
  { decisions, groupings }: Known,
  { start, end }: { readonly start: number; readonly end?: number } = { start: 0 },
): LabelRows {
  const truths = labels.map((one) => one.truths.subarray(start, end));
  const scores = labels.flatMap((one) => one.scores?.subarray(start, end) ?? []);
  return {
    rows: truths[0]?.length ?? 0,
    truths,
    decisions: decisions?.map((one) => one.subarray(start, end)),
    scores: scores.length < labels.length ? undefined : scores,
    weights: weights?.subarray(start, end),
    codes: groupings.map(({ codes }) => codes.subarray(start, end)),
  };
}

function checkInput({ labels, weights }: MultilabelInput, groupings: readonly Grouping[]): void {
  const rows = labels[0]?.truths.length ?? 0;
  if (labels.length === 0) throw new RangeError("no labels");
  if (labels.length > 0xffff) throw new RangeError(`${labels.length} labels`);
  checkWeights(weights, rows);
  for (const { codes, count } of groupings)
    if (codes.length !== rows || codes.some((code) => code >= count))
      throw new RangeError(`a grouping of ${count} groups has other codes, or not ${rows} rows`);
  for (const { name, truths, scores, predictions } of labels) {
    const lengths = [truths.length, scores?.length ?? rows, predictions?.length ?? rows];
    if (lengths.some((length) => length !== rows)) throw new RangeError(`label ${name} has not ${rows} rows`);
    if (scores === undefined && predictions === undefined)
      throw new RangeError(`label ${name} has neither scores nor predictions`);
  }
}
