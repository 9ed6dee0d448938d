import { changeOf, meanOf } from "./means.ts";
import type { PairedChange } from "./paired-change.ts";

/**
 * A figure of some units (rows, or the queries of a ranking) with what each of them moves it by: the derivative by how much the unit
 * counts, times their number. Their mean is 0 but for rounding.
 */
export interface Linearised {
  readonly value: number;
  readonly influences: Float64Array;
}

/**
 * The change of a figure that is smooth in how much each unit counts, with the standard error of the mean of the differences of the two
 * sides' influences (the delta method, also called linearisation or infinitesimal jackknife) and Student's t, n - 1 degrees of freedom.
 * Undefined with fewer than two units, and where nothing varies though the figures differ.
 */
export function pairedLinear(first: Linearised, other: Linearised): PairedChange | undefined {
  const units = first.influences.length;
  const { se } = meanOf(
    units,
    (unit) => (other.influences[unit] ?? Number.NaN) - (first.influences[unit] ?? Number.NaN),
  );
  const change = other.value - first.value;
  if (se === 0 && change !== 0) return undefined;
  return changeOf(change, { se, rows: units, method: "delta" });
}

/** Sum of `above` over sum of `below` (default 1: a mean), both weighted. */
export function ratioOf(
  units: number,
  term: {
    above(unit: number): number;
    below?(unit: number): number;
    readonly weights?: Float64Array | undefined;
  },
): Linearised {
  const weightOf = (unit: number) => term.weights?.[unit] ?? 1;
  const belowOf = (unit: number) => term.below?.(unit) ?? 1;
  const above = meanOf(units, (unit) => weightOf(unit) * term.above(unit)).mean;
  const below = meanOf(units, (unit) => weightOf(unit) * belowOf(unit)).mean;
  const value = above / below;
  const influences = Float64Array.from(
    { length: units },
    (_, unit) => (weightOf(unit) * (term.above(unit) - value * belowOf(unit))) / below,
  );
  return { value, influences };
}

/** A smooth function of a figure, by its value and its derivative there. */
export function functionOf(
  { value, influences }: Linearised,
  of: { readonly value: number; readonly slope: number },
): Linearised {
  return Number.isFinite(value)
    ? { value: of.value, influences: influences.map((one) => one * of.slope) }
    : { value: Number.NaN, influences };
}

/** Sums of figures of the same units, each times its factor. */
export function combined(
  parts: readonly { readonly figure: Linearised; readonly factor: number }[],
): Linearised {
  const influences = new Float64Array(parts[0]?.figure.influences.length ?? 0);
  let value = 0;
  for (const { figure, factor } of parts) {
    value += factor * figure.value;
    for (let unit = 0; unit < influences.length; unit += 1)
      influences[unit] = (influences[unit] ?? 0) + factor * (figure.influences[unit] ?? Number.NaN);
  }
  return { value, influences };
}
