/** `0.01`; `2%` is always relative; where the setting is a relative one, `0.02` means the same as `2%`. */
export function readMargin(
  value: number | string,
  isRelative: boolean,
): { readonly allowed: number; readonly isRelative: boolean } | { readonly problem: string } {
  const text = String(value).trim();
  const isPercent = text.endsWith("%");
  const digits = isPercent ? text.slice(0, -1).trim() : text;
  const number = digits === "" ? Number.NaN : Number(digits);
  if (!Number.isFinite(number))
    return { problem: "expected a number such as 0.01, or a percentage such as 2%" };
  if (number < 0)
    return { problem: "a regression that is allowed cannot be negative; 0 means not worse at all" };
  if (isPercent) return { allowed: number / 100, isRelative: true };
  if (isRelative && number > 1)
    return { problem: `a share of the baseline is 0 to 1; write ${number}% for per cent` };
  return { allowed: number, isRelative };
}
