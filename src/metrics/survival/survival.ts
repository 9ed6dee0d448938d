import type { MeasurementDetails } from "../details.ts";
import { normal975 } from "../intervals/proportion.ts";
import {
  type Grouping,
  type GroupMetrics,
  type MetricInterval,
  type MetricOutcome,
  metricSet,
} from "../metric-set.ts";
import { checkWeights, exactSumOf, rowsByGroup } from "../sample.ts";
import { brierOutcomes } from "./brier.ts";
import { uncensoredShares } from "./censoring.ts";
import { type PairFigures, pairsAsEarlier, pairsAsLater } from "./concordance.ts";
import type { SurvivalInput, SurvivalSample } from "./survival-input.ts";
import { survivalSample } from "./survival-sample.ts";

export interface SurvivalMetrics {
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

/**
 * `concordance_index`: the share of comparable pairs that the risks order rightly, equal risks half (Harrell's C). With weights a pair
 * counts the product of its two. `concordance_index_ipcw`: the same with each pair weighted by the inverse squared chance that its event
 * was not censored (Uno et al. 2011), estimated from the same rows; `{tau=T}` takes events before T only. Positives are
 * events. Equal means bit for bit, where scikit-survival takes risks within 1e-8 for equal. The order of rows changes
 * nothing, not even the last bit.
 */
export function survivalMetrics(input: SurvivalInput, groupings: readonly Grouping[] = []): SurvivalMetrics {
  checkInput(input);
  return {
    overall: groupMetrics(input, undefined),
    groups: groupings.map((grouping) =>
      rowsByGroup(grouping).map((rows) => {
        const { pairs: _, ...group } = groupMetrics(input, rows);
        return group;
      }),
    ),
  };
}

function groupMetrics(
  input: SurvivalInput,
  rows: Uint32Array | undefined,
): GroupMetrics & Pick<MeasurementDetails, "pairs"> {
  const sample = survivalSample(input, rows);
  const { weights } = sample;
  const figures = pairsAsEarlier(sample);
  const pairs = pairSums(sample, figures);
  const index = indexOf(sample, pairs);
  const interval = typeof index === "number" ? indexInterval(sample, figures, index) : undefined;
  const shares = uncensoredShares(sample);
  const outcomes: [string, MetricOutcome][] = [
    ["concordance_index", index],
    ["concordance_index_ipcw", ipcwIndex(sample, figures, { shares, tau: Number.POSITIVE_INFINITY })],
    ...(input.taus ?? []).map((tau): [string, MetricOutcome] => [
      `concordance_index_ipcw{tau=${tau}}`,
      ipcwIndex(sample, figures, { shares, tau }),
    ]),
    ...brierOutcomes(sample, shares),
  ];
  const count = rows?.length ?? input.durations.length;
  const events = countEvents(input.events, rows);
  return {
    count,
    positives: events,
    // Censored rows are no class that there must be enough of: a group where every event was seen is the best of all.
    negatives: null,
    ...(weights === undefined ? {} : { weight: exactSumOf(weights.length, (row) => weights[row] ?? 0) }),
    ...metricSet(Object.fromEntries(outcomes)),
    ...(interval === undefined ? {} : { intervals: { concordance_index: interval } }),
    pairs,
  };
}

function countEvents(events: Uint8Array, rows: Uint32Array | undefined): number {
  return rows === undefined
    ? events.reduce((sum, event) => sum + event, 0)
    : rows.reduce((sum, row) => sum + (events[row] ?? 0), 0);
}

type PairSums = NonNullable<MeasurementDetails["pairs"]>;

function pairSums({ weights }: SurvivalSample, { comparable, concordant, tied }: PairFigures): PairSums {
  const sumOf = (values: Float64Array) =>
    exactSumOf(values.length, (row) => (weights?.[row] ?? 1) * (values[row] ?? 0));
  const sums = { comparable: sumOf(comparable), concordant: sumOf(concordant), tiedRisk: sumOf(tied) };
  return { ...sums, discordant: Math.max(0, sums.comparable - sums.concordant - sums.tiedRisk) };
}

function whyNone({ durations, events }: SurvivalSample): { readonly undefined: string } {
  if (durations.length === 0) return { undefined: "no rows" };
  const isSeen = events.includes(1);
  return { undefined: isSeen ? "no pair: no row outlived an event" : "no pair: every row is censored" };
}

function indexOf(sample: SurvivalSample, { comparable, concordant, tiedRisk }: PairSums): MetricOutcome {
  return comparable === 0 ? whyNone(sample) : (concordant + tiedRisk / 2) / comparable;
}

function ipcwIndex(
  sample: SurvivalSample,
  { comparable, concordant, tied }: PairFigures,
  { shares, tau }: { readonly shares: Float64Array; readonly tau: number },
): MetricOutcome {
  const { durations, events, weights } = sample;
  const counts = (row: number) => events[row] === 1 && (durations[row] ?? 0) < tau;
  const lost = shares.some((share, row) => share === 0 && counts(row));
  if (lost)
    return { undefined: "zero division: at the last event every row that was left is censored; set --tau" };
  const sumOf = (figureOf: (row: number) => number) =>
    exactSumOf(durations.length, (row) =>
      counts(row) ? ((weights?.[row] ?? 1) / (shares[row] ?? 1) ** 2) * figureOf(row) : 0,
    );
  const all = sumOf((row) => comparable[row] ?? 0);
  if (all === 0) return Number.isFinite(tau) ? { undefined: `no pair before ${tau}` } : whyNone(sample);
  return sumOf((row) => (concordant[row] ?? 0) + (tied[row] ?? 0) / 2) / all;
}

/**
 * By the infinitesimal jackknife over rows: the index is a ratio of two sums over pairs, and each row moves it by what its own pairs
 * are above or below it (as `concordance` of R's survival package). None with weights, and where every pair agrees.
 */
function indexInterval(
  sample: SurvivalSample,
  earlier: PairFigures,
  index: number,
): MetricInterval | undefined {
  if (sample.weights !== undefined) return undefined;
  const later = pairsAsLater(sample);
  const rows = sample.durations.length;
  const of = (values: keyof PairFigures, row: number) =>
    (earlier[values][row] ?? 0) + (later[values][row] ?? 0);
  const pairs = exactSumOf(rows, (row) => earlier.comparable[row] ?? 0);
  const variance = exactSumOf(rows, (row) => {
    const agreeing = of("concordant", row) + of("tied", row) / 2;
    return ((agreeing - index * of("comparable", row)) / pairs) ** 2;
  });
  const se = Math.sqrt(variance);
  if (se === 0) return undefined;
  return {
    se,
    low: Math.max(0, index - normal975 * se),
    high: Math.min(1, index + normal975 * se),
    level: 0.95,
    method: "infinitesimal-jackknife",
  };
}

function checkInput({ durations, events, risks, weights, survivals = [] }: SurvivalInput): void {
  const rows = durations.length;
  checkWeights(weights, rows);
  if (events.length !== rows || risks.length !== rows)
    throw new RangeError(`${rows} durations, ${events.length} events and ${risks.length} risks`);
  for (const { time, values } of survivals)
    if (values.length !== rows) throw new RangeError(`${values.length} chances to survive ${time}`);
  const wrong = durations.findIndex((duration) => !(duration >= 0 && duration < Number.POSITIVE_INFINITY));
  if (wrong >= 0) throw new RangeError(`row ${wrong} has the duration ${durations[wrong]}`);
}
