/**
 * Quantiles of the beta distribution for whole or half parameters of any size, by bisection on the regularised incomplete beta
 * function (continued fraction, DLMF 8.17.22, evaluated after Lentz). Good to 1e-12 or so.
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 200 && high - low > Number.EPSILON * high; step += 1) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** I_x(a, b), a and b above 0, x in [0, 1]. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on the near side of the mean only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x) - Math.log(a),
  );
  return front / betaFraction(x, a, b);
}

/** 1 + d1/(1 + d2/(1 + ...)). */
function betaFraction(x: number, a: number, b: number): number {
  let [value, numerator, denominator] = [1, 1, 0];
  for (let term = 1; term <= 100_000; term += 1) {
    const half = Math.floor(term / 2);
    const sum = a + 2 * half;
    const coefficient =
      term % 2 === 0
        ? (half * (b - half) * x) / ((sum - 1) * sum)
        : (-(a + half) * (a + b + half) * x) / (sum * (sum + 1));
    denominator = 1 / (1 + coefficient * denominator);
    numerator = 1 + coefficient / numerator;
    value *= numerator * denominator;
    if (Math.abs(numerator * denominator - 1) < 1e-15) break;
  }
  return value;
}

/** ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1), raised to where it converges. */
function logGamma(x: number): number {
  let [shifted, product] = [x, 1];
  while (shifted < 12) {
    product *= shifted;
    shifted += 1;
  }
  const inverse = 1 / shifted ** 2;
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / shifted;
  return (
    (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + series - Math.log(product)
  );
}
