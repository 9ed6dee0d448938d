/** A figure of a report: four decimals, fewer of large ones, powers of ten where those would hide it; whole numbers as they are. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return value.toLocaleString("en-US");
  if (size >= 1e6 || size < 1e-3) return value.toExponential(3);
  if (size >= 1000) return value.toFixed(1);
  return value.toFixed(size >= 10 ? 2 : 4);
}
