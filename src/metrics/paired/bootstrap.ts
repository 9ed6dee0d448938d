import { setImmediate } from "node:timers/promises";
import { normal975 } from "../intervals/proportion.ts";
import { meanOf } from "./means.ts";
import type { PairedChange } from "./paired-change.ts";
import { Sfc32 } from "./sfc32.ts";

/** Figures of rows that count more or less often; NaN for one that has no value then. */
export interface Resampled {
  readonly names: readonly string[];
  /** Of the rows themselves. */
  readonly values: Float64Array;
  /** In the order of the names; `counts` has a number for each row. */
  figures(counts: Uint16Array): Float64Array;
}

/** How a bootstrap was drawn: with these, anyone gets the same numbers. */
export interface BootstrapRecipe {
  readonly replicates: number;
  readonly seed: number;
}

const bootstrapSeed = 20_141_211;
const manyRows = 100_000;
/** Beyond that a resample takes longer than its interval is worth. */
export const mostResampledRows = 2_000_000;
/** Replicates that must have a value. */
const fewestShare = 0.95;

/** Of so many rows: percentiles want a thousand replicates, a standard error two hundred. */
export function bootstrapRecipe(rows: number): BootstrapRecipe {
  return { replicates: rows <= manyRows ? 1000 : 200, seed: bootstrapSeed };
}

/**
 * The changes of figures that have no closed form, by a bootstrap of the rows that both sides are measured on (Efron & Tibshirani 1993):
 * each replicate draws as many rows with replacement, the same for both sides. The interval is that of the percentiles, of more than
 * 100,000 rows, and of figures that resampling itself makes larger (`isBiased`), the normal one about the change. Left out is what has
 * no value in 5 % of the replicates or more, and what never varies though the figures differ. Others have their turn after each
 * replicate: of a million rows all of them take a quarter of a minute. Throws the reason of `signal` soon after it is aborted.
 */
export async function pairedBootstrap(
  first: Resampled,
  other: Resampled,
  how: {
    readonly rows: number;
    readonly isBiased: (name: string) => boolean;
    readonly signal?: AbortSignal | undefined;
    /** Told which share (0..1) is done. */
    readonly onDone?: ((share: number) => void) | undefined;
  },
): Promise<ReadonlyMap<string, PairedChange>> {
  const { replicates, seed } = bootstrapRecipe(how.rows);
  const random = new Sfc32(seed);
  const counts = new Uint16Array(how.rows);
  const drawn = first.names.map(() => new Float64Array(replicates));
  const places = first.names.map((name) => other.names.indexOf(name));
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    await setImmediate();
    how.signal?.throwIfAborted();
    how.onDone?.(replicate / replicates);
    random.resample(counts);
    const before = first.figures(counts);
    const after = other.figures(counts);
    for (const [index, place] of places.entries()) {
      const changes = drawn[index];
      if (changes !== undefined)
        changes[replicate] = (after[place] ?? Number.NaN) - (before[index] ?? Number.NaN);
    }
  }
  const found = new Map<string, PairedChange>();
  for (const [index, name] of first.names.entries()) {
    const change = (other.values[places[index] ?? -1] ?? Number.NaN) - (first.values[index] ?? Number.NaN);
    const made = changeOf(change, drawn[index] ?? new Float64Array(), {
      isNormal: how.rows > manyRows || how.isBiased(name),
    });
    if (made !== undefined) found.set(name, made);
  }
  return found;
}

function changeOf(
  change: number,
  drawn: Float64Array,
  { isNormal }: { readonly isNormal: boolean },
): PairedChange | undefined {
  const known = drawn.filter((one) => Number.isFinite(one)).sort();
  if (!Number.isFinite(change) || known.length < 2 || known.length <= fewestShare * drawn.length)
    return undefined;
  // The standard error of their mean times the root of their number.
  const se = meanOf(known.length, (place) => known[place] ?? Number.NaN).se * Math.sqrt(known.length);
  if (se === 0 && change !== 0) return undefined;
  const [low, high] = isNormal
    ? [change - normal975 * se, change + normal975 * se]
    : [percentile(known, 0.025), percentile(known, 0.975)];
  return { change, se, low, high, method: "bootstrap" };
}

/** Between the two nearest of ascending values, as NumPy's percentile. */
function percentile(values: Float64Array, share: number): number {
  const place = share * (values.length - 1);
  const [below, above] = [values[Math.floor(place)] ?? Number.NaN, values[Math.ceil(place)] ?? Number.NaN];
  return below + (above - below) * (place - Math.floor(place));
}
