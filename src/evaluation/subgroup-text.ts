import { cutEnd, displayWidth, padded } from "../text-width.ts";

interface ShownGroup {
  readonly name: string;
  readonly value: number | null;
  /** Why there is no value. */
  readonly reason: string;
  /** ` [0.8, 0.9]`, or nothing. */
  readonly interval: string;
  readonly counts: string;
}

const mostGroupsShown = 20;
const barCells = 10;
/** Cells of a name; the result file has it whole. */
const mostNameWidth = 60;
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** One line a group with a small bar, the worst first; groups without a value come last. `sign` is 1 where higher is better. */
export function groupLines(
  groups: readonly ShownGroup[],
  sign: 1 | -1,
  format: (value: number) => string,
): string[] {
  const rank = ({ value }: ShownGroup) => (value === null ? Number.POSITIVE_INFINITY : value * sign);
  const sorted = groups.toSorted((one, other) => {
    const [a, b] = [rank(one), rank(other)];
    return a === b ? 0 : a - b;
  });
  const shown = sorted.slice(0, mostGroupsShown);
  const names = shown.map((group) => cutEnd(group.name, mostNameWidth));
  const width = Math.max(...names.map(displayWidth));
  const largest = Math.max(...groups.map((group) => group.value ?? 0));
  const figures = shown.map(({ value, reason, interval }) =>
    value === null ? `undefined: ${reason}` : `${format(value)}${interval}`,
  );
  const figureWidth = Math.max(
    0,
    ...figures.filter((_, index) => shown[index]?.value !== null).map((one) => one.length),
  );
  const lines = shown.map(({ value, counts }, index) => {
    const figure = figures[index] ?? "";
    const drawn = value === null ? figure : `${figure.padEnd(figureWidth)}  ${bar(value, largest)}`;
    return `  ${padded(names[index] ?? "", width)}  ${drawn}  (${counts})`;
  });
  if (sorted.length > mostGroupsShown)
    lines.push(`  … and ${sorted.length - mostGroupsShown} more in the result file`);
  return lines;
}

/** From 0 to the largest value of all groups; nothing of a negative one. */
function bar(value: number, largest: number): string {
  const share = largest > 0 ? Math.min(1, Math.max(0, value / largest)) : 0;
  const parts = Math.round(share * barCells * 8);
  return `${"█".repeat(Math.floor(parts / 8))}${eighths[parts % 8] ?? ""}`.padEnd(barCells);
}
