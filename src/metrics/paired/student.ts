import { betaQuantile } from "../intervals/beta.ts";
import { normal975 } from "../intervals/proportion.ts";

/** Below this the series of large degrees of freedom is not good to ten digits. */
const manyDegrees = 1000;

/**
 * The 0.975 quantile of Student's t: from the beta distribution, for many degrees of freedom by Fisher and Cornish's series about the
 * normal quantile (Abramowitz & Stegun 26.7.5). `degrees` is 1 or more.
 */
export function student975(degrees: number): number {
  if (degrees < manyDegrees) {
    const share = betaQuantile(0.95, 0.5, degrees / 2);
    return Math.sqrt((degrees * share) / (1 - share));
  }
  const z = normal975;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
  ];
  return terms.reduce((sum, term, place) => sum + term / degrees ** (place + 1), z);
}
