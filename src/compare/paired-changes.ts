import type { KeptRows } from "../evaluation/kept/read-kept.ts";
import {
  type BootstrapRecipe,
  bootstrapRecipe,
  mostResampledRows,
  pairedBootstrap,
} from "../metrics/paired/bootstrap.ts";
import type { PairedChange } from "../metrics/paired/paired-change.ts";
import type { EvaluationResults } from "../results/evaluation-results.ts";
import { changeKey } from "./pairing.ts";
import { rowTerms } from "./row-terms.ts";
import { type TermRows, type TermSide, termChange } from "./term-change.ts";
import { type RowTerm, rowAt, weightsOf } from "./terms/row-term.ts";

/** A result with the rows that it was measured on. */
export interface PairSide {
  readonly kept: KeptRows;
  readonly results: EvaluationResults;
}

export interface PairedChanges {
  readonly changes: ReadonlyMap<string, PairedChange>;
  /** How metrics without a closed form were resampled; undefined where none was. */
  readonly bootstrap: BootstrapRecipe | undefined;
}

/** Where it is told how far the pairing is, and to stop. */
export interface PairingWorld {
  readonly signal?: AbortSignal | undefined;
  readonly onDone?: ((share: number) => void) | undefined;
}

/**
 * The changes of two results of the same rows, with paired intervals, by `changeKey`: of all rows each metric of `metrics` that its rows can
 * tell of, of the subgroups the `primary` one. What cannot be said is left out.
 */
export async function pairedChanges(
  first: PairSide,
  other: PairSide,
  wanted: PairingWorld & { readonly metrics: readonly string[]; readonly primary: string | null },
): Promise<PairedChanges> {
  const changes = new Map<string, PairedChange>();
  const terms = { first: rowTerms(first.kept, first.results), other: rowTerms(other.kept, other.results) };
  let bootstrap: BootstrapRecipe | undefined;
  const measure = async (
    metrics: readonly string[],
    subgroup: string | null,
    places: Uint32Array | undefined,
  ) => {
    const sides = { first: termRows(first.kept, places), other: termRows(other.kept, places) };
    const pairs = metrics.flatMap((metric) => {
      const [one, two] = [terms.first.get(metric), terms.other.get(metric)];
      if (one === undefined || two === undefined) return [];
      return [{ metric, first: { term: one, of: sides.first }, other: { term: two, of: sides.other } }];
    });
    const add = (metric: string, change: PairedChange | undefined) => {
      if (change !== undefined) changes.set(changeKey(metric, subgroup), change);
    };
    for (const pair of pairs) add(pair.metric, termChange(pair.first, pair.other));
    const resampled = await resampledChanges(pairs, wanted);
    for (const { metric } of pairs) add(metric, resampled.get(metric));
    if (resampled.size > 0 && subgroup === null) bootstrap = bootstrapRecipe(sides.first.rows.length);
  };
  await measure(wanted.metrics, null, undefined);
  const { primary } = wanted;
  if (primary !== null)
    for (const [subgroup, places] of sharedGroups(first.kept, other.kept))
      await measure([primary], subgroup, places);
  return { changes, bootstrap };
}

/** Of the metrics that have no closed form: one walk of bootstrap serves them all. */
async function resampledChanges(
  pairs: readonly { readonly metric: string; readonly first: TermSide; readonly other: TermSide }[],
  { signal, onDone }: PairingWorld,
): Promise<ReadonlyMap<string, PairedChange>> {
  const [pair] = pairs.filter((one) => one.first.term.kind === "resampled");
  const rows = pair?.first.of.rows.length ?? 0;
  if (pair === undefined || rows === 0 || rows > mostResampledRows) return new Map();
  const make = ({ term, of }: TermSide) => (isResampled(term) ? term.resample(of.rows) : undefined);
  const [before, after] = [make(pair.first), make(pair.other)];
  if (before === undefined || after === undefined) return new Map();
  // The largest distance and the calibration errors grow where rows are drawn twice.
  const isBiased = (name: string) => /^(ks|[em]ce)\b/.test(name);
  return await pairedBootstrap(before, after, { rows, isBiased, signal, onDone });
}

function isResampled(term: RowTerm): term is Extract<RowTerm, { readonly kind: "resampled" }> {
  return term.kind === "resampled";
}

/** All rows in the order of their ids, or those at `places` of it. */
function termRows(kept: KeptRows, places: Uint32Array | undefined): TermRows {
  const { labels, rows: count, series } = kept.data;
  const rows =
    places === undefined
      ? Uint32Array.from({ length: count }, (_, place) => rowAt(kept, place))
      : Uint32Array.from(places, (place) => rowAt(kept, place));
  return {
    rows,
    weights: weightsOf(kept, rows),
    label: (row) => (labels.kind === "binary" ? (labels.codes[row] ?? 0) : 0),
    clusters: series && dense(rows, series.codes),
  };
}

/** Codes of the rows, of which every one from 0 on occurs. */
function dense(
  rows: Uint32Array,
  codes: Uint32Array,
): { readonly codes: Uint32Array; readonly count: number } {
  const known = new Map<number, number>();
  const own = Uint32Array.from(rows, (row) => {
    const code = codes[row] ?? 0;
    const place = known.get(code) ?? known.size;
    known.set(code, place);
    return place;
  });
  return { codes: own, count: known.size };
}

/** The places of each subgroup's rows, of the subgroup columns that say the same of every row on both sides. */
function sharedGroups(first: KeptRows, other: KeptRows): [string, Uint32Array][] {
  return first.data.subgroups.flatMap(({ column, names, grouping }): [string, Uint32Array][] => {
    const twin = other.data.subgroups.find((one) => one.column === column);
    if (twin === undefined) return [];
    const places = names.map((): number[] => []);
    for (let place = 0; place < first.data.rows; place += 1) {
      const code = grouping.codes[rowAt(first, place)] ?? 0;
      const otherCode = twin.grouping.codes[rowAt(other, place)] ?? 0;
      if (names[code] !== twin.names[otherCode]) return [];
      places[code]?.push(place);
    }
    return names.map((name, code) => [`${column}=${name}`, Uint32Array.from(places[code] ?? [])]);
  });
}
