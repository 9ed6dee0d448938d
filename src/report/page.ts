import { chartSvg } from "./chart-svg.ts";
import type { Chart } from "./charts/chart.ts";
import { markup } from "./markup.ts";

/** Nothing may be loaded or run, whatever has got into the page. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

/** No font, image or file from anywhere; fit to print. Dark on light, as the charts are. */
const style = `
:root { color-scheme: light; --ink: #1d2430; --soft: #5b6675; --line: #dde2e8; --shade: #f5f7f9; --bad: #b3261e; --good: #1e6b3a; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink); font: 14px/1.45 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px; }
h1 { font-size: 22px; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 16px; margin: 32px 0 8px; }
p { margin: 4px 0; }
.soft, small { color: var(--soft); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 12px 0; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 8px 0 16px; }
caption { text-align: left; color: var(--soft); padding: 4px 0; }
th, td { text-align: left; vertical-align: top; padding: 4px 20px 4px 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--soft); white-space: nowrap; }
th[scope="row"] { overflow-wrap: anywhere; min-width: 120px; }
.range { white-space: nowrap; }
td { overflow-wrap: anywhere; min-width: 56px; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td small { display: block; }
code { font: 12px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.better { color: var(--good); }
.worse { color: var(--bad); }
.charts { display: flex; flex-wrap: wrap; gap: 20px; align-items: flex-start; }
figure { margin: 0; border: 1px solid var(--line); border-radius: 6px; padding: 8px; max-width: 100%; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption { color: var(--soft); font-size: 12px; padding: 4px 10px; }
details { margin: 8px 0; }
summary { cursor: pointer; color: var(--soft); }
@media (max-width: 600px) { .facts { grid-template-columns: 1fr; } .facts dd { margin-bottom: 6px; } }
@media print {
  main { max-width: none; padding: 0; }
  figure, tr { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  table { font-size: 11px; }
  th, td { padding-right: 8px; min-width: 0; }
  th[scope="row"] { min-width: 80px; }
  thead th, thead th.number { white-space: normal; overflow-wrap: anywhere; }
  details::details-content { content-visibility: visible; block-size: auto; }
  svg { print-color-adjust: exact; }
}
`;

/** One HTML page that needs nothing else, well-formed as XML too. `parts` are HTML; empty ones are left out. */
export function page(title: string, parts: readonly string[]): string {
  return [
    "<!DOCTYPE html>",
    '<html lang="en" xmlns="http://www.w3.org/1999/xhtml">',
    '<head><meta charset="utf-8"/>',
    `<meta http-equiv="Content-Security-Policy" content="${policy}"/>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    `<title>${markup(title)}</title>`,
    `<style>${style}</style></head>`,
    "<body><main>",
    ...parts.filter((part) => part !== ""),
    "</main></body></html>",
    "",
  ].join("\n");
}

/** The charts as figures beside each other, each with its note. */
export async function figures(charts: readonly Chart[]): Promise<string> {
  const drawn: string[] = [];
  for (const [place, chart] of charts.entries()) {
    const svg = await chartSvg(chart, `c${place}-`);
    // As wide as the drawing, so that the note below it breaks its lines there.
    const width = Math.ceil(Number(/^<svg [^>]*?\bwidth="([\d.]+)"/.exec(svg)?.[1] ?? 400)) + 18;
    drawn.push(
      `<figure style="width:${width}px">${svg}<figcaption>${markup(chart.note)}</figcaption></figure>`,
    );
  }
  return drawn.length === 0 ? "" : `<div class="charts">\n${drawn.join("\n")}\n</div>`;
}
