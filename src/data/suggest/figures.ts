/** 97.5 % of a normal distribution lies below: the bound holds in 39 of 40 samples. */
const z = 1.959963984540054;

/**
 * Upper end of Wilson's score interval (95 %, two-sided) for a share of `hits` among `all` rows. Wilson 1927, JASA 22.
 * 1 where there is no row.
 */
export function wilsonUpper(hits: number, all: number): number {
  if (all === 0) return 1;
  const share = hits / all;
  const spread = z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all));
  return Math.min(1, (share + (z * z) / (2 * all) + spread) / (1 + (z * z) / all));
}

/** The next share of two digits from `share` up: 0.0123 -> 0.013. At most 1. */
export function shareAbove(share: number): number {
  if (share <= 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(share)) - 1);
  return Math.min(1, tidy(Math.ceil(tidy(share / step)) * step));
}

/** How far beyond the observed values a range goes, as a share of its width. */
const margin = 0.25;

/** A range around the observed one, with ends that a person could have chosen: 25 to 74 -> 10 to 90. */
export function wideRange(min: number, max: number): { readonly min: number; readonly max: number } {
  const width = max > min ? max - min : Math.max(Math.abs(max), 1);
  const power = 10 ** Math.floor(Math.log10(width));
  const step = width / power < 2 ? power / 2 : power;
  const low = tidy(Math.floor((min - margin * width) / step) * step);
  const high = tidy(Math.ceil((max + margin * width) / step) * step);
  // Next to the smallest and the largest numbers there are, the arithmetic gives out.
  return {
    min: Number.isFinite(low) ? Math.min(min, low) : min,
    max: Number.isFinite(high) ? Math.max(max, high) : max,
  };
}

/** Down to one or two leading digits: 1234 -> 1200. */
export function roundDown(count: number): number {
  if (count < 10) return Math.floor(count);
  const step = 10 ** (Math.floor(Math.log10(count)) - 1);
  return Math.floor(count / step) * step;
}

/** Without the noise of binary fractions. */
function tidy(value: number): number {
  // Not -0, which would be written so.
  return Number(value.toPrecision(12)) + 0;
}
