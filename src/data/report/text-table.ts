import { cutEnd, cutMiddle, displayWidth, padded, wrapped } from "../../text-width.ts";

/** A line of a table. `rest`, where given, takes the place of all cells after those of `cells`, and may go on below. */
export interface TableRow {
  readonly cells: readonly string[];
  readonly rest?: string;
}

const gap = "  ";
/** Below this no column is made narrower: what is left of a name would tell nothing. */
const leastWidth = 12;
/** So much is left of the columns between before the last one, which says how many rows fail, is cut. */
const readableFigure = 22;
/** As above, of the names. */
const readableName = 40;
/** A text over the rest of a line goes on for so many lines at most. */
const restLines = 4;

/**
 * Aligned lines of at most `width` cells: where they are too long the widest columns are cut, names (the second column) in
 * their middle. `paint` colours the first cell once it has its width.
 */
export function tableLines(
  rows: readonly TableRow[],
  width: number,
  paint: (cell: string) => string = (cell) => cell,
): string[] {
  const widths = columnWidths(rows, width);
  return rows.flatMap((row) => {
    const cells = row.cells.map((cell, index) => {
      const room = widths[index] ?? 0;
      const shown = index === 1 ? cutMiddle(cell, room) : cutEnd(cell, room);
      const filled = padded(shown, room);
      return index === 0 ? paint(filled) : filled;
    });
    if (row.rest === undefined) return [cells.join(gap).trimEnd()];
    return withRest(cells, row.rest, { widths, width });
  });
}

function withRest(
  cells: readonly string[],
  rest: string,
  { widths, width }: { readonly widths: readonly number[]; readonly width: number },
): string[] {
  const start = widths.slice(0, cells.length).reduce((sum, one) => sum + one + gap.length, 0);
  const lines = wrapped(rest, Math.max(leastWidth, width - start));
  const shown = lines.slice(0, restLines);
  if (lines.length > restLines) shown.push("…");
  const [first = "", ...below] = shown;
  return [`${cells.join(gap)}${gap}${first}`.trimEnd(), ...below.map((line) => " ".repeat(start) + line)];
}

/** The natural widths, the widest made narrower until the sum fits: the last column, which holds the figures, comes last. */
function columnWidths(rows: readonly TableRow[], width: number): number[] {
  const widths: number[] = [];
  for (const { cells } of rows)
    for (const [index, cell] of cells.entries())
      widths[index] = Math.max(widths[index] ?? 0, displayWidth(cell));
  const excess = widths.reduce((sum, one) => sum + one, 0) + gap.length * (widths.length - 1) - width;
  const others = [...widths.keys()].slice(0, -1);
  const figures = narrow(widths, excess, {
    of: others.filter((index) => index !== 1),
    floor: readableFigure,
  });
  const names = narrow(widths, figures, { of: others, floor: readableName });
  narrow(widths, names, { of: [...widths.keys()], floor: leastWidth });
  return widths;
}

/** Takes `excess` cells off the widest of the widths `of`, none of which gets under `floor`; what is left to take. */
function narrow(
  widths: number[],
  excess: number,
  { of, floor }: { readonly of: readonly number[]; readonly floor: number },
): number {
  let left = excess;
  while (left > 0) {
    const open = of.map((index) => widths[index] ?? 0);
    const widest = Math.max(0, ...open);
    if (widest <= floor) return left;
    // Down to the next widest, or as far as is needed: a few steps, whatever the lengths are.
    const next = Math.max(floor, ...open.filter((one) => one < widest));
    const equals = of.filter((index) => widths[index] === widest);
    const step = Math.max(1, Math.min(widest - next, Math.ceil(left / equals.length)));
    for (const index of equals) widths[index] = widest - step;
    left -= step * equals.length;
  }
  return 0;
}
