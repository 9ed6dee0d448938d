import type { ColumnProfile } from "../../results/validation-report.ts";
import { xmlText } from "../../xml-text.ts";
import { counted, grouped } from "./figures.ts";

const width = 160;
const height = 34;

/** A small bar chart as inline SVG, one path however many bars; empty where there is nothing to draw. */
export function histogramPlot({ edges, counts }: NonNullable<ColumnProfile["histogram"]>): string {
  const most = Math.max(...counts);
  if (counts.length === 0 || most <= 0) return "";
  const label = `${counted(counts.length, "bin")} from ${edges[0]} to ${edges.at(-1)}, at most ${counted(most, "row")} in one`;
  return plot(counts, most, label);
}

/** The most frequent values as bars, the first the highest. */
export function frequencyPlot(frequent: ColumnProfile["frequent"]): string {
  const counts = frequent.map((one) => one.count);
  const most = Math.max(0, ...counts);
  if (most === 0) return "";
  return plot(counts, most, `${counts.length} most frequent values, ${grouped(most)} rows the first`);
}

function plot(counts: readonly number[], most: number, label: string): string {
  const step = width / counts.length;
  const gap = counts.length > 1 ? 1 : 0;
  const bars = counts.map((count, index) => {
    if (count === 0) return "";
    // A bin with one row among millions is there.
    const bar = Math.max(0.7, (count / most) * (height - 2));
    return `M${short(index * step)} ${height}v-${short(bar)}h${short(step - gap)}v${short(bar)}z`;
  });
  return `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${xmlText(label)}"><title>${xmlText(label)}</title><path d="${bars.join("")}"/></svg>`;
}

function short(value: number): string {
  return String(Number(value.toFixed(1)));
}
