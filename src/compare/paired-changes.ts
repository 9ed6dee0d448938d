import type { KeptRows } from "../evaluation/kept/read-kept.ts";
import { pairedAreas } from "../metrics/paired/areas.ts";
import { pairedMeans, pairedRoots } from "../metrics/paired/means.ts";
import type { PairedChange } from "../metrics/paired/paired-change.ts";
import { pairedShares } from "../metrics/paired/shares.ts";
import type { EvaluationResults } from "../results/evaluation-results.ts";
import { changeKey } from "./pairing.ts";
import { classCodes, type RowTerm, rowAt, rowTerms } from "./row-terms.ts";

/** A result with the rows that it was measured on. */
export interface PairSide {
  readonly kept: KeptRows;
  readonly results: EvaluationResults;
}

/**
 * The changes of two results of the same rows, with paired intervals, by `changeKey`: of all rows each metric of `metrics` that is made of
 * its rows one by one, of the subgroups the `primary` one. What cannot be said is left out.
 */
export function pairedChanges(
  first: PairSide,
  other: PairSide,
  wanted: { readonly metrics: readonly string[]; readonly primary: string | null },
): ReadonlyMap<string, PairedChange> {
  const found = new Map<string, PairedChange>();
  const terms = rowTerms(first.kept, first.results);
  const others = rowTerms(other.kept, other.results);
  const labels = classCodes(first.kept);
  for (const metric of wanted.metrics) {
    const [term, otherTerm] = [terms.get(metric), others.get(metric)];
    if (term === undefined || otherTerm === undefined) continue;
    const rows = { term, labels, first: term.values(), other: otherTerm.values() };
    const add = (subgroup: string | null, places: Uint32Array | undefined) => {
      const change = changeOf(rows, places);
      if (change !== undefined) found.set(changeKey(metric, subgroup), change);
    };
    add(null, undefined);
    if (metric !== wanted.primary) continue;
    for (const [subgroup, places] of sharedGroups(first.kept, other.kept)) add(subgroup, places);
  }
  return found;
}

interface Rows {
  readonly term: RowTerm;
  readonly labels: Uint8Array | undefined;
  readonly first: Float64Array;
  readonly other: Float64Array;
}

/** Of all rows, or of those at `places`. */
function changeOf(
  { term, labels, ...values }: Rows,
  places: Uint32Array | undefined,
): PairedChange | undefined {
  const pick = (all: Float64Array) =>
    places === undefined ? all : Float64Array.from(places, (place) => all[place] ?? Number.NaN);
  const codes =
    places === undefined ? labels : labels && Uint8Array.from(places, (place) => labels[place] ?? 0);
  const [first, other] = [pick(values.first), pick(values.other)];
  switch (term.kind) {
    case "area":
      return codes && scaled(pairedAreas(codes, first, other), term.scale);
    case "mean":
      return pairedMeans(first, other);
    case "root":
      return pairedRoots(first, other);
    case "share":
      return scaled(sharesOf(first, other, { codes, only: term.only }), term.scale);
  }
}

function scaled(change: PairedChange | undefined, scale = 1): PairedChange | undefined {
  if (change === undefined) return undefined;
  const ends = [change.low * scale, change.high * scale];
  return {
    change: change.change * scale,
    se: change.se === null ? null : change.se * Math.abs(scale),
    low: Math.min(...ends),
    high: Math.max(...ends),
    method: change.method,
  };
}

function sharesOf(
  first: Float64Array,
  other: Float64Array,
  { codes, only }: { readonly codes: Uint8Array | undefined; readonly only: 0 | 1 | undefined },
): PairedChange | undefined {
  const counts = { both: 0, onlyFirst: 0, onlyOther: 0, neither: 0 };
  for (let row = 0; row < first.length; row += 1) {
    if (only !== undefined && codes?.[row] !== only) continue;
    if (first[row] === 1) counts[other[row] === 1 ? "both" : "onlyFirst"] += 1;
    else counts[other[row] === 1 ? "onlyOther" : "neither"] += 1;
  }
  return pairedShares(counts);
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
